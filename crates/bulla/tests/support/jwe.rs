//! Keys to encrypt and decrypt with, from JSON, and a backend whose randomness is given.

use std::sync::Arc;

use bulla::jwa::KeyManagementAlg;
use bulla::jwe::{DecryptError, Jwe};
use bulla::jwk::Jwk;
use bulla::key::{Backend, Decrypter, Encrypter};
use bulla_testkit::FixedRandom;

pub(crate) fn alg(name: &str) -> KeyManagementAlg {
    KeyManagementAlg::from_name(name).unwrap()
}

pub(crate) fn encrypter(json: &str, name: &str) -> Encrypter {
    encrypter_with(&bulla::backend(), json, name)
}

pub(crate) fn encrypter_with(backend: &Arc<dyn Backend>, json: &str, name: &str) -> Encrypter {
    match Jwk::parse(json.as_bytes()).unwrap() {
        Jwk::Public(key) => Encrypter::bind_to(backend, &key, alg(name)).unwrap(),
        Jwk::Private(key) => Encrypter::bind_to(backend, &key.public(), alg(name)).unwrap(),
        Jwk::Secret(key) => Encrypter::bind_to(backend, &key, alg(name)).unwrap(),
        other => panic!("cannot encrypt: {other:?}"),
    }
}

pub(crate) fn decrypter(json: &str, name: &str) -> Decrypter {
    match Jwk::parse(json.as_bytes()).unwrap() {
        Jwk::Private(key) => Decrypter::bind_to(&bulla::backend(), &key, alg(name)).unwrap(),
        Jwk::Secret(key) => Decrypter::bind_to(&bulla::backend(), &key, alg(name)).unwrap(),
        other => panic!("cannot decrypt: {other:?}"),
    }
}

/// A backend that hands out these octets and then no more.
pub(crate) fn fixed(octets: &[&[u8]]) -> Arc<dyn Backend> {
    Arc::new(FixedRandom::new(bulla::backend(), octets.concat()))
}

pub(crate) fn decrypt(token: &str, key: &Decrypter) -> Result<Vec<u8>, DecryptError> {
    Ok(Jwe::parse_compact(token)?.decrypt(key)?.into_plaintext())
}

pub(crate) fn decrypt_flattened(json: &str, key: &Decrypter) -> Result<Vec<u8>, DecryptError> {
    Ok(Jwe::parse_flattened(json.as_bytes())?
        .decrypt(key)?
        .into_plaintext())
}

pub(crate) fn decrypt_general(json: &str, key: &Decrypter) -> Result<Vec<u8>, DecryptError> {
    Ok(Jwe::parse_general(json.as_bytes())?
        .decrypt(key)?
        .into_plaintext())
}
