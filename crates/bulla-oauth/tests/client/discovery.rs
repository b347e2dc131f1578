//! Where the token endpoint is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bulla_core::key::BoxFuture;
use bulla_jwks::http::FetchError;
use bulla_oauth::Issuer;
use bulla_oauth::assertion::ClientAssertion;
use bulla_oauth::client::{AuthorizationServer, OAuthClient, Transport};
use bulla_oauth::message::TokenRequest;
use bulla_oauth::metadata::ServerMetadata;
use http::{Method, Request, Response};
use tokio::time::advance;

use super::support::{ISSUER, OPENID, Server, TOKEN, WELL_KNOWN, backend, signer, status};

fn document(issuer: &str, endpoint: Option<&str>) -> Response<Vec<u8>> {
    let mut metadata = ServerMetadata::new(&Issuer::parse(issuer).expect("an issuer"));
    metadata.token_endpoint = endpoint.map(str::to_owned);
    metadata.to_http()
}

async fn code(server: &Server) -> &'static str {
    let request = TokenRequest::client_credentials();
    server
        .client()
        .request(&request)
        .await
        .expect_err("no token")
        .code()
}

#[tokio::test(start_paused = true)]
async fn where_rfc8414_finds_nothing_openid_discovery_is_asked() {
    for nothing in [404, 400, 405] {
        let server = Server::new();
        server.publish(WELL_KNOWN, status(nothing));
        server.publish(OPENID, document(ISSUER, Some(TOKEN)));
        let tokens = server.tokens();
        assert!(tokens.token().await.is_ok());
        assert_eq!(server.looked_up(), [WELL_KNOWN, OPENID]);
    }
}

#[tokio::test(start_paused = true)]
async fn metadata_is_read_once_a_day_for_all() {
    let server = Server::new();
    let client = server.client();
    for _ in 0..3 {
        client
            .request(&TokenRequest::client_credentials())
            .await
            .expect("a token");
        client
            .clone()
            .tokens(TokenRequest::client_credentials())
            .build()
            .token()
            .await
            .expect("a token");
    }
    assert_eq!(server.looked_up().len(), 1);
    advance(Duration::from_secs(24 * 3_600)).await;
    client
        .request(&TokenRequest::client_credentials())
        .await
        .expect("a token");
    assert_eq!(server.looked_up().len(), 2);
    // What cannot be read again holds.
    server.withdraw();
    advance(Duration::from_secs(24 * 3_600)).await;
    client
        .request(&TokenRequest::client_credentials())
        .await
        .expect("a token");
    assert!(server.looked_up().len() > 2);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_not_there_has_the_metadata_read_again() {
    let server = Server::new();
    let client = server.client().attempts(1);
    server.then(super::support::Step::Answer(status(404)));
    assert!(
        client
            .request(&TokenRequest::client_credentials())
            .await
            .is_err()
    );
    client
        .request(&TokenRequest::client_credentials())
        .await
        .expect("a token");
    assert_eq!(server.looked_up().len(), 1, "not at once");
    advance(Duration::from_secs(301)).await;
    client
        .request(&TokenRequest::client_credentials())
        .await
        .expect("a token");
    assert_eq!(server.looked_up().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn rfc8414_3_3_another_issuers_metadata_is_refused() {
    let server = Server::new();
    server.publish(
        WELL_KNOWN,
        document("https://auth.example.com/", Some(TOKEN)),
    );
    assert_eq!(code(&server).await, "oauth.metadata-issuer-mismatch");
    assert_eq!(server.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_without_tls_is_refused() {
    for endpoint in [
        "http://auth.example.com/token",
        "http://127.0.0.1/token",
        "HTTP://localhost/",
    ] {
        let server = Server::new();
        server.publish(WELL_KNOWN, document(ISSUER, Some(endpoint)));
        assert_eq!(code(&server).await, "oauth.url-invalid", "{endpoint}");
        assert_eq!(server.count(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_metadata_is_refused() {
    let server = Server::new();
    server.publish(WELL_KNOWN, document(ISSUER, None));
    assert_eq!(code(&server).await, "oauth.token-endpoint-missing");
    server.publish(WELL_KNOWN, status(200));
    assert_eq!(code(&server).await, "oauth.metadata-malformed");
    server.publish(WELL_KNOWN, status(503));
    assert_eq!(code(&server).await, "remote.unavailable");
    server.publish(WELL_KNOWN, status(301));
    assert_eq!(code(&server).await, "oauth.response-malformed");
    server.withdraw();
    assert_eq!(code(&server).await, "remote.unavailable");
}

#[tokio::test(start_paused = true)]
async fn a_server_without_metadata_is_told_where_it_is() {
    let server = Server::new();
    server.withdraw();
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let mut metadata = ServerMetadata::new(&issuer);
    metadata.token_endpoint = Some(TOKEN.to_owned());
    let assertion = ClientAssertion::new("billing", &issuer, &backend());
    let known = AuthorizationServer::known(metadata, Arc::new(server.clone()));
    let client = OAuthClient::new(known, assertion, signer());
    client
        .request(&TokenRequest::client_credentials())
        .await
        .expect("a token");
    assert!(server.looked_up().is_empty());
}

/// A server whose metadata is not answered any more, while its token endpoint is.
#[derive(Debug)]
struct Hangs(Server, AtomicBool);

impl Transport for Hangs {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, FetchError>> {
        if request.method() == Method::GET && self.1.load(Ordering::SeqCst) {
            return Box::pin(std::future::pending());
        }
        self.0.send(request)
    }
}

#[tokio::test(start_paused = true)]
async fn metadata_that_never_comes_again_keeps_nobody_from_the_endpoint_that_is_known() {
    let hangs = Arc::new(Hangs(Server::new(), AtomicBool::new(false)));
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let assertion = ClientAssertion::new("billing", &issuer, &backend());
    let server = AuthorizationServer::discover(issuer, Arc::clone(&hangs) as _);
    let client = OAuthClient::new(server, assertion, signer());
    let request = TokenRequest::client_credentials();
    client.request(&request).await.expect("a token");
    hangs.1.store(true, Ordering::SeqCst);
    advance(Duration::from_secs(24 * 3_600)).await;
    // Whoever is in more of a hurry than the one who reads is not kept for longer than once.
    let hurried = client.clone().deadline(Duration::from_secs(1));
    let _ = hurried.request(&request).await;
    hurried.request(&request).await.expect("a token");
    advance(Duration::from_secs(301)).await;
    client.request(&request).await.expect("a token");
}

#[tokio::test(start_paused = true)]
async fn while_metadata_is_read_again_what_it_said_holds() {
    let hangs = Arc::new(Hangs(Server::new(), AtomicBool::new(false)));
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let server = AuthorizationServer::discover(issuer, Arc::clone(&hangs) as _);
    server.metadata().await.expect("metadata");
    hangs.1.store(true, Ordering::SeqCst);
    advance(Duration::from_secs(24 * 3_600)).await;
    let reads = server.clone();
    let reads = tokio::spawn(async move { reads.metadata().await });
    tokio::task::yield_now().await;
    let began = tokio::time::Instant::now();
    server.metadata().await.expect("what it said");
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert!(reads.await.expect("no panic").is_ok());
}
