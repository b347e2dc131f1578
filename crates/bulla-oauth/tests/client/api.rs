//! Calling an API.

use std::sync::{Arc, Mutex};

use bulla_core::base64url;
use bulla_core::jwa::HashAlg;
use bulla_core::key::BoxFuture;
use bulla_jwks::http::FetchError;
use bulla_oauth::client::{Advice, TokenSource, Transport};
use bulla_oauth::message::TokenRequest;
use http::{Request, Response, StatusCode};

use super::support::{Jwt, Server};

/// An API that answers with what the test lays out, and keeps what it got.
#[derive(Clone, Debug, Default)]
struct Api(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    /// The next one last.
    answers: Vec<Response<Vec<u8>>>,
    calls: Vec<Request<Vec<u8>>>,
}

impl Api {
    fn that_answers(answers: impl IntoIterator<Item = Response<Vec<u8>>>) -> Self {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        Self(Arc::new(Mutex::new(Inner {
            answers,
            calls: Vec::new(),
        })))
    }

    fn calls(&self) -> Vec<Request<Vec<u8>>> {
        self.0.lock().expect("a lock").calls.clone()
    }
}

impl Transport for Api {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, FetchError>> {
        let mut inner = self.0.lock().expect("a lock");
        inner.calls.push(request);
        let answer = inner
            .answers
            .pop()
            .unwrap_or_else(|| Response::new(b"ok".to_vec()));
        Box::pin(async move { Ok(answer) })
    }
}

fn unauthorized(challenge: &str, nonce: Option<&str>) -> Response<Vec<u8>> {
    let mut answer = Response::new(Vec::new());
    *answer.status_mut() = StatusCode::UNAUTHORIZED;
    let headers = answer.headers_mut();
    headers.insert("www-authenticate", challenge.parse().expect("a value"));
    if let Some(nonce) = nonce {
        headers.insert("dpop-nonce", nonce.parse().expect("a value"));
    }
    answer
}

const URL: &str = "https://api.example.com/invoices?year=2026";

fn call() -> Request<Vec<u8>> {
    Request::post(URL)
        .body(b"hello".to_vec())
        .expect("a request")
}

fn bound(server: &Server) -> TokenSource {
    server
        .bound_client()
        .tokens(TokenRequest::client_credentials())
        .build()
}

fn header<'a>(request: &'a Request<Vec<u8>>, name: &str) -> &'a str {
    request.headers()[name].to_str().expect("text")
}

#[tokio::test(start_paused = true)]
async fn rfc6750_2_1_a_bearer_token_stands_in_the_header() {
    let server = Server::new();
    let api = Api::default();
    let answer = server.tokens().call(&api, call()).await.expect("an answer");
    assert_eq!(answer.body(), b"ok");
    let [sent] = &api.calls()[..] else {
        panic!("one call");
    };
    assert_eq!(header(sent, "authorization"), "Bearer secret-token-1");
    assert!(sent.headers()["authorization"].is_sensitive());
    assert!(!sent.headers().contains_key("dpop"));
    assert_eq!(sent.body(), b"hello");
}

