//! The key endpoints of a client, asked as an authorization server and an operator ask them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, to_bytes};
use bulla_core::Clock;
use bulla_core::jwa::SignatureAlg;
use bulla_core::key::{BoxFuture, KeyRotation, RotationKey, RotationPolicy};
use bulla_oauth::rotation::{KeyEndpoints, MakeKey, NewKeys};
use http::{HeaderMap, Method, Request};
use serde_json::Value;
use tower_service::Service as _;

#[derive(Debug)]
struct Hand(Mutex<SystemTime>);

impl Clock for Hand {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

struct Client {
    endpoints: KeyEndpoints,
    hand: Arc<Hand>,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// `(kid, status)` of each key.
    fn told(&self) -> Vec<(String, String)> {
        let body = self.json();
        let text = |key: &Value, name: &str| key[name].as_str().unwrap().to_owned();
        let keys = body["keys"].as_array().unwrap().iter();
        keys.map(|key| (text(key, "kid"), text(key, "status")))
            .collect()
    }

    fn kids(&self) -> Vec<String> {
        let body = self.json();
        let keys = body["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Client {
    fn new(policy: RotationPolicy) -> Self {
        let new_keys = NewKeys::local(&bulla_aws_lc::backend(), SignatureAlg::Es256);
        let hand = Arc::new(Hand(Mutex::new(SystemTime::now())));
        let first = new_keys.generate().unwrap();
        let keys = KeyRotation::with_clock(first, policy, Arc::clone(&hand) as _);
        Self {
            endpoints: KeyEndpoints::new(keys, new_keys),
            hand,
        }
    }

    fn later(&self, by: Duration) {
        *self.hand.0.lock().unwrap() += by;
    }

    async fn jwks(&self, known: Option<&str>) -> Answer {
        let mut request = Request::get("/jwks");
        if let Some(known) = known {
            request = request.header("if-none-match", known);
        }
        send(self.endpoints.jwks(), request.body(Body::empty()).unwrap()).await
    }

    async fn admin(&self, method: Method, path: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Body::empty());
        send(self.endpoints.admin(), request.unwrap()).await
    }

    async fn rotate(&self) -> Answer {
        self.admin(Method::POST, "/rotate").await
    }
}

async fn send(mut router: Router, request: Request<Body>) -> Answer {
    let response = router.call(request).await.unwrap();
    let (head, body) = response.into_parts();
    Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
    }
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn the_set_has_an_etag_and_may_be_kept_for_less_than_a_key_is_announced() {
    let client = Client::new(RotationPolicy::new());
    let first = client.jwks(None).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("content-type"), "application/jwk-set+json");
    assert_eq!(first.header("cache-control"), "public, max-age=450");
    let key = &first.json()["keys"][0];
    assert_eq!(
        (&key["use"], &key["alg"], &key["d"]),
        (&"sig".into(), &"ES256".into(), &Value::Null)
    );

    let etag = first.header("etag");
    let again = client.jwks(Some(etag)).await;
    assert_eq!(
        (again.status, again.body.len(), again.header("etag")),
        (304, 0, etag)
    );
    assert_eq!(client.jwks(Some("\"other\"")).await.status, 200);

    client.rotate().await;
    let changed = client.jwks(Some(etag)).await;
    assert_eq!((changed.status, changed.kids().len()), (200, 2));
    for (announce, max_age) in [
        (MINUTE * 60, 600),
        (MINUTE * 2, 60),
        (Duration::from_secs(1), 0),
    ] {
        let client = Client::new(RotationPolicy::new().announce(announce));
        let told = client.jwks(None).await;
        assert_eq!(
            told.header("cache-control"),
            format!("public, max-age={max_age}")
        );
    }
}

#[tokio::test]
async fn head_answers_as_get_does_without_the_body() {
    let client = Client::new(RotationPolicy::new());
    let head = Request::head("/jwks").body(Body::empty()).unwrap();
    let head = send(client.endpoints.jwks(), head).await;
    let get = client.jwks(None).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("etag"), get.header("etag"));
    let post = Request::post("/jwks").body(Body::empty()).unwrap();
    assert_eq!(send(client.endpoints.jwks(), post).await.status, 405);
}

