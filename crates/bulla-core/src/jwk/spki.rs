//! `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7): how certificates and public key files hold a key.

use der::Decode as _;
use spki::SubjectPublicKeyInfoRef;

use super::key_algorithm::KeyAlgorithm;
use super::{
    AkpPublicKey, EcPublicKey, KeyError, OkpPublicKey, PublicJwk, PublicKey, RsaPublicKey,
};

/// The key, with the `alg` that its identifier restricts it to, if any.
pub(super) fn read(info: SubjectPublicKeyInfoRef<'_>) -> Result<PublicJwk, KeyError> {
    let algorithm = KeyAlgorithm::read(info.algorithm)?;
    let octets = info.subject_public_key.as_bytes().ok_or_else(|| {
        KeyError::malformed("subjectPublicKey", "is not a whole number of octets")
    })?;
    let key = match algorithm {
        KeyAlgorithm::Ec(curve) => PublicKey::Ec(EcPublicKey::from_uncompressed(curve, octets)?),
        KeyAlgorithm::MlDsa(parameters) => PublicKey::Akp(AkpPublicKey::new(parameters, octets)?),
        KeyAlgorithm::Okp(curve) => PublicKey::Okp(OkpPublicKey::new(curve, octets)?),
        KeyAlgorithm::Rsa { .. } => PublicKey::Rsa(read_rsa(octets)?),
    };
    let mut key = PublicJwk::new(key);
    if let KeyAlgorithm::Rsa { alg: Some(alg) } = algorithm {
        key.members_mut().alg = Some(alg.clone());
    }
    Ok(key)
}

/// `RSAPublicKey` (RFC 8017 appendix A.1.1), which is also the whole of a PKCS#1 file.
pub(super) fn read_rsa(der: &[u8]) -> Result<RsaPublicKey, KeyError> {
    let key = pkcs1::RsaPublicKeyRef::from_der(der).map_err(|_| {
        KeyError::malformed(
            "RSAPublicKey",
            "is not what RFC 8017 appendix A.1.1 describes",
        )
    })?;
    RsaPublicKey::new(key.modulus.as_bytes(), key.public_exponent.as_bytes())
}
