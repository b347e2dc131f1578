//! Keys with certificates, and doubles for what looks for keys, judges certificate chains and fetches.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use bulla::jwk::{EcCurve, Jwk, PrivateJwk, PublicJwk};
use bulla::jws::Builder;
use bulla::key::{BoxFuture, KeySpec, Signer};
use bulla::trust::{
    FetchError, FetchUrl, InMemoryKeyStore, KeyName, KeyStore as _, PathRefused, ResolveError,
    ResolveKey, Trust, TrustedPath, ValidatePath,
};
use bulla::{Fault, Trusted};
use serde_json::{Value, json};

pub(crate) const LEAF_CERTIFICATE: &[u8] = include_bytes!("certificates/leaf.der");
/// Of the same key.
pub(crate) const RENEWED_CERTIFICATE: &[u8] = include_bytes!("certificates/renewed.der");
pub(crate) const ROOT_CERTIFICATE: &[u8] = include_bytes!("certificates/root.der");
/// Of the stranger's key, signed with it.
pub(crate) const STRANGER_CERTIFICATE: &[u8] = include_bytes!("certificates/stranger.der");

pub(crate) fn leaf() -> PrivateJwk {
    key_pair(concat!(
        r#"{"kty":"EC","crv":"P-256","x":"f6oUG1ZyPs0-ViQzvd7GTqe7OdXck_e_66pb54jcxRM","#,
        r#""y":"5JfCzr2gz4nXTPhr_MtaB1nOmb8QfQkZYnN4AMzUjGc","d":"njj8KWOJsHKugsiYS5KG9TA32rr9bCA1jh2SLBCeTp8"}"#
    ))
}

pub(crate) fn stranger() -> PrivateJwk {
    key_pair(concat!(
        r#"{"kty":"EC","crv":"P-256","x":"U_M3n7biWNBHKPT_UJlrl_bs1U_zJP9Yj1G0SZathzM","#,
        r#""y":"wIChtlK5X6ruul5p0MKD-LNAuuLk5KaGbXugEkHVNzM","d":"MyGcDMfrOTEHZR4A27z4Sa7ib11W-ZoH-QsxpLu7U0A"}"#
    ))
}

/// A new key on the same curve, which says of no algorithm that it is for that alone.
pub(crate) fn another() -> PrivateJwk {
    bulla::generate_spec(KeySpec::Ec(EcCurve::P256)).unwrap()
}

fn key_pair(json: &str) -> PrivateJwk {
    match Jwk::parse(json.as_bytes()).unwrap() {
        Jwk::Private(key) => key,
        other => panic!("not a private key: {other:?}"),
    }
}

pub(crate) fn with_kid(mut key: PrivateJwk, kid: &str) -> PrivateJwk {
    key.members_mut().kid = Some(kid.to_owned());
    key
}

/// Without a `kid`, so that headers have what the test puts there.
pub(crate) fn signer(key: &PrivateJwk) -> Signer {
    let mut key = key.clone();
    key.members_mut().kid = None;
    bulla::signer(&key).unwrap()
}

/// A compact token of `key` with these parameters in its header.
pub(crate) fn token(key: &PrivateJwk, parameters: Value) -> String {
    let Value::Object(parameters) = parameters else {
        panic!("not an object")
    };
    let mut builder = Builder::new("payload");
    for (name, value) in parameters {
        builder = builder.header(name, value);
    }
    builder.sign_compact(&signer(key)).unwrap()
}

pub(crate) fn public_value(key: &PrivateJwk) -> Value {
    serde_json::from_str(&key.public().to_json()).unwrap()
}

/// `x5c` of these certificates.
pub(crate) fn x5c(certificates: &[&[u8]]) -> Value {
    certificates.iter().map(|der| json!(base64(der))).collect()
}

/// The alphabet of `x5c` (RFC 7517 §4.7), which is not that of the rest.
pub(crate) fn base64(octets: &[u8]) -> String {
    let text = bulla::base64url::encode(octets)
        .replace('-', "+")
        .replace('_', "/");
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    text + &padding
}

pub(crate) fn x5t(certificate: &[u8]) -> String {
    bulla::base64url::encode(bulla::backend().certificate_sha1(certificate))
}

