use std::sync::Arc;

use bulla_core::jwa::AlgName;
use bulla_core::jwk::{KeyError, OkpCurve, OkpPrivateKey, OkpPublicKey};
use bulla_core::key::{Sign, Verify};

use super::{ed448, ed25519};

const NOT_EDWARDS: KeyError = KeyError::Unsupported("EdDSA on this curve");

pub(crate) fn signer(
    alg: &'static AlgName,
    key: &OkpPrivateKey,
) -> Result<Arc<dyn Sign>, KeyError> {
    match key.public().curve() {
        OkpCurve::Ed25519 => ed25519::signer(alg, key),
        OkpCurve::Ed448 => ed448::signer(alg, key),
        _ => Err(NOT_EDWARDS),
    }
}

pub(crate) fn verifier(
    alg: &'static AlgName,
    key: &OkpPublicKey,
) -> Result<Arc<dyn Verify>, KeyError> {
    match key.curve() {
        OkpCurve::Ed25519 => ed25519::verifier(alg, key),
        OkpCurve::Ed448 => ed448::verifier(alg, key),
        _ => Err(NOT_EDWARDS),
    }
}

/// The public key that belongs to a seed.
pub(crate) fn public_of(curve: OkpCurve, seed: &[u8]) -> Result<Vec<u8>, KeyError> {
    match curve {
        OkpCurve::Ed25519 => ed25519::public_of(seed),
        OkpCurve::Ed448 => ed448::public_of(seed),
        _ => Err(NOT_EDWARDS),
    }
}