#[tokio::test(start_paused = true)]
async fn rfc9449_7_1_a_bound_token_goes_with_a_proof_of_method_url_and_token() {
    let server = Server::new();
    let api = Api::default();
    let tokens = bound(&server);
    tokens.call(&api, call()).await.expect("an answer");
    tokens.call(&api, call()).await.expect("an answer");
    let calls = api.calls();
    assert_eq!(header(&calls[0], "authorization"), "DPoP secret-token-1");
    let proofs: Vec<_> = calls
        .iter()
        .map(|call| Jwt::read(header(call, "dpop")))
        .collect();
    assert_ne!(proofs[0].jti(), proofs[1].jti());
    let claims = &proofs[0].claims;
    assert_eq!(
        (&claims["htm"], &claims["htu"]),
        (&"POST".into(), &"https://api.example.com/invoices".into())
    );
    let hash = HashAlg::Sha256.digest(b"secret-token-1");
    assert_eq!(claims["ath"], base64url::encode(hash.as_ref()));
    assert_eq!(server.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn rfc9449_9_the_nonce_of_an_api_is_its_own() {
    let server = Server::new();
    let tokens = bound(&server);
    let api = Api::that_answers([unauthorized(
        r#"DPoP error="use_dpop_nonce""#,
        Some("api-1"),
    )]);
    let answer = tokens.call(&api, call()).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let nonces: Vec<_> = api
        .calls()
        .iter()
        .map(|call| Jwt::read(header(call, "dpop")).claims["nonce"].clone())
        .collect();
    assert_eq!(nonces, [serde_json::Value::Null, "api-1".into()]);
    // The authorization server is not told.
    tokens.forget(&tokens.token().await.expect("a token"));
    tokens.token().await.expect("a token");
    let last = server
        .received()
        .pop()
        .and_then(|one| one.proof)
        .expect("a proof");
    assert_eq!(last.claims.get("nonce"), None);
}

#[tokio::test(start_paused = true)]
async fn a_nonce_that_the_proof_had_is_not_worth_another_call() {
    let server = Server::new();
    let tokens = bound(&server);
    let wants = || unauthorized(r#"DPoP error="use_dpop_nonce""#, Some("n"));
    let api = Api::that_answers([wants(), wants(), wants()]);
    assert_eq!(
        tokens.call(&api, call()).await.expect("an answer").status(),
        401
    );
    assert_eq!(api.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn who_called_without_the_nonce_while_another_learnt_it_calls_again() {
    let tokens = bound(&Server::new());
    let made = || async {
        let made = tokens.credentials(&http::Method::POST, URL).await;
        made.expect("credentials")
    };
    let (one, two) = (made().await, made().await);
    let wants = unauthorized(r#"DPoP error="use_dpop_nonce""#, Some("n"));
    assert_eq!(tokens.heed(URL, &one, &wants), Advice::SendAgain);
    assert_eq!(tokens.heed(URL, &two, &wants), Advice::SendAgain);
    // That one has it.
    assert_eq!(tokens.heed(URL, &made().await, &wants), Advice::Take);
}

#[tokio::test(start_paused = true)]
async fn rfc6750_3_1_a_token_that_is_not_accepted_is_replaced() {
    let server = Server::new();
    let tokens = server.tokens();
    let api = Api::that_answers([unauthorized(r#"Bearer error="invalid_token""#, None)]);
    assert_eq!(
        tokens.call(&api, call()).await.expect("an answer").status(),
        200
    );
    let used: Vec<_> = api
        .calls()
        .iter()
        .map(|call| header(call, "authorization").to_owned())
        .collect();
    assert_eq!(used, ["Bearer secret-token-1", "Bearer secret-token-2"]);
}

#[tokio::test(start_paused = true)]
async fn an_api_that_accepts_nothing_is_left() {
    let server = Server::new();
    let tokens = server.tokens();
    let invalid = || unauthorized(r#"Bearer error="invalid_token""#, None);
    let api = Api::that_answers((0..9).map(|_| invalid()));
    assert_eq!(
        tokens.call(&api, call()).await.expect("an answer").status(),
        401
    );
    assert_eq!((api.calls().len(), server.count()), (2, 2));
    // Nor is the authorization server asked for every call that comes in vain.
    let api = Api::that_answers((0..200).map(|_| invalid()));
    for _ in 0..100 {
        tokens.call(&api, call()).await.expect("an answer");
    }
    assert_eq!((api.calls().len(), server.count()), (100, 2));
    tokio::time::advance(std::time::Duration::from_secs(31)).await;
    tokens.call(&api, call()).await.expect("an answer");
    assert_eq!((api.calls().len(), server.count()), (102, 3));
    // A scope that is missing is no reason to send anything again.
    let mut forbidden = unauthorized(r#"Bearer error="insufficient_scope""#, None);
    *forbidden.status_mut() = StatusCode::FORBIDDEN;
    let api = Api::that_answers([forbidden]);
    assert_eq!(
        tokens.call(&api, call()).await.expect("an answer").status(),
        403
    );
    assert_eq!(api.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn rfc6750_5_3_no_token_goes_where_it_could_be_read_on_its_way() {
    for tokens in [Server::new().tokens(), bound(&Server::new())] {
        for url in [
            "/invoices",
            "http://api.example.com/invoices",
            "ftp://api.example.com/",
            "https://u:p@api.example.com/",
        ] {
            let made = tokens.credentials(&http::Method::GET, url).await;
            assert_eq!(made.expect_err(url).code(), "oauth.url-invalid");
        }
        for url in ["https://api.example.com/?a=b", "http://127.0.0.1:8000/"] {
            let made = tokens.credentials(&http::Method::GET, url).await;
            assert!(made.is_ok(), "{url}");
        }
    }
}
