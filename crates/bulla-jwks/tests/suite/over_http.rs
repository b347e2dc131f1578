//! The whole, over real HTTP on loopback and on several threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bulla_core::jwk::JwkSet;
use bulla_jwks::http::HttpOptions;
use bulla_jwks::{RemoteKeys, https};

use crate::support::{Key, Reply, Server, code, verify};

fn start(server: &Server) -> RemoteKeys {
    let client = HttpOptions::default()
        .allow_loopback_http()
        .no_proxy()
        .build()
        .unwrap();
    https(server.url("/jwks")).client(client).start().unwrap()
}

async fn serve(keys: &[&Key]) -> Server {
    let set = JwkSet::new(keys.iter().map(|key| key.public()))
        .to_json()
        .to_string();
    Server::start(move |_| Reply::json(&set)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_hundred_verifiers_on_a_cold_cache_make_one_request() {
    let key = Key::new("a");
    let server = serve(&[&key]).await;
    let keys = start(&server);
    let token: Arc<str> = key.token().into();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..500 {
        let (keys, token) = (keys.clone(), Arc::clone(&token));
        all.spawn(async move {
            verify(&keys, &token)
                .await
                .map_err(|error| error.to_string())
        });
    }
    for outcome in all.join_all().await {
        outcome.unwrap();
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_random_kids_make_at_most_two_requests_and_memory_stays_flat() {
    let key = Key::new("good");
    let server = serve(&[&key]).await;
    let keys = start(&server);
    keys.ready().await.unwrap();
    let token = key.token();
    let (_, rest) = token.split_once('.').unwrap();
    let mut strangers = tokio::task::JoinSet::new();
    for thread in 0..10 {
        let (keys, rest) = (keys.clone(), rest.to_owned());
        strangers.spawn(async move {
            for index in 0..1_000 {
                let header = format!(r#"{{"alg":"ES256","kid":"{thread}-{index}-\u001b[2J"}}"#);
                let header = bulla_core::base64url::encode(header.as_bytes());
                let refused = code(&keys, &format!("{header}.{rest}")).await;
                assert_eq!(refused, "jwk.not-found");
            }
        });
    }
    strangers.join_all().await;
    // One at first, one for all these strangers.
    assert_eq!(server.seen().len(), 2);
    let health = keys.health();
    assert!(health.unknown_kids <= 1_024, "{}", health.unknown_kids);
    assert_eq!(health.counts.forced, 1);
    verify(&keys, &token).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_never_see_half_of_a_change() {
    let (one, two) = (Key::new("1"), Key::new("2"));
    let sets = [&[&one][..], &[&one, &two][..]].map(|keys| {
        JwkSet::new(keys.iter().map(|key| key.public()))
            .to_json()
            .to_string()
    });
    let answered = AtomicUsize::new(0);
    let server =
        Server::start(move |_| Reply::json(&sets[answered.fetch_add(1, Ordering::SeqCst).min(1)]))
            .await;
    let keys = start(&server);
    keys.ready().await.unwrap();
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (keys, token) = (keys.clone(), one.token());
        readers.spawn(async move {
            for _ in 0..200 {
                verify(&keys, &token).await.unwrap();
                let snapshot = keys.snapshot().unwrap();
                assert_eq!(
                    snapshot.set().keys().len(),
                    snapshot.key_set().verifiers().len()
                );
            }
        });
    }
    verify(&keys, &two.token()).await.unwrap();
    readers.join_all().await;
    assert_eq!(server.seen().len(), 2);
}
