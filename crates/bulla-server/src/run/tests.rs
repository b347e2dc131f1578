use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use bulla::SecretBytes;
use bulla::jwa::SignatureAlg;
use bulla::key::{BoxFuture, RotationKey};
use bulla::oauth::Issuer;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::{Limits, Running, start, start_server};
use crate::config::{Config, KeyRefError, KeyRefs, Overrides};
use crate::rotation::SigningKeys;
use crate::server::Server;
use crate::store::SqliteStore;

/// A server with `/slow` beside its endpoints, which answers when it gets a place.
fn slow(folder: &TempDir, limits: Limits) -> (Running, Arc<Semaphore>) {
    let places = Arc::new(Semaphore::new(0));
    let wait = Arc::clone(&places);
    let make = |address: SocketAddr| {
        let backend = bulla::backend();
        let key = bulla::generate(SignatureAlg::Es256).unwrap();
        let key = RotationKey::local(&backend, &key, SignatureAlg::Es256).unwrap();
        let issuer = Issuer::parse(format!("http://{address}")).unwrap();
        let store = SqliteStore::open(folder.path().join("store.db")).unwrap();
        Server::builder(issuer, Arc::new(store), SigningKeys::fixed(key), backend)
            .build(&SecretBytes::from(vec![1; 32]))
            .unwrap()
    };
    let extend = |router: Router| {
        router.route(
            "/slow",
            get(move || async move {
                wait.acquire().await.unwrap().forget();
                "done"
            }),
        )
    };
    let address = "127.0.0.1:0".parse().unwrap();
    (start_server(address, limits, make, extend).unwrap(), places)
}

async fn ask(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn who_comes_when_there_is_no_place_is_told_so_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (running, places) = slow(&folder, Limits::new().requests(2));
    let address = running.address();
    let first = tokio::spawn(async move { ask(address, "/slow").await });
    let second = tokio::spawn(async move { ask(address, "/slow").await });
    let refused = loop {
        // Until both have come.
        let answer = ask(address, "/jwks").await;
        if !answer.starts_with("HTTP/1.1 200") {
            break answer;
        }
    };
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(refused.contains("retry-after: "), "{refused}");
    assert!(refused.contains("\"error\":\"server_error\""), "{refused}");
    places.add_permits(2);
    for answer in [first.await.unwrap(), second.await.unwrap()] {
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert!(ask(address, "/jwks").await.starts_with("HTTP/1.1 200"));
    running.shut_down().await.unwrap();
}

#[tokio::test]
async fn what_takes_too_long_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits::new()
        .time(Duration::from_millis(50))
        .headers_in(Duration::from_millis(50));
    let (running, _places) = slow(&folder, limits);
    let answer = ask(running.address(), "/slow").await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    // Who does not come to an end with the headers is not waited for.
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    stream
        .write_all(b"GET /jwks HTTP/1.1\r\nhost:")
        .await
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(!answer.starts_with(b"HTTP/1.1 200"));
    running.shut_down().await.unwrap();
}

#[derive(Debug)]
struct NoKeyRefs;

impl KeyRefs for NoKeyRefs {
    fn signing_key<'a>(
        &'a self,
        keyref: &'a str,
        _: &'a Path,
        _: Option<SignatureAlg>,
    ) -> BoxFuture<'a, Result<RotationKey, KeyRefError>> {
        panic!("{keyref} was asked for")
    }

    fn secret<'a>(
        &'a self,
        keyref: &'a str,
        _: &'a Path,
    ) -> BoxFuture<'a, Result<SecretBytes, KeyRefError>> {
        panic!("{keyref} was asked for")
    }
}

#[tokio::test]
async fn nodes_of_one_store_have_one_key_and_take_each_others_nonces() {
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("store.db").display());
    let config = |store: &str| {
        let overrides = Overrides::default()
            .flag("issuer", "http://127.0.0.1:1")
            .flag("listen", "127.0.0.1:0")
            .flag("store", store);
        Config::without_file(&overrides).unwrap()
    };
    let (first, second) = (config(&store), config(&store));
    // Together, so that each finds nothing made yet.
    let (first, second) = tokio::join!(start(&first, &NoKeyRefs), start(&second, &NoKeyRefs));
    let (first, second) = (first.unwrap(), second.unwrap());
    let kid = |node: &Running| {
        let snapshot = node.server().signing().snapshot();
        snapshot.signer().kid().unwrap().to_owned()
    };
    assert_eq!(kid(&first), kid(&second));
    let nonce = first.server().nonces().issue().unwrap();
    assert!(second.server().nonces().accepts(&nonce));

    let other = format!("sqlite:{}", folder.path().join("other.db").display());
    let other = start(&config(&other), &NoKeyRefs).await.unwrap();
    assert!(!other.server().nonces().accepts(&nonce));
    for node in [first, second, other] {
        node.shut_down().await.unwrap();
    }
}
