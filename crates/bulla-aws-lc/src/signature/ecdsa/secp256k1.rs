//! secp256k1, by `k256`.

use std::sync::Arc;

use bulla_core::jwa::AlgName;
use bulla_core::jwk::{EcPrivateKey, EcPublicKey, KeyError};
use bulla_core::key::{CheckError, Sign, SignError, Signature, SigningInput, Verify};
use k256::ecdsa::signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};
use k256::ecdsa::{self, SigningKey, VerifyingKey};

use super::bind::{NOT_ITS_OWN, OFF_CURVE};
use crate::hash::InputHash;

pub(super) fn signer(
    alg: &'static AlgName,
    hash: InputHash,
    key: &EcPrivateKey,
) -> Result<Arc<dyn Sign>, KeyError> {
    let public = parse(key.public())?;
    let key = SigningKey::from_slice(key.d().expose()).map_err(|_| NOT_A_SCALAR)?;
    if *key.verifying_key() != public {
        return Err(NOT_ITS_OWN);
    }
    Ok(Arc::new(Signer { alg, hash, key }))
}

pub(super) fn verifier(
    alg: &'static AlgName,
    hash: InputHash,
    key: &EcPublicKey,
) -> Result<Arc<dyn Verify>, KeyError> {
    Ok(Arc::new(Verifier {
        alg,
        hash,
        key: parse(key)?,
    }))
}

pub(super) fn public_of(d: &[u8]) -> Result<Vec<u8>, KeyError> {
    let key = SigningKey::from_slice(d).map_err(|_| NOT_A_SCALAR)?;
    Ok(key.verifying_key().to_sec1_point(false).as_bytes().to_vec())
}

const NOT_A_SCALAR: KeyError = KeyError::malformed("d", "is not a scalar of the curve");

fn parse(key: &EcPublicKey) -> Result<VerifyingKey, KeyError> {
    VerifyingKey::from_sec1_bytes(&key.to_uncompressed()).map_err(|_| OFF_CURVE)
}

struct Signer {
    alg: &'static AlgName,
    hash: InputHash,
    /// Wiped when dropped.
    key: SigningKey,
}

impl Sign for Signer {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    /// `k256` takes the nonce of RFC 6979 and the lower of the two values of S: some verifiers refuse the other.
    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        let digest = self.hash.digest(input)?;
        let signature: ecdsa::Signature = self
            .key
            .sign_prehash(digest.as_ref())
            .map_err(|_| SignError::Failed)?;
        Ok(signature.to_bytes().as_slice().into())
    }
}

struct Verifier {
    alg: &'static AlgName,
    hash: InputHash,
    key: VerifyingKey,
}

impl Verify for Verifier {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn verify(&self, input: &SigningInput<'_>, signature: &[u8]) -> Result<(), CheckError> {
        // Refuses other lengths, zero, and numbers not below the order.
        let signature = ecdsa::Signature::from_slice(signature)
            .map_err(|_| CheckError::SignatureInvalid)?
            // RFC 8812 asks for no low S and others send a high one, which `k256` refuses.
            .normalize_s();
        let digest = self.hash.digest(input)?;
        self.key
            .verify_prehash(digest.as_ref(), &signature)
            .map_err(|_| CheckError::SignatureInvalid)
    }
}
