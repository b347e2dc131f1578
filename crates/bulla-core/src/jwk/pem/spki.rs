use ::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use der::asn1::{AnyRef, BitStringRef};
use der::{Decode as _, Encode as _};

use super::super::{KeyError, PublicJwk, PublicKey, key_algorithm, spki};
use super::{Encoded, pkcs1};

/// Writes `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7), the `PUBLIC KEY` of PEM.
///
/// # Errors
///
/// [`KeyError::LimitExceeded`] for numbers longer than DER is written with here (256 MiB).
pub fn write_spki(key: &PublicKey) -> Result<Encoded, KeyError> {
    let curve;
    let (oid, parameters, octets) = match key {
        PublicKey::Akp(key) => (
            key_algorithm::ml_dsa_oid(key.parameters()),
            None,
            key.public().to_vec(),
        ),
        PublicKey::Ec(key) => {
            curve = key_algorithm::ec_oid(key.curve());
            (
                key_algorithm::EC_PUBLIC_KEY,
                Some(AnyRef::from(&curve)),
                key.to_uncompressed(),
            )
        }
        PublicKey::Okp(key) => (key_algorithm::okp_oid(key.curve()), None, key.x().to_vec()),
        PublicKey::Rsa(key) => (
            key_algorithm::RSA_ENCRYPTION,
            Some(AnyRef::NULL),
            pkcs1::public_der(key)?,
        ),
    };
    let info = SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef { oid, parameters },
        subject_public_key: BitStringRef::from_bytes(&octets).map_err(too_long)?,
    };
    Ok(Encoded::new("PUBLIC KEY", info.to_der().map_err(too_long)?))
}

pub(super) fn read(der: &[u8]) -> Result<PublicJwk, KeyError> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| {
        KeyError::malformed(
            "SubjectPublicKeyInfo",
            "is not what RFC 5280 §4.1.2.7 describes",
        )
    })?;
    spki::read(info)
}

/// The only thing that can go wrong when DER is written.
pub(super) fn too_long(_: der::Error) -> KeyError {
    KeyError::LimitExceeded("the length of the DER")
}
