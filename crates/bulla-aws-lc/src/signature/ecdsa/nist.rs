//! The curves of NIST, by aws-lc.

use std::sync::Arc;

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, ECDH_P521};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
    ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, ParsedPublicKey,
};
use bulla_core::jwa::{AlgName, HashAlg};
use bulla_core::jwk::{EcCurve, EcPrivateKey, EcPublicKey, KeyError};
use bulla_core::key::{CheckError, Sign, SignError, Signature, SigningInput, Verify};

use super::bind::{NOT_ITS_OWN, OFF_CURVE};
use crate::hash::InputHash;

/// What aws-lc calls a curve with its hash.
#[derive(Clone, Copy)]
pub(super) struct Primitive {
    sign: &'static EcdsaSigningAlgorithm,
    verify: &'static EcdsaVerificationAlgorithm,
}

impl Primitive {
    pub(super) fn new(curve: EcCurve, hash: HashAlg) -> Result<Self, KeyError> {
        let (sign, verify) = match (curve, hash) {
            (EcCurve::P256, HashAlg::Sha256) => {
                (&ECDSA_P256_SHA256_FIXED_SIGNING, &ECDSA_P256_SHA256_FIXED)
            }
            (EcCurve::P384, HashAlg::Sha384) => {
                (&ECDSA_P384_SHA384_FIXED_SIGNING, &ECDSA_P384_SHA384_FIXED)
            }
            (EcCurve::P521, HashAlg::Sha512) => {
                (&ECDSA_P521_SHA512_FIXED_SIGNING, &ECDSA_P521_SHA512_FIXED)
            }
            _ => return Err(KeyError::Unsupported("ECDSA on this curve with this hash")),
        };
        Ok(Self { sign, verify })
    }
}

pub(super) fn signer(
    alg: &'static AlgName,
    hash: InputHash,
    primitive: Primitive,
    key: &EcPrivateKey,
) -> Result<Arc<dyn Sign>, KeyError> {
    let point = key.public().to_uncompressed();
    parse(primitive, &point)?;
    let key =
        EcdsaKeyPair::from_private_key_and_public_key(primitive.sign, key.d().expose(), &point)
            .map_err(|_| NOT_ITS_OWN)?;
    Ok(Arc::new(Signer { alg, hash, key }))
}

pub(super) fn verifier(
    alg: &'static AlgName,
    hash: InputHash,
    primitive: Primitive,
    key: &EcPublicKey,
) -> Result<Arc<dyn Verify>, KeyError> {
    Ok(Arc::new(Verifier {
        alg,
        hash,
        signature_len: 2 * key.curve().field_len(),
        key: parse(primitive, &key.to_uncompressed())?,
    }))
}

pub(super) fn public_of(curve: EcCurve, d: &[u8]) -> Result<Vec<u8>, KeyError> {
    let algorithm = match curve {
        EcCurve::P256 => &ECDH_P256,
        EcCurve::P384 => &ECDH_P384,
        EcCurve::P521 => &ECDH_P521,
        _ => return Err(KeyError::Unsupported("the curve")),
    };
    let public = agreement::PrivateKey::from_private_key(algorithm, d)
        .and_then(|key| Ok(key.compute_public_key()?))
        .map_err(|_| KeyError::malformed("d", "is not a scalar of the curve"))?;
    Ok(public.as_ref().to_vec())
}

/// aws-lc would take compressed points and DER too; it is only ever given `04 ‖ x ‖ y`.
fn parse(primitive: Primitive, point: &[u8]) -> Result<ParsedPublicKey, KeyError> {
    ParsedPublicKey::new(primitive.verify, point).map_err(|_| OFF_CURVE)
}

struct Signer {
    alg: &'static AlgName,
    hash: InputHash,
    key: EcdsaKeyPair,
}

impl Sign for Signer {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        let digest = self.hash.digest(input)?;
        let signature = self
            .key
            .sign_digest(&digest)
            .map_err(|_| SignError::Failed)?;
        Ok(signature.as_ref().into())
    }
}

struct Verifier {
    alg: &'static AlgName,
    hash: InputHash,
    signature_len: usize,
    key: ParsedPublicKey,
}

impl Verify for Verifier {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn verify(&self, input: &SigningInput<'_>, signature: &[u8]) -> Result<(), CheckError> {
        if signature.len() != self.signature_len {
            return Err(CheckError::SignatureInvalid);
        }
        let digest = self.hash.digest(input)?;
        self.key
            .verify_digest_sig(&digest, signature)
            .map_err(|_| CheckError::SignatureInvalid)
    }
}
