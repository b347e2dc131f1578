//! What is sent, and what is sent again.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bulla_core::jwa::{AlgName, SignatureAlg};
use bulla_core::jwk::{EcCurve, PrivateJwk};
use bulla_core::key::{
    AsyncSigner, BoxFuture, KeyRotation, KeySpec, RotationKey, RotationPolicy, Sign, SignAsync,
    SignError, Signature, SigningInput, Verifier,
};
use bulla_core::{Clock, Fault};
use bulla_jwks::http::Unreachable;
use bulla_oauth::grant::GrantAssertion;
use bulla_oauth::message::{ErrorCode, ErrorResponse, TokenRequest};
use bulla_oauth::{Issuer, Resource, Scopes};

use super::support::{
    ISSUER, Received, Server, Step, TEN_MINUTES, backend, refuse, signer, status,
};

fn credentials() -> TokenRequest {
    TokenRequest::client_credentials()
}

/// Every assertion and every proof has a `jti` of its own.
fn assert_fresh(received: &[Received]) {
    let mut seen = HashSet::new();
    for one in received {
        assert!(seen.insert(one.assertion.jti().to_owned()), "{one:?}");
        if let Some(proof) = &one.proof {
            assert!(seen.insert(proof.jti().to_owned()), "{one:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_request_is_that_of_rfc7523() {
    let server = Server::new();
    let request = credentials()
        .scopes(Scopes::parse("a b").expect("scopes"))
        .resource(Resource::parse("https://api.example.com").expect("a resource"));
    let answer = server.client().request(&request).await.expect("a token");
    assert_eq!(answer.token().access_token(), "secret-token-1");
    let [received] = &server.received()[..] else {
        panic!("one request");
    };
    assert_eq!(received.field("grant_type"), Some("client_credentials"));
    assert_eq!(received.field("scope"), Some("a b"));
    assert_eq!(received.field("resource"), Some("https://api.example.com"));
    let claims = &received.assertion.claims;
    assert_eq!(
        (&claims["iss"], &claims["sub"]),
        (&"billing".into(), &"billing".into())
    );
    assert_eq!(claims["aud"], ISSUER);
    let lifetime = claims["exp"].as_i64().zip(claims["iat"].as_i64());
    assert_eq!(lifetime.map(|(exp, iat)| exp - iat), Some(60));
    assert!(received.proof.is_none());
}

#[tokio::test(start_paused = true)]
async fn rfc9449_8_a_nonce_is_answered_by_a_new_proof_and_a_new_assertion() {
    let server = Server::new();
    server.then(refuse(&ErrorResponse::use_dpop_nonce("n-1")));
    let client = server.bound_client();
    client.request(&credentials()).await.expect("a token");
    client.request(&credentials()).await.expect("another");
    let received = server.received();
    let nonces: Vec<_> = received
        .iter()
        .map(|one| one.proof.as_ref().expect("a proof").claims["nonce"].clone())
        .collect();
    assert_eq!(
        nonces,
        [serde_json::Value::Null, "n-1".into(), "n-1".into()]
    );
    assert_fresh(&received);
}

#[tokio::test(start_paused = true)]
async fn rfc9449_8_2_a_nonce_that_comes_with_a_token_is_used_next() {
    let server = Server::new();
    let client = server.bound_client();
    let with_nonce =
        bulla_oauth::message::TokenResponse::new("x", bulla_oauth::message::TokenType::Dpop);
    server.then(Step::Answer(with_nonce.dpop_nonce("n-7").to_http()));
    client.request(&credentials()).await.expect("a token");
    client.request(&credentials()).await.expect("another");
    let last = server
        .received()
        .pop()
        .and_then(|one| one.proof)
        .expect("a proof");
    assert_eq!(last.claims["nonce"], "n-7");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_wants_nonces_without_end_is_left() {
    let server = Server::new();
    server.always(Some(refuse(&ErrorResponse::use_dpop_nonce("n"))));
    let error = server
        .bound_client()
        .request(&credentials())
        .await
        .expect_err("nothing");
    assert_eq!(error.code(), "oauth.dpop-nonce-needed");
    assert_eq!(server.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_timed_out_is_sent_again_with_a_new_assertion() {
    let server = Server::new();
    server
        .then(Step::Silence)
        .then(Step::Break(Unreachable::Interrupted));
    server
        .bound_client()
        .request(&credentials())
        .await
        .expect("a token");
    assert_eq!(server.count(), 3);
    assert_fresh(&server.received());
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_longer_than_the_deadline() {
    let server = Server::new();
    server.always(Some(Step::Silence));
    let client = server
        .client()
        .deadline(Duration::from_secs(7))
        .attempts(100);
    let began = tokio::time::Instant::now();
    let error = client.request(&credentials()).await.expect_err("nothing");
    assert_eq!(error.code(), "remote.unavailable");
    assert!(
        began.elapsed() <= Duration::from_millis(7_001),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn an_assertion_that_was_given_to_us_is_sent_once() {
    let server = Server::new();
    server.always(Some(Step::Silence));
    let request = TokenRequest::jwt_bearer("given");
    assert!(server.client().request(&request).await.is_err());
    assert_eq!(server.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_assertion_about_a_principal_is_made_anew_each_time() {
    let server = Server::new();
    server.then(Step::Break(Unreachable::Interrupted));
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let alice = GrantAssertion::new("https://idp.example.net", "alice", &issuer, &backend());
    let tokens = server
        .client()
        .tokens(credentials())
        .on_behalf_of(alice, signer())
        .build();
    tokens.token().await.expect("a token");
    let grants: Vec<_> = server
        .received()
        .iter()
        .map(|one| {
            assert_eq!(
                one.field("grant_type"),
                Some("urn:ietf:params:oauth:grant-type:jwt-bearer")
            );
            super::support::Jwt::read(one.field("assertion").expect("an assertion"))
        })
        .collect();
    let [first, second] = &grants[..] else {
        panic!("two requests");
    };
    assert_eq!(
        (&first.claims["sub"], &second.claims["sub"]),
        (&"alice".into(), &"alice".into())
    );
    assert_ne!(first.jti(), second.jti());
    assert_fresh(&server.received());
}

#[tokio::test(start_paused = true)]
async fn what_the_server_says_becomes_a_code() {
    let server = Server::new();
    let client = server.client().attempts(1);
    for (error, code) in [
        (ErrorCode::InvalidClient, "oauth.client-refused"),
        (ErrorCode::InvalidGrant, "oauth.refused"),
        (ErrorCode::InvalidRequest, "oauth.refused"),
        (ErrorCode::InvalidScope, "oauth.scope-not-allowed"),
        (ErrorCode::InvalidTarget, "oauth.target-not-allowed"),
        (ErrorCode::ServerError, "remote.unavailable"),
        (ErrorCode::UnauthorizedClient, "oauth.grant-not-allowed"),
        (ErrorCode::UnsupportedGrantType, "oauth.grant-unsupported"),
    ] {
        server.then(refuse(&ErrorResponse::new(error)));
        assert_eq!(
            client
                .request(&credentials())
                .await
                .expect_err("no token")
                .code(),
            code
        );
    }
    for (answer, code) in [
        (200, "oauth.response-malformed"),
        (302, "oauth.response-malformed"),
        (400, "oauth.response-malformed"),
        (404, "remote.unavailable"),
        (429, "remote.throttled"),
        (502, "remote.unavailable"),
    ] {
        server.then(Step::Answer(status(answer)));
        let error = client.request(&credentials()).await.expect_err("no token");
        assert_eq!(error.code(), code, "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn rfc9449_5_a_bearer_token_is_not_taken_for_a_bound_one() {
    let server = Server::new();
    let client = server.bound_client();
    let bearer =
        bulla_oauth::message::TokenResponse::new("x", bulla_oauth::message::TokenType::Bearer);
    server.then(Step::Answer(bearer.to_http()));
    let error = client.request(&credentials()).await.expect_err("not bound");
    assert_eq!(error.code(), "oauth.token-type-unexpected");
}

#[derive(Debug)]
struct Hand(Mutex<SystemTime>);

impl Clock for Hand {
    fn now(&self) -> SystemTime {
        *self.0.lock().expect("a clock")
    }
}

#[tokio::test(start_paused = true)]
async fn keys_follow_one_another_between_requests() {
    let make = || {
        let key = backend()
            .generate(KeySpec::Ec(EcCurve::P256))
            .expect("a key");
        RotationKey::local(&backend(), &PrivateJwk::new(key), SignatureAlg::Es256).expect("a key")
    };
    let (first, second) = (make(), make());
    let kids = [first.kid().to_owned(), second.kid().to_owned()];
    let hand = Arc::new(Hand(Mutex::new(SystemTime::now())));
    let keys = KeyRotation::with_clock(first, RotationPolicy::new(), Arc::clone(&hand) as _);
    let server = Server::new();
    let client = server.client_with(keys.clone());
    client.request(&credentials()).await.expect("a token");
    keys.announce(second).expect("announced");
    client.request(&credentials()).await.expect("a token");
    *hand.0.lock().expect("a clock") += TEN_MINUTES * 2;
    client.request(&credentials()).await.expect("a token");
    let used: Vec<_> = server
        .received()
        .iter()
        .map(|one| {
            one.assertion.header["kid"]
                .as_str()
                .expect("a kid")
                .to_owned()
        })
        .collect();
    assert_eq!(used, [&*kids[0], &*kids[0], &*kids[1]]);
}

/// A key in a vault that asks for patience so often.
struct Vault {
    key: Arc<dyn Sign>,
    busy: AtomicUsize,
}

impl SignAsync for Vault {
    fn alg(&self) -> &AlgName {
        Sign::alg(self.key.as_ref())
    }

    fn sign_async<'a>(
        &'a self,
        input: &'a SigningInput<'_>,
    ) -> BoxFuture<'a, Result<Signature, SignError>> {
        let left = self.busy.load(Ordering::SeqCst);
        self.busy.store(left.saturating_sub(1), Ordering::SeqCst);
        Box::pin(async move {
            match left {
                0 => self.key.sign(input),
                _ => Err(SignError::Remote {
                    code: "remote.throttled",
                    source: "busy".into(),
                }),
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_in_a_vault_that_is_busy_is_asked_again() {
    let key = backend()
        .generate(KeySpec::Ec(EcCurve::P256))
        .expect("a key");
    let check = Verifier::bind(&backend(), &PrivateJwk::new(key.clone()).public()).expect("a key");
    let in_vault = |busy| {
        let key = backend().signer(&key, SignatureAlg::Es256).expect("a key");
        let busy = AtomicUsize::new(busy);
        AsyncSigner::new(
            Arc::new(Vault { key, busy }),
            Some("v".into()),
            check.clone(),
        )
    };
    let server = Server::new();
    let client = server.client_with(in_vault(2));
    client.request(&credentials()).await.expect("a token");
    assert_eq!(server.count(), 1);
    let client = server.client_with(in_vault(usize::MAX));
    let error = client
        .request(&credentials())
        .await
        .expect_err("no signature");
    assert_eq!(
        (error.code(), error.fault()),
        ("remote.throttled", Fault::Remote)
    );
    assert_eq!(server.count(), 1);
}
