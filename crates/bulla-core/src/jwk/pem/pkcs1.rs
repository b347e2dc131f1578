//! PKCS#1 (RFC 8017 appendix A.1): RSA keys and nothing else.

use ::pkcs1::{OtherPrimeInfo, RsaPrivateKeyRef, RsaPublicKeyRef};
use der::asn1::UintRef;
use der::{Decode as _, Encode as _};

use super::super::{
    KeyError, PrivateJwk, PrivateKey, PublicJwk, PublicKey, RsaCrt, RsaOtherPrime, RsaPrivateKey,
    RsaPublicKey, spki,
};
use super::Encoded;
use super::spki::too_long;
use crate::key::{Backend, PartialPrivateKey};

/// Writes `RSAPrivateKey`, the `RSA PRIVATE KEY` of PEM.
///
/// # Errors
///
/// [`KeyError::WrongKind`] for a key that is not RSA; [`KeyError::Malformed`] for one without its primes, which
/// [`PrivateKey::complete`] recovers.
pub fn write_pkcs1(key: &PrivateKey) -> Result<Encoded, KeyError> {
    match key {
        PrivateKey::Rsa(key) => Ok(Encoded::new("RSA PRIVATE KEY", private_der(key)?)),
        other => Err(not_rsa(other.describe())),
    }
}

/// Writes `RSAPublicKey`, the `RSA PUBLIC KEY` of PEM.
///
/// # Errors
///
/// [`KeyError::WrongKind`] for a key that is not RSA.
pub fn write_pkcs1_public(key: &PublicKey) -> Result<Encoded, KeyError> {
    match key {
        PublicKey::Rsa(key) => Ok(Encoded::new("RSA PUBLIC KEY", public_der(key)?)),
        other => Err(not_rsa(other.describe())),
    }
}

pub(super) fn read(der: &[u8], backend: &dyn Backend) -> Result<PrivateJwk, KeyError> {
    let key = PartialPrivateKey::Rsa(parse(der)?);
    backend.complete(key).map(PrivateJwk::new)
}

pub(super) fn read_public(der: &[u8]) -> Result<PublicJwk, KeyError> {
    spki::read_rsa(der).map(|key| PublicJwk::new(PublicKey::Rsa(key)))
}

pub(super) fn parse(der: &[u8]) -> Result<RsaPrivateKey, KeyError> {
    let key = RsaPrivateKeyRef::from_der(der).map_err(|_| {
        KeyError::malformed(
            "RSAPrivateKey",
            "is not what RFC 8017 appendix A.1.2 describes",
        )
    })?;
    let public = RsaPublicKey::new(key.modulus.as_bytes(), key.public_exponent.as_bytes())?;
    public.check_not_too_long()?;
    let crt = RsaCrt::new(
        key.prime1.as_bytes(),
        key.prime2.as_bytes(),
        key.exponent1.as_bytes(),
        key.exponent2.as_bytes(),
        key.coefficient.as_bytes(),
    )?;
    let oth = key
        .other_prime_infos
        .unwrap_or_default()
        .iter()
        .map(|info| {
            RsaOtherPrime::new(
                info.prime.as_bytes(),
                info.exponent.as_bytes(),
                info.coefficient.as_bytes(),
            )
        })
        .collect::<Result<_, _>>()?;
    RsaPrivateKey::new(public, key.private_exponent.as_bytes(), Some(crt))?.with_other_primes(oth)
}

pub(super) fn private_der(key: &RsaPrivateKey) -> Result<Vec<u8>, KeyError> {
    let crt = key.crt().ok_or(KeyError::malformed(
        "p, q, dp, dq, qi",
        "are missing, and PKCS#1 cannot do without them (`PrivateKey::complete` recovers them)",
    ))?;
    let oth = key
        .other_primes()
        .iter()
        .map(|prime| {
            Ok(OtherPrimeInfo {
                prime: number(prime.r().expose())?,
                exponent: number(prime.d().expose())?,
                coefficient: number(prime.t().expose())?,
            })
        })
        .collect::<Result<Vec<_>, KeyError>>()?;
    RsaPrivateKeyRef {
        modulus: number(key.public().n())?,
        public_exponent: number(key.public().e())?,
        private_exponent: number(key.d().expose())?,
        prime1: number(crt.p().expose())?,
        prime2: number(crt.q().expose())?,
        exponent1: number(crt.dp().expose())?,
        exponent2: number(crt.dq().expose())?,
        coefficient: number(crt.qi().expose())?,
        other_prime_infos: (!oth.is_empty()).then_some(oth),
    }
    .to_der()
    .map_err(too_long)
}

pub(super) fn public_der(key: &RsaPublicKey) -> Result<Vec<u8>, KeyError> {
    RsaPublicKeyRef {
        modulus: number(key.n())?,
        public_exponent: number(key.e())?,
    }
    .to_der()
    .map_err(too_long)
}

fn number(octets: &[u8]) -> Result<UintRef<'_>, KeyError> {
    UintRef::new(octets).map_err(too_long)
}

const fn not_rsa(found: &'static str) -> KeyError {
    KeyError::WrongKind {
        found,
        expected: "RSA, the only kind that PKCS#1 knows (PKCS#8 and SPKI hold every kind)",
    }
}
