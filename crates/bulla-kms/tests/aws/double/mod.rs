//! A double of AWS KMS: the JSON protocol `x-amz-json-1.1` on HTTP, written from the documentation of the SDK. It has what no
//! emulator has (Ed25519, ML-DSA, `DeriveSharedSecret`), and refuses what KMS refuses.

mod key;
mod operations;
mod refusal;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use tokio::net::TcpListener;

pub(crate) use key::{DoubleKey, KeySpec, Usage};
use refusal::Refusal;

/// A running double; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct Double {
    pub(crate) address: SocketAddr,
    vault: Arc<Vault>,
}

#[derive(Default)]
struct Vault {
    keys: Mutex<BTreeMap<String, Arc<DoubleKey>>>,
    aliases: Mutex<BTreeMap<String, String>>,
    calls: Mutex<Vec<String>>,
}

impl Double {
    pub(crate) async fn start() -> Self {
        let vault = Arc::new(Vault::default());
        let router = Router::new()
            .route("/", post(answer))
            .with_state(Arc::clone(&vault));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        Self { address, vault }
    }

    /// A new key; gives its ARN.
    pub(crate) fn create(&self, spec: KeySpec, usage: Usage) -> Arc<DoubleKey> {
        let mut keys = self.vault.keys.lock().unwrap();
        let id = format!("00000000-0000-4000-8000-{:012}", keys.len());
        let key = Arc::new(DoubleKey::new(&id, spec, usage));
        keys.insert(id, Arc::clone(&key));
        key
    }

    /// Lets an alias (`alias/NAME`) stand for a key.
    pub(crate) fn point(&self, alias: &str, key: &DoubleKey) {
        let mut aliases = self.vault.aliases.lock().unwrap();
        aliases.insert(alias.to_owned(), key.id.clone());
    }

    /// The operations that were asked for so far.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.vault.calls.lock().unwrap().clone()
    }
}

impl Vault {
    /// The key of an identifier, an ARN, an alias, or the ARN of an alias.
    fn find(&self, name: &str) -> Result<Arc<DoubleKey>, Refusal> {
        let local = name
            .strip_prefix("arn:aws:kms:eu-west-1:111122223333:")
            .unwrap_or(name);
        let id = if local.starts_with("alias/") {
            self.aliases.lock().unwrap().get(local).cloned()
        } else {
            Some(local.trim_start_matches("key/").to_owned())
        };
        let found = id.and_then(|id| self.keys.lock().unwrap().get(&id).cloned());
        found.ok_or_else(|| {
            Refusal::new("NotFoundException", format!("Key '{name}' does not exist"))
        })
    }
}

async fn answer(State(vault): State<Arc<Vault>>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = header("authorization").unwrap_or_default();
    if !signed.starts_with("AWS4-HMAC-SHA256 Credential=") {
        return Refusal::new("MissingAuthenticationTokenException", "not signed").into();
    }
    if header("content-type") != Some("application/x-amz-json-1.1") {
        return Refusal::new("SerializationException", "not JSON 1.1").into();
    }
    let target = header("x-amz-target").unwrap_or_default();
    let operation = target.trim_start_matches("TrentService.");
    vault.calls.lock().unwrap().push(operation.to_owned());
    match operations::run(&vault, operation, &body) {
        Ok(json) => refusal::json(200, &json),
        Err(refusal) => refusal.into(),
    }
}