#[tokio::test]
async fn a_key_is_next_then_current_then_retired_then_gone() {
    let client = Client::new(RotationPolicy::new());
    let a = client.jwks(None).await.kids().remove(0);
    let rotated = client.rotate().await;
    assert_eq!(rotated.status, 200);
    assert_eq!(rotated.header("cache-control"), "no-store");
    let b = rotated.told()[1].0.clone();
    let is = |kid: &str, status: &str| (kid.to_owned(), status.to_owned());
    assert_eq!(rotated.told(), [is(&a, "current"), is(&b, "next")]);
    assert_eq!(client.jwks(None).await.kids(), [&*a, &*b]);
    assert_eq!(client.endpoints.keys().signer().kid(), Some(&*a));

    client.later(MINUTE * 15);
    let told = client.admin(Method::GET, "/keys").await;
    assert_eq!(told.told(), [is(&b, "current"), is(&a, "retired")]);
    let retired = &told.json()["keys"][1];
    let stays = retired["until"].as_u64().zip(retired["since"].as_u64());
    assert_eq!(stays.map(|(until, since)| until - since), Some(600));
    assert_eq!(client.endpoints.keys().signer().kid(), Some(&*b));
    assert_eq!(client.jwks(None).await.kids(), [&*b, &*a]);

    client.later(MINUTE * 10);
    assert_eq!(client.jwks(None).await.kids(), [&*b]);
}

#[tokio::test]
async fn a_second_rotation_waits_for_the_first() {
    let client = Client::new(RotationPolicy::new());
    assert_eq!(client.rotate().await.status, 200);
    let before = client.jwks(None).await.kids();
    let second = client.rotate().await;
    assert_eq!(second.status, 409);
    assert_eq!(second.json()["error"], "jwk.rotation-pending");
    assert_eq!(client.jwks(None).await.kids(), before);
}

#[tokio::test]
async fn of_many_rotations_at_once_one_wins() {
    let client = Arc::new(Client::new(RotationPolicy::new()));
    let all: Vec<_> = (0..20)
        .map(|_| {
            let client = Arc::clone(&client);
            tokio::spawn(async move { client.rotate().await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for one in all {
        statuses.push(one.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 19);
    assert_eq!(client.jwks(None).await.kids().len(), 2);
}

#[tokio::test]
async fn an_emergency_replaces_what_is_there() {
    let client = Client::new(RotationPolicy::new());
    client.rotate().await;
    let before = client.jwks(None).await.kids();
    let emergency = client.admin(Method::POST, "/rotate?emergency=true").await;
    assert_eq!(emergency.status, 200);
    let after = client.jwks(None).await.kids();
    assert_eq!(after.len(), 1);
    assert!(!before.contains(&after[0]));
    assert_eq!(client.endpoints.keys().signer().kid(), Some(&*after[0]));
    for mistyped in [
        "emergency=1",
        "emergency",
        "Emergency=true",
        "emergency=true&x",
    ] {
        let answer = client
            .admin(Method::POST, &format!("/rotate?{mistyped}"))
            .await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &"invalid_request".into())
        );
    }
    assert_eq!(client.jwks(None).await.kids(), after);
}

#[tokio::test]
async fn the_public_router_rotates_nothing() {
    let client = Client::new(RotationPolicy::new());
    for path in ["/rotate", "/keys"] {
        let request = Request::post(path).body(Body::empty()).unwrap();
        assert_eq!(
            send(client.endpoints.jwks(), request).await.status,
            404,
            "{path}"
        );
    }
    assert_eq!(client.admin(Method::GET, "/rotate").await.status, 405);
    assert_eq!(client.jwks(None).await.kids().len(), 1);
}

#[tokio::test]
async fn a_page_of_another_site_rotates_nothing() {
    let client = Client::new(RotationPolicy::new());
    let before = client.jwks(None).await.kids();
    let post = async |headers: &[(&str, &str)]| {
        let mut request = Request::post("/rotate?emergency=true").header("host", "127.0.0.1:8000");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        send(client.endpoints.admin(), request).await
    };
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://127.0.0.1:8000"),
        ],
        &[("origin", "https://evil.example")],
        &[("origin", "http://127.0.0.1:8001")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:8000"), ("origin", "null")],
    ] {
        let answer = post(headers).await;
        assert_eq!(answer.status, 403, "{headers:?}");
        assert_eq!(answer.json()["error"], "access_denied");
    }
    assert_eq!(client.jwks(None).await.kids(), before);
    // A page of this one, an address that somebody typed, and what is no browser.
    for headers in [
        &[("sec-fetch-site", "same-origin"), ("origin", "https://x")][..],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://127.0.0.1:8000")],
        &[],
    ] {
        assert_eq!(post(headers).await.status, 200, "{headers:?}");
    }
}

/// Makes a key when it is told to.
#[derive(Debug)]
struct Slow {
    new_keys: NewKeys,
    made: AtomicUsize,
    go: tokio::sync::Semaphore,
}

impl MakeKey for Slow {
    fn make(&self) -> BoxFuture<'_, Result<RotationKey, Box<dyn Error + Send + Sync>>> {
        Box::pin(async {
            self.made.fetch_add(1, Ordering::SeqCst);
            self.go.acquire().await?.forget();
            Ok(self.new_keys.generate()?)
        })
    }
}

fn slow(client: &Client) -> (Arc<Slow>, KeyEndpoints) {
    let slow = Arc::new(Slow {
        new_keys: NewKeys::local(&bulla_aws_lc::backend(), SignatureAlg::Es256),
        made: AtomicUsize::new(0),
        go: tokio::sync::Semaphore::new(0),
    });
    let keys = client.endpoints.keys().clone();
    (Arc::clone(&slow), KeyEndpoints::new(keys, Shared(slow)))
}

#[derive(Debug)]
struct Shared(Arc<Slow>);

impl MakeKey for Shared {
    fn make(&self) -> BoxFuture<'_, Result<RotationKey, Box<dyn Error + Send + Sync>>> {
        self.0.make()
    }
}

