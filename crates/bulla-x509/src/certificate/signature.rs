//! Whether one key signed one certificate.

use core::fmt;

use aws_lc_rs::signature::{ECDSA_P256K1_SHA256_ASN1, UnparsedPublicKey};
use der::Encode as _;
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use webpki::aws_lc_rs as by;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

/// Why a certificate does not count as signed by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureMismatch {
    /// The issuer's name is not the other's subject.
    Name,
    /// The other's key did not make the signature.
    Signature,
    /// The signature, or the other's key, is of a kind that we do not implement: SHA-1, Ed448, RSA below 2048 bits.
    Unsupported,
}

impl fmt::Display for SignatureMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "its issuer is another",
            Self::Signature => "its signature was made with another key",
            Self::Unsupported => "its signature is of an algorithm that is not supported",
        })
    }
}

impl std::error::Error for SignatureMismatch {}

/// Verifies `signature` over `message` with the key in `issuer`.
pub(super) fn verify(
    issuer: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureMismatch> {
    let key_id = identifier(&issuer.algorithm)?;
    let signature_id = identifier(algorithm)?;
    let key = issuer
        .subject_public_key
        .as_bytes()
        .ok_or(SignatureMismatch::Unsupported)?;
    ALGORITHMS
        .iter()
        .find(|candidate| {
            candidate.public_key_alg_id().as_ref() == key_id
                && candidate.signature_alg_id().as_ref() == signature_id
        })
        .ok_or(SignatureMismatch::Unsupported)?
        .verify_signature(key, message, signature)
        .map_err(|InvalidSignature| SignatureMismatch::Signature)
}

/// The elements of an `AlgorithmIdentifier`, without the sequence around them.
fn identifier(algorithm: &AlgorithmIdentifierOwned) -> Result<Vec<u8>, SignatureMismatch> {
    let encoded = || -> der::Result<Vec<u8>> {
        let mut octets = algorithm.oid.to_der()?;
        if let Some(parameters) = &algorithm.parameters {
            parameters.encode_to_vec(&mut octets)?;
        }
        Ok(octets)
    };
    encoded().map_err(|_| SignatureMismatch::Unsupported)
}

/// Every way in which an authority may sign: RSA of 2048 to 8192 bits, ECDSA, Ed25519, ML-DSA; SHA-256 and longer.
pub(crate) static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    by::ECDSA_P256_SHA256,
    by::ECDSA_P256_SHA384,
    by::ECDSA_P256_SHA512,
    by::ECDSA_P384_SHA256,
    by::ECDSA_P384_SHA384,
    by::ECDSA_P384_SHA512,
    by::ECDSA_P521_SHA256,
    by::ECDSA_P521_SHA384,
    by::ECDSA_P521_SHA512,
    &EcdsaSecp256k1Sha256,
    by::ED25519,
    by::ML_DSA_44,
    by::ML_DSA_65,
    by::ML_DSA_87,
    by::RSA_PKCS1_2048_8192_SHA256,
    by::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    by::RSA_PKCS1_2048_8192_SHA384,
    by::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    by::RSA_PKCS1_2048_8192_SHA512,
    by::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    by::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    by::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    by::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

/// The curve of ES256K (RFC 8812), which the library above leaves out because no browser wants it.
#[derive(Debug)]
struct EcdsaSecp256k1Sha256;

impl SignatureVerificationAlgorithm for EcdsaSecp256k1Sha256 {
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        // id-ecPublicKey, secp256k1 (RFC 5480 §2.1.1, SEC 2 appendix A.2.1).
        AlgorithmIdentifier::from_slice(&[
            0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04,
            0x00, 0x0a,
        ])
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA256
    }

    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        // Only the forms that RFC 5480 §2.2 knows; the library below knows a hybrid one too.
        if !matches!(public_key.first(), Some(2..=4)) {
            return Err(InvalidSignature);
        }
        UnparsedPublicKey::new(&ECDSA_P256K1_SHA256_ASN1, public_key)
            .verify(message, signature)
            .map_err(|_| InvalidSignature)
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256K1_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

    use super::*;

    /// RFC 5480 §2.2: uncompressed or compressed, and nothing else.
    #[test]
    fn a_point_has_the_forms_of_the_rfc() {
        let key = EcdsaKeyPair::generate(&ECDSA_P256K1_SHA256_ASN1_SIGNING).unwrap();
        let signature = key.sign(&SystemRandom::new(), b"message").unwrap();
        let verify = |point: &[u8]| {
            EcdsaSecp256k1Sha256.verify_signature(point, b"message", signature.as_ref())
        };
        let point = key.public_key().as_ref();
        assert!(verify(point).is_ok());
        let is_odd = point.last().unwrap() & 1;
        let mut compressed = point[..33].to_vec();
        compressed[0] = 2 | is_odd;
        assert!(verify(&compressed).is_ok());
        let mut hybrid = point.to_vec();
        hybrid[0] = 6 | is_odd;
        assert!(verify(&hybrid).is_err());
        assert!(verify(&[]).is_err());
    }
}
