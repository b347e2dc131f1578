//! PKCS#8 (RFC 5958): a private key of any kind, not encrypted.

use ::pkcs8::{AlgorithmIdentifierRef, PrivateKeyInfoRef};
use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use der::{Decode as _, Encode as _};
use zeroize::Zeroizing;

use super::super::key_algorithm::{self, KeyAlgorithm};
use super::super::{KeyError, PrivateJwk, PrivateKey, PublicKey};
use super::ml_dsa::{self, PrivateChoice};
use super::spki::too_long;
use super::{Encoded, pkcs1, sec1};
use crate::key::{Backend, PartialPrivateKey};

/// Writes `PrivateKeyInfo`, the `PRIVATE KEY` of PEM, **unencrypted**.
///
/// EC keys carry their public point; Edwards, Montgomery and ML-DSA keys only their seed, which is what every reader of
/// RFC 8410 and RFC 9881 takes.
///
/// # Errors
///
/// [`KeyError::Malformed`] for an RSA key without its primes, which [`PrivateKey::complete`] recovers.
pub fn write_pkcs8(key: &PrivateKey) -> Result<Encoded, KeyError> {
    let curve;
    let (oid, parameters, octets) = match key {
        PrivateKey::Akp(key) => (
            key_algorithm::ml_dsa_oid(key.public().parameters()),
            None,
            ml_dsa::seed_der(key.seed().expose())?,
        ),
        PrivateKey::Ec(key) => {
            curve = key_algorithm::ec_oid(key.public().curve());
            (
                key_algorithm::EC_PUBLIC_KEY,
                Some(AnyRef::from(&curve)),
                sec1::private_der(key, None)?,
            )
        }
        PrivateKey::Okp(key) => (
            key_algorithm::okp_oid(key.public().curve()),
            None,
            OctetStringRef::new(key.d().expose())
                .and_then(|octets| octets.to_der())
                .map_err(too_long)?,
        ),
        PrivateKey::Rsa(key) => (
            key_algorithm::RSA_ENCRYPTION,
            Some(AnyRef::NULL),
            pkcs1::private_der(key)?,
        ),
    };
    let octets = Zeroizing::new(octets);
    let info = PrivateKeyInfoRef::new(
        AlgorithmIdentifierRef { oid, parameters },
        OctetStringRef::new(&octets).map_err(too_long)?,
    );
    Ok(Encoded::new(
        "PRIVATE KEY",
        info.to_der().map_err(too_long)?,
    ))
}

pub(super) fn read(der: &[u8], backend: &dyn Backend) -> Result<PrivateJwk, KeyError> {
    let info = PrivateKeyInfoRef::from_der(der)
        .map_err(|_| KeyError::malformed("PrivateKeyInfo", "is not what RFC 5958 §2 describes"))?;
    let algorithm = KeyAlgorithm::read(info.algorithm)?;
    let octets = info.private_key.as_bytes();
    let public = info
        .public_key
        .as_ref()
        .and_then(BitStringRef::as_bytes)
        .map(<[u8]>::to_vec);
    let key = match algorithm {
        KeyAlgorithm::Ec(curve) => sec1::read_within(octets, Some(curve), backend)?,
        KeyAlgorithm::Okp(curve) => {
            let d = <&OctetStringRef>::from_der(octets)
                .ok()
                .filter(|d| d.as_bytes().len() == curve.key_len())
                .ok_or(KeyError::malformed(
                    "CurvePrivateKey",
                    "is not an OCTET STRING as long as a key of its curve (RFC 8410 §7)",
                ))?;
            backend.complete(PartialPrivateKey::Okp {
                curve,
                d: d.as_bytes().into(),
                public,
            })?
        }
        KeyAlgorithm::MlDsa(parameters) => {
            let choice = PrivateChoice::read(octets)?;
            let key = backend.complete(PartialPrivateKey::MlDsa {
                parameters,
                seed: choice.seed,
                public,
            })?;
            check_expanded(choice.expanded, &key)?;
            key
        }
        KeyAlgorithm::Rsa { .. } => {
            backend.complete(PartialPrivateKey::Rsa(pkcs1::parse(octets)?))?
        }
    };
    let mut key = PrivateJwk::new(key);
    if let KeyAlgorithm::Rsa { alg: Some(alg) } = algorithm {
        key.members_mut().alg = Some(alg.clone());
    }
    Ok(key)
}

/// FIPS 204: an expanded private key and the public key both begin with ρ.
fn check_expanded(expanded: Option<&[u8]>, key: &PrivateKey) -> Result<(), KeyError> {
    const RHO_LEN: usize = 32;
    let (Some(expanded), PublicKey::Akp(public)) = (expanded, key.public()) else {
        return Ok(());
    };
    if expanded.get(..RHO_LEN) == public.public().get(..RHO_LEN) {
        return Ok(());
    }
    Err(KeyError::malformed(
        "ML-DSA private key",
        "has an expanded form that does not follow from its seed",
    ))
}