fn rotation(emergency: bool) -> Request<Body> {
    let query = if emergency { "?emergency=true" } else { "" };
    Request::post(format!("/rotate{query}"))
        .body(Body::empty())
        .unwrap()
}

#[tokio::test]
async fn who_asked_for_a_rotation_may_go_away() {
    for emergency in [false, true] {
        let client = Client::new(RotationPolicy::new());
        let before = client.jwks(None).await.kids();
        let (slow, endpoints) = slow(&client);
        let asked = tokio::spawn(send(endpoints.admin(), rotation(emergency)));
        while slow.made.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        asked.abort();
        assert!(asked.await.is_err_and(|error| error.is_cancelled()));
        slow.go.add_permits(1);
        let keys = client.endpoints.keys();
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        assert!(keys.generation() > 0, "{emergency}: {before:?}");
    }
}

#[tokio::test]
async fn of_many_rotations_at_once_one_makes_a_key() {
    let client = Client::new(RotationPolicy::new());
    let (slow, endpoints) = slow(&client);
    let all: Vec<_> = (0..20)
        .map(|_| tokio::spawn(send(endpoints.admin(), rotation(false))))
        .collect();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    slow.go.add_permits(20);
    let mut statuses = Vec::new();
    for one in all {
        statuses.push(one.await.unwrap().status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(slow.made.load(Ordering::SeqCst), 1);
}

#[derive(Debug)]
struct Broken;

impl MakeKey for Broken {
    fn make(&self) -> BoxFuture<'_, Result<RotationKey, Box<dyn Error + Send + Sync>>> {
        Box::pin(async { Err("the vault says secret things".into()) })
    }
}

#[tokio::test]
async fn why_no_key_could_be_made_is_not_told() {
    let client = Client::new(RotationPolicy::new());
    let endpoints = KeyEndpoints::new(client.endpoints.keys().clone(), Broken);
    for path in ["/rotate", "/rotate?emergency=true"] {
        let request = Request::post(path).body(Body::empty()).unwrap();
        let answer = send(endpoints.admin(), request).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (500, &"jwk.not-made".into())
        );
        assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
    }
    assert_eq!(client.jwks(None).await.kids().len(), 1);
}

#[test]
fn every_algorithm_of_a_signature_has_new_keys() {
    for alg in [
        SignatureAlg::Es384,
        SignatureAlg::Es512,
        SignatureAlg::Ed25519,
        SignatureAlg::EdDsa,
        SignatureAlg::Ps256,
        SignatureAlg::MlDsa65,
    ] {
        let made = NewKeys::local(&bulla_aws_lc::backend(), alg)
            .generate()
            .unwrap();
        assert_eq!(made.signer().alg(), alg.name());
        assert_eq!(made.signer().kid(), Some(made.kid()));
    }
}
