use std::sync::Arc;

use axum::Router;
use bulla_core::jwa::SignatureAlg;
use bulla_core::key::{KeyRotation, RotationPolicy};
use bulla_core::{Clock, SystemClock};
use bulla_oauth::assertion::ClientAssertion;
use bulla_oauth::client::{AuthorizationServer, OAuthClient};
use bulla_oauth::message::TokenRequest;
use bulla_oauth::rotation::{KeyEndpoints, NewKeys};
use bulla_oauth::{Resource, Scopes};
use tokio::net::TcpListener;

use crate::peer::{Peer, transport};

/// A client: its keys, where they are published, and what asks for tokens.
pub(crate) struct Party {
    pub(crate) endpoints: KeyEndpoints,
    pub(crate) client: OAuthClient,
    /// Where `/jwks` and `/rotate` are.
    pub(crate) base: String,
}

impl Party {
    /// Publishes new keys, and registers at the server.
    pub(crate) async fn new(peer: &Peer, client_id: &str, alg: SignatureAlg) -> Self {
        Self::with(
            peer,
            client_id,
            alg,
            RotationPolicy::new(),
            Arc::new(SystemClock),
        )
        .await
    }

    pub(crate) async fn with(
        peer: &Peer,
        client_id: &str,
        alg: SignatureAlg,
        policy: RotationPolicy,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let backend = bulla_aws_lc::backend();
        let new_keys = NewKeys::local(&backend, alg);
        let first = new_keys.generate().expect("a key");
        let keys = KeyRotation::with_clock(first, policy, Arc::clone(&clock));
        let endpoints = KeyEndpoints::new(keys.clone(), new_keys);
        let base = serve(endpoints.jwks().merge(endpoints.admin())).await;
        peer.register(client_id, alg.name().as_str(), &format!("{base}/jwks"))
            .await;

        let issuer = peer.issuer();
        let assertion = ClientAssertion::new(client_id, &issuer, &backend);
        let server = AuthorizationServer::discover(issuer, transport());
        let client = OAuthClient::new(server, assertion, keys)
            .clock(clock)
            .attempts(1);
        Self {
            endpoints,
            client,
            base,
        }
    }
}

/// Serves on loopback, for as long as the program runs.
pub(crate) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

pub(crate) const API: &str = "https://api.example.com";

/// A token for the API, with one of its scopes.
pub(crate) fn wanted() -> TokenRequest {
    TokenRequest::client_credentials()
        .resource(Resource::parse(API).expect("a resource"))
        .scopes(Scopes::parse("invoices:read").expect("scopes"))
}
