#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use bulla::jwa::SignatureAlg;
use bulla::jwks::http::HttpOptions;
use bulla::oauth::assertion::RegisteredClient;
use bulla::oauth::protect::{Authorized, DpopRules, NeededScopes, ProtectedResource};
use bulla::oauth::{Issuer, Resource, Scopes};
use bulla::{SecretBytes, jwks};
use bulla_server::endpoints;
use bulla_server::rotation::{KeyEncryption, RotationSchedule, SigningKeys};
use bulla_server::server::{Client, ClientKeys, Server};
use bulla_server::store::{SqliteStore, Store};
use tokio::net::TcpListener;

use super::caller::{Caller, Wanted};
use super::keys;

struct Read;

impl NeededScopes for Read {
    const SCOPES: &'static str = "invoices:read";
}

async fn bind() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    (listener, base)
}

fn serve(listener: TcpListener, router: Router) {
    tokio::spawn(async move { axum::serve(listener, router).await });
}

/// An authorization server that knows the client by where its keys are.
async fn server(store: &std::path::Path, issuer: &Issuer, jwks_uri: &str, api: &str) -> Router {
    let backend = bulla::backend();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(store).unwrap());
    let signing = SigningKeys::open(
        Arc::clone(&store),
        issuer.as_str(),
        KeyEncryption::new(&backend, &SecretBytes::from(vec![1; 32])).unwrap(),
        RotationSchedule::new(),
        SignatureAlg::Es256,
        Arc::clone(&backend),
    );
    let http = HttpOptions::default()
        .allow_loopback_http()
        .build()
        .unwrap();
    let keys = jwks::https(jwks_uri).client(http).start().unwrap();
    let client = Client::new(RegisteredClient::new("billing"), ClientKeys::Remote(keys))
        .with_scopes(Scopes::parse(Read::SCOPES).unwrap())
        .with_resources([Resource::parse(api).unwrap()]);
    let server = Server::builder(issuer.clone(), store, signing.await.unwrap(), backend)
        .clients([client])
        .build(&SecretBytes::from(vec![2; 32]))
        .unwrap();
    endpoints::router(server).unwrap()
}

#[tokio::test]
async fn from_the_key_pair_to_the_answer_of_the_api() {
    let folder = tempfile::tempdir().unwrap();
    let (listener, client_base) = bind().await;
    let endpoints = keys::start().unwrap();
    serve(listener, endpoints.jwks());
    let (server_listener, issuer) = bind().await;
    let issuer = Issuer::parse(issuer).unwrap();
    let (api_listener, api) = bind().await;
    let jwks_uri = format!("{client_base}/jwks");
    serve(
        server_listener,
        server(&folder.path().join("store"), &issuer, &jwks_uri, &api).await,
    );

    let http = HttpOptions::default()
        .allow_loopback_http()
        .build()
        .unwrap();
    let issuer_keys = jwks::discover(issuer.as_str())
        .client(http)
        .start()
        .unwrap();
    let resource = ProtectedResource::new(&issuer, &*api)
        .keys(issuer_keys)
        .dpop(DpopRules::required(&api).unwrap())
        .build()
        .unwrap();
    let whoever =
        |access: Authorized<Read>| async move { access.client_id().unwrap_or("nobody").to_owned() };
    serve(
        api_listener,
        Router::new()
            .route("/invoices", get(whoever))
            .layer(resource.layer()),
    );

    let caller = Caller::new(
        Wanted {
            issuer: issuer.as_str().to_owned(),
            client_id: "billing".to_owned(),
            api: format!("{api}/invoices"),
            resource: None,
            scope: Read::SCOPES.to_owned(),
        },
        endpoints.keys().clone(),
    )
    .unwrap();
    for _ in 0..3 {
        let (status, body) = caller.call().await.unwrap();
        assert_eq!((status.as_u16(), body.as_str()), (200, "billing"));
    }
    // The next key pair is public before it signs, and nothing has to be told to anybody.
    endpoints.rotate().await.unwrap();
    let (status, _) = caller.call().await.unwrap();
    assert_eq!(status, 200);
}
