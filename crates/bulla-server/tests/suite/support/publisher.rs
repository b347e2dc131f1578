//! The address where a client publishes its keys, counted and made to fail.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use bulla::jwk::{Jwk, JwkSet};
use http::StatusCode;
use tokio::net::TcpListener;

#[derive(Clone, Default)]
pub(crate) struct Publisher {
    body: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
    down: Arc<AtomicBool>,
}

impl Publisher {
    /// Publishes these keys.
    pub(crate) fn publish(&self, keys: impl IntoIterator<Item = impl Into<Jwk>>) {
        *self.body.lock().unwrap() = JwkSet::new(keys).to_json().to_string();
    }

    /// Answers with 500 from now on.
    pub(crate) fn fail(&self) {
        self.down.store(true, Ordering::SeqCst);
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// On the runtime of the test.
    pub(crate) async fn start(&self) -> SocketAddr {
        let this = self.clone();
        let router = Router::new().fallback(get(async move || {
            this.asked.fetch_add(1, Ordering::SeqCst);
            if this.down.load(Ordering::SeqCst) {
                return (StatusCode::INTERNAL_SERVER_ERROR, String::new());
            }
            (StatusCode::OK, this.body.lock().unwrap().clone())
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }
}
