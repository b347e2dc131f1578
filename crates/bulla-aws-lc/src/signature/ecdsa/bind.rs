use std::sync::Arc;

use bulla_core::jwa::{AlgName, HashAlg};
use bulla_core::jwk::{EcCurve, EcPrivateKey, EcPublicKey, KeyError};
use bulla_core::key::{Sign, Verify};

use super::{nist, secp256k1};
use crate::hash::InputHash;

pub(crate) const NOT_ITS_OWN: KeyError =
    KeyError::malformed("d", "does not belong to the public key beside it");
pub(super) const OFF_CURVE: KeyError = KeyError::malformed("x, y", "are not a point on the curve");

pub(crate) fn signer(
    alg: &'static AlgName,
    hash: HashAlg,
    key: &EcPrivateKey,
) -> Result<Arc<dyn Sign>, KeyError> {
    let input_hash = InputHash::new(hash)?;
    match key.public().curve() {
        EcCurve::Secp256k1 => secp256k1::signer(alg, input_hash, key),
        curve => nist::signer(alg, input_hash, nist::Primitive::new(curve, hash)?, key),
    }
}

pub(crate) fn verifier(
    alg: &'static AlgName,
    hash: HashAlg,
    key: &EcPublicKey,
) -> Result<Arc<dyn Verify>, KeyError> {
    let input_hash = InputHash::new(hash)?;
    match key.curve() {
        EcCurve::Secp256k1 => secp256k1::verifier(alg, input_hash, key),
        curve => nist::verifier(alg, input_hash, nist::Primitive::new(curve, hash)?, key),
    }
}

/// The point that belongs to a scalar, as `04 ‖ x ‖ y`.
pub(crate) fn public_of(curve: EcCurve, d: &[u8]) -> Result<Vec<u8>, KeyError> {
    match curve {
        EcCurve::Secp256k1 => secp256k1::public_of(d),
        curve => nist::public_of(curve, d),
    }
}
