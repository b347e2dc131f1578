//! Row 37: several nodes with one store, and many requests at once.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bulla::jwa::SignatureAlg;
use bulla::jwk::PrivateJwk;
use bulla::jws::Headers;
use bulla::oauth::assertion::{Profile, RegisteredClient};
use bulla::oauth::dpop::{DpopKey, DpopProof, TargetUri};
use bulla_server::store::SqliteStore;
use http::HeaderValue;
use tokio::task::JoinSet;

use crate::support::*;

/// A node: a connection of its own to the file.
async fn node(file: &Path, key: &PrivateJwk) -> SocketAddr {
    let mut setup = Setup::new(Profile::Bis);
    setup.nonces = false;
    setup.store = Arc::new(SqliteStore::open(file).unwrap());
    setup
        .register(RegisteredClient::new("billing"), [key.public()])
        .start()
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_37_used_on_another_node_that_has_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.db");
    let key = key("k-1");
    let (first, second) = (node(&file, &key).await, node(&file, &key).await);
    let token = sign(&signer(&key), Headers::new(), &claims());
    let request = with_assertion(&token);
    assert_eq!(send(first, &request).await.status(), 200);
    for node in [second, first] {
        let answer = send(node, &request).await;
        assert_eq!(error(&answer), (401, "invalid_client".into()));
    }
    // A node that was not there yet knows it, too.
    let third = node(&file, &key).await;
    assert_eq!(send(third, &request).await.status(), 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_37_a_hundred_posts_at_once_to_two_nodes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.db");
    let key = key("k-1");
    let nodes = [node(&file, &key).await, node(&file, &key).await];
    for _ in 0..3 {
        let token = sign(&signer(&key), Headers::new(), &claims());
        let mut posts = JoinSet::new();
        for index in 0..100 {
            let request = with_assertion(&token);
            let node = nodes[index % 2];
            posts.spawn(async move { send(node, &request).await.status().as_u16() });
        }
        let statuses = posts.join_all().await;
        let granted = statuses.iter().filter(|status| **status == 200).count();
        let refused = statuses.iter().filter(|status| **status == 401).count();
        assert_eq!((granted, refused), (1, 99), "{statuses:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn row_47_one_proof_of_many_posts_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.db");
    let key = key("k-1");
    let nodes = [node(&file, &key).await, node(&file, &key).await];
    let dpop = DpopKey::generate(&backend(), SignatureAlg::Es256).unwrap();
    let url = TargetUri::parse(ENDPOINT).unwrap();
    let proof = DpopProof::new("POST", &url).clock(Arc::new(now()));
    let proof = HeaderValue::from_str(&proof.sign(&dpop).unwrap()).unwrap();
    let mut posts = JoinSet::new();
    for index in 0..50 {
        let token = sign(&signer(&key), Headers::new(), &claims());
        let mut request = with_assertion(&token);
        request.headers_mut().insert("dpop", proof.clone());
        let node = nodes[index % 2];
        posts.spawn(async move { send(node, &request).await.status().as_u16() });
    }
    let statuses = posts.join_all().await;
    let granted = statuses.iter().filter(|status| **status == 200).count();
    let refused = statuses.iter().filter(|status| **status == 400).count();
    assert_eq!((granted, refused), (1, 49), "{statuses:?}");
}
