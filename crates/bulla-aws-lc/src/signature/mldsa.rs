//! ML-DSA (RFC 9964): pure, with an empty context, keys as seeds.

use std::sync::Arc;

use aws_lc_rs::signature::{
    KeyPair as _, ML_DSA_44, ML_DSA_44_SIGNING, ML_DSA_65, ML_DSA_65_SIGNING, ML_DSA_87,
    ML_DSA_87_SIGNING, ParsedPublicKey, PqdsaKeyPair, PqdsaSigningAlgorithm,
    PqdsaVerificationAlgorithm,
};
use bulla_core::jwa::{AlgName, MlDsaParameters};
use bulla_core::jwk::{AkpPrivateKey, AkpPublicKey, KeyError};
use bulla_core::key::{CheckError, Sign, SignError, Signature, SigningInput, Verify};

pub(crate) fn signer(
    alg: &'static AlgName,
    key: &AkpPrivateKey,
) -> Result<Arc<dyn Sign>, KeyError> {
    let parameters = key.public().parameters();
    let pair = key_pair(parameters, key.seed().expose())?;
    if pair.public_key().as_ref() != key.public().public() {
        return Err(KeyError::malformed(
            "priv",
            "does not belong to the public key beside it",
        ));
    }
    Ok(Arc::new(Signer {
        alg,
        signature_len: parameters.signature_len(),
        key: pair,
    }))
}

pub(crate) fn verifier(
    alg: &'static AlgName,
    key: &AkpPublicKey,
) -> Result<Arc<dyn Verify>, KeyError> {
    let parameters = key.parameters();
    let wrong = KeyError::malformed("pub", "is not a public key of its `alg`");
    // aws-lc would take DER too; it is only ever given the encoding of FIPS 204.
    if key.public().len() != parameters.public_key_len() {
        return Err(wrong);
    }
    let (_, verify) = primitive(parameters)?;
    Ok(Arc::new(Verifier {
        alg,
        signature_len: parameters.signature_len(),
        key: ParsedPublicKey::new(verify, key.public()).map_err(|_| wrong)?,
    }))
}

/// The public key that belongs to a seed.
pub(crate) fn public_of(parameters: MlDsaParameters, seed: &[u8]) -> Result<Vec<u8>, KeyError> {
    Ok(key_pair(parameters, seed)?.public_key().as_ref().to_vec())
}

fn key_pair(parameters: MlDsaParameters, seed: &[u8]) -> Result<PqdsaKeyPair, KeyError> {
    let (sign, _) = primitive(parameters)?;
    PqdsaKeyPair::from_seed(sign, seed)
        .map_err(|_| KeyError::malformed("priv", "is not a seed of 32 octets"))
}

type Primitive = (
    &'static PqdsaSigningAlgorithm,
    &'static PqdsaVerificationAlgorithm,
);

fn primitive(parameters: MlDsaParameters) -> Result<Primitive, KeyError> {
    match parameters {
        MlDsaParameters::MlDsa44 => Ok((&ML_DSA_44_SIGNING, &ML_DSA_44)),
        MlDsaParameters::MlDsa65 => Ok((&ML_DSA_65_SIGNING, &ML_DSA_65)),
        MlDsaParameters::MlDsa87 => Ok((&ML_DSA_87_SIGNING, &ML_DSA_87)),
        _ => Err(KeyError::Unsupported("the ML-DSA parameter set")),
    }
}

struct Signer {
    alg: &'static AlgName,
    signature_len: usize,
    key: PqdsaKeyPair,
}

impl Sign for Signer {
    fn alg(&self) -> &AlgName {
        self.alg
    }

    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        let mut signature = Signature::zeroed(self.signature_len);
        self.key
            .sign(&input.contiguous()?, signature.as_mut())
            .map_err(|_| SignError::Failed)?;
        Ok(signature)
    }
}

struct Verifier {
    alg: &'static AlgName,
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
        self.key
            .verify_sig(&input.contiguous()?, signature)
            .map_err(|_| CheckError::SignatureInvalid)
    }
}