pub(crate) fn x5t_s256(certificate: &[u8]) -> String {
    bulla::base64url::encode(bulla::jwk::certificate_sha256(certificate))
}

/// A store with these keys, which the caller trusts.
pub(crate) fn store(keys: impl IntoIterator<Item = impl Into<Jwk>>) -> Arc<InMemoryKeyStore> {
    let store = InMemoryKeyStore::new(&bulla::backend());
    for key in keys {
        store
            .insert(Trusted::new(key.into(), Trust::Caller))
            .unwrap();
    }
    Arc::new(store)
}

/// Waits for a future that never waits for anything.
pub(crate) fn now<T>(future: impl Future<Output = T> + Send) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a double waits for something"),
    }
}

/// Serves texts, and remembers what it was asked for.
#[derive(Default)]
pub(crate) struct Web {
    pages: HashMap<String, Vec<u8>>,
    pub(crate) asked: Mutex<Vec<String>>,
}

impl Web {
    pub(crate) fn of<P: AsRef<[u8]>>(
        pages: impl IntoIterator<Item = (&'static str, P)>,
    ) -> Arc<Self> {
        let pages = pages.into_iter();
        Arc::new(Self {
            pages: pages
                .map(|(url, page)| (url.to_owned(), page.as_ref().to_vec()))
                .collect(),
            asked: Mutex::default(),
        })
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl FetchUrl for Web {
    fn fetch<'a>(&'a self, url: &'a str, _: usize) -> BoxFuture<'a, Result<Vec<u8>, FetchError>> {
        self.asked.lock().unwrap().push(url.to_owned());
        let page = self.pages.get(url).cloned();
        Box::pin(async {
            page.ok_or_else(|| FetchError::new("remote.unavailable", "no such page"))
        })
    }
}

/// Accepts the chains whose last certificate is the root, and remembers how often it was asked.
#[derive(Default)]
pub(crate) struct Paths {
    pub(crate) asked: Mutex<usize>,
    /// In place of the key of the first certificate.
    pub(crate) answers: Option<PublicJwk>,
}

impl ValidatePath for Paths {
    fn validate(&self, chain: &[Vec<u8>]) -> Result<TrustedPath, PathRefused> {
        *self.asked.lock().unwrap() += 1;
        if chain.last().map(Vec::as_slice) != Some(ROOT_CERTIFICATE) {
            return Err(PathRefused::new(
                "x509.untrusted",
                Fault::Token,
                "no anchor signed it",
            ));
        }
        let own = || PublicJwk::from_certificate(&chain[0]).unwrap();
        let key = self.answers.clone().unwrap_or_else(own);
        Ok(TrustedPath::new(key, "CN=Test Root".to_owned()))
    }
}

/// Answers from a table, and remembers the names it was asked for; without a table it fails.
pub(crate) struct Table {
    pub(crate) rows: Option<Vec<(String, Trusted<Jwk>)>>,
    pub(crate) asked: Mutex<Vec<String>>,
}

impl Table {
    pub(crate) fn of<K: Into<Jwk>>(rows: impl IntoIterator<Item = (String, K)>) -> Arc<Self> {
        let trusted = |key: K| Trusted::new(key.into(), Trust::Caller);
        let rows = rows.into_iter();
        Arc::new(Self {
            rows: Some(rows.map(|(name, key)| (name, trusted(key))).collect()),
            asked: Mutex::default(),
        })
    }

    pub(crate) fn broken() -> Arc<Self> {
        Arc::new(Self {
            rows: None,
            asked: Mutex::default(),
        })
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl ResolveKey for Table {
    fn name(&self) -> &str {
        "a table"
    }

    fn resolve<'a>(
        &'a self,
        name: KeyName<'a>,
    ) -> BoxFuture<'a, Result<Vec<Arc<Trusted<Jwk>>>, ResolveError>> {
        let name = name.to_string();
        self.asked.lock().unwrap().push(name.clone());
        Box::pin(async move {
            let failed =
                || ResolveError::resolver(self.name(), "io.read", Fault::Remote, "a torn page");
            let rows = self.rows.as_ref().ok_or_else(failed)?;
            let found = rows.iter().filter(|(known, _)| *known == name);
            Ok(found.map(|(_, key)| Arc::new(key.clone())).collect())
        })
    }
}
