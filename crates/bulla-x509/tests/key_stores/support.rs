use std::path::{Path, PathBuf};
use std::sync::Arc;

use bulla_core::jwk::Jwk;
use bulla_core::key::Backend;
use bulla_x509::key_store::{Entry, KeyStoreError, Passwords, StoredKeys};

pub(crate) fn backend() -> Arc<dyn Backend> {
    bulla_aws_lc::backend()
}

pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/key_stores")
        .join(name)
}

pub(crate) fn octets(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).expect(name)
}

pub(crate) fn read_with(name: &str, passwords: &Passwords) -> Result<StoredKeys, KeyStoreError> {
    StoredKeys::read(&octets(name), passwords, backend().as_ref())
}

/// With the password of nearly all of them.
pub(crate) fn read(name: &str) -> StoredKeys {
    read_with(name, &Passwords::new("changeit")).expect(name)
}

/// Alias and kind of each entry, in the order of aliases.
pub(crate) fn summary(store: &StoredKeys) -> Vec<(&str, &'static str, &'static str)> {
    let mut rows: Vec<_> = store
        .entries()
        .iter()
        .map(|entry| {
            let what = entry.public().map_or("oct", |key| key.key().describe());
            (entry.alias(), kind(entry.key()), what)
        })
        .collect();
    rows.sort_unstable();
    rows
}

pub(crate) fn rejections(store: &StoredKeys) -> Vec<(&str, &'static str)> {
    let mut rows: Vec<_> = store
        .rejected()
        .iter()
        .map(|rejected| (rejected.name.as_str(), rejected.error.code()))
        .collect();
    rows.sort_unstable();
    rows
}

pub(crate) fn chain_len(entry: &Entry) -> usize {
    entry.key().members().x5c.as_ref().map_or(0, Vec::len)
}

fn kind(key: &Jwk) -> &'static str {
    match key {
        Jwk::Public(_) => "public",
        Jwk::Private(_) => "private",
        Jwk::Secret(_) => "secret",
        _ => "unknown",
    }
}

/// Signs with the private key and verifies with the key of its certificate.
pub(crate) fn check_pair(entry: &Entry) {
    use bulla_core::jwa::SignatureAlg;
    use bulla_core::jwk::PublicJwk;
    use bulla_core::jws;
    use bulla_core::key::{Signer, Verifier};

    let Jwk::Private(key) = entry.key() else {
        panic!("{}: not private", entry.alias());
    };
    let certificate = &key.members().x5c.as_ref().expect("a chain")[0];
    let certified = PublicJwk::from_certificate(certificate).expect("a certificate");
    let alg = match key.key().describe() {
        "EC P-256" => SignatureAlg::Es256,
        "EC P-384" => SignatureAlg::Es384,
        "EC P-521" => SignatureAlg::Es512,
        "RSA" => SignatureAlg::Rs256,
        "OKP Ed25519" => SignatureAlg::EdDsa,
        other => panic!("{other}"),
    };
    let signer = Signer::bind_to(&backend(), key, alg).expect("a signer");
    let token = jws::Builder::new(&b"signed"[..])
        .sign_compact(&signer)
        .expect("a token");
    let verifier = Verifier::bind_to(&backend(), &certified, alg).expect("a verifier");
    let verified = jws::Jws::parse_compact(&token)
        .expect("a JWS")
        .verify(&verifier)
        .expect("a valid signature");
    assert_eq!(verified.payload(), b"signed");
}
