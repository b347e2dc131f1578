//! What both test binaries share: keys from JSON.

pub(crate) mod keys;

use bulla::jwa::{MacAlg, SignatureAlg};
use bulla::jwk::{Jwk, PrivateJwk, PublicJwk, SecretJwk};
use bulla::key::{Signer, Verifier};

pub(crate) fn public(json: &str) -> PublicJwk {
    match Jwk::parse(json.as_bytes()).unwrap() {
        Jwk::Public(key) => key,
        Jwk::Private(key) => key.public(),
        other => panic!("not a key pair: {other:?}"),
    }
}

pub(crate) fn private(json: &str) -> PrivateJwk {
    match Jwk::parse(json.as_bytes()).unwrap() {
        Jwk::Private(key) => key,
        other => panic!("not a private key: {other:?}"),
    }
}

pub(crate) fn secret(json: &str) -> SecretJwk {
    match Jwk::parse(json.as_bytes()).unwrap() {
        Jwk::Secret(key) => key,
        other => panic!("not a secret: {other:?}"),
    }
}

pub(crate) fn signer(json: &str, alg: &str) -> Signer {
    match Jwk::parse(json.as_bytes()).unwrap() {
        Jwk::Private(key) => bulla::signer_for(&key, signature_alg(alg)).unwrap(),
        Jwk::Secret(key) => bulla::signer_for(&key, mac_alg(alg)).unwrap(),
        other => panic!("cannot sign: {other:?}"),
    }
}

pub(crate) fn verifier(json: &str, alg: &str) -> Verifier {
    match Jwk::parse(json.as_bytes()).unwrap() {
        Jwk::Public(key) => bulla::verifier_for(&key, signature_alg(alg)).unwrap(),
        Jwk::Private(key) => bulla::verifier_for(&key.public(), signature_alg(alg)).unwrap(),
        Jwk::Secret(key) => bulla::verifier_for(&key, mac_alg(alg)).unwrap(),
        other => panic!("cannot verify: {other:?}"),
    }
}

fn signature_alg(name: &str) -> SignatureAlg {
    SignatureAlg::from_name(name).unwrap()
}

fn mac_alg(name: &str) -> MacAlg {
    MacAlg::from_name(name).unwrap()
}
