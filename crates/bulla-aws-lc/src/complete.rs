//! Private keys from files, some of which have no public half or no primes.

use aws_lc_rs::agreement;
use bulla_core::jwk::{
    AkpPrivateKey, AkpPublicKey, EcPrivateKey, EcPublicKey, KeyError, OkpCurve, OkpPrivateKey,
    OkpPublicKey, PrivateKey, RsaPrivateKey,
};
use bulla_core::key::PartialPrivateKey;
use ed448_goldilocks_plus::x448;
use zeroize::Zeroizing;

use crate::signature::{ecdsa, eddsa, mldsa, rsa_primes};

pub(crate) fn complete(key: PartialPrivateKey) -> Result<PrivateKey, KeyError> {
    match key {
        PartialPrivateKey::Ec { curve, d, public } => {
            let point = ecdsa::public_of(curve, d.expose())?;
            check_own(public, &point)?;
            let public = EcPublicKey::from_uncompressed(curve, &point)?;
            EcPrivateKey::new(public, d).map(PrivateKey::Ec)
        }
        PartialPrivateKey::Okp { curve, d, public } => {
            let x = okp_public_of(curve, d.expose())?;
            check_own(public, &x)?;
            OkpPrivateKey::new(OkpPublicKey::new(curve, x)?, d).map(PrivateKey::Okp)
        }
        PartialPrivateKey::MlDsa {
            parameters,
            seed,
            public,
        } => {
            let encoded = mldsa::public_of(parameters, seed.expose())?;
            check_own(public, &encoded)?;
            AkpPrivateKey::new(AkpPublicKey::new(parameters, encoded)?, seed).map(PrivateKey::Akp)
        }
        PartialPrivateKey::Rsa(key) => complete_rsa(key).map(PrivateKey::Rsa),
        _ => Err(KeyError::Unsupported("the kind of key")),
    }
}

/// The public octets that belong to private ones, on any curve of `kty: OKP`.
pub(crate) fn okp_public_of(curve: OkpCurve, d: &[u8]) -> Result<Vec<u8>, KeyError> {
    let wrong = KeyError::malformed("d", "is not a private key of the curve");
    match curve {
        OkpCurve::X25519 => {
            let public = agreement::PrivateKey::from_private_key(&agreement::X25519, d)
                .and_then(|key| Ok(key.compute_public_key()?))
                .map_err(|_| wrong)?;
            Ok(public.as_ref().to_vec())
        }
        OkpCurve::X448 => {
            let d: Zeroizing<[u8; x448::X448_LENGTH]> =
                Zeroizing::new(d.try_into().map_err(|_| wrong)?);
            Ok(x448::x448(*d, x448::X448_BASEPOINT_BYTES).to_vec())
        }
        _ => eddsa::public_of(curve, d),
    }
}

/// Keys of more than two primes are kept as they are; they only cannot sign. Nor is length looked at: a key too
/// short for any algorithm can still be converted and inspected.
fn complete_rsa(key: RsaPrivateKey) -> Result<RsaPrivateKey, KeyError> {
    if !key.other_primes().is_empty() {
        return Ok(key);
    }
    rsa_primes::check_exponent(&key)?;
    match key.crt() {
        Some(crt) => {
            rsa_primes::check(&key, crt)?;
            Ok(key)
        }
        None => {
            let crt = rsa_primes::recover(&key)?;
            rsa_primes::check(&key, &crt)?;
            RsaPrivateKey::new(key.public().clone(), key.d().clone(), Some(crt))
        }
    }
}

fn check_own(found: Option<Vec<u8>>, computed: &[u8]) -> Result<(), KeyError> {
    match found {
        Some(found) if found != computed => Err(KeyError::malformed(
            "public key",
            "does not belong to the private key beside it",
        )),
        _ => Ok(()),
    }
}
