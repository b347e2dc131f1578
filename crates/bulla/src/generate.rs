//! New keys.

use crate::jwa::{MacAlg, SignatureAlg, SignatureScheme};
use crate::jwk::{KeyError, OkpCurve, PrivateJwk, SecretJwk};
use crate::key::KeySpec;

/// A new key pair for `alg`, which its `alg` member records. RSA keys have 3,072 bits, `EdDSA` keys are Ed25519.
///
/// # Errors
///
/// [`KeyError::Backend`] where there is no entropy.
///
/// ```
/// use bulla::jwa::SignatureAlg;
///
/// let key = bulla::generate(SignatureAlg::Es256)?;
/// assert_eq!(key.members().alg.as_ref(), Some(SignatureAlg::Es256.name()));
/// # Ok::<(), bulla::jwk::KeyError>(())
/// ```
pub fn generate(alg: SignatureAlg) -> Result<PrivateJwk, KeyError> {
    let mut key = generate_spec(default_spec(alg)?)?;
    key.members_mut().alg = Some(alg.name().clone());
    Ok(key)
}

/// A new key pair of this type, curve and size. It has no `alg`.
///
/// # Errors
///
/// [`KeyError::Unsupported`] for what the backend does not make, RSA sizes other than 2,048, 3,072, 4,096 and
/// 8,192 bits among it.
///
/// ```
/// use bulla::{jwk::EcCurve, key::KeySpec};
///
/// let key = bulla::generate_spec(KeySpec::Ec(EcCurve::P384))?;
/// assert_eq!(bulla::signer(&key)?.alg().as_str(), "ES384");
/// # Ok::<(), bulla::jwk::KeyError>(())
/// ```
pub fn generate_spec(spec: KeySpec) -> Result<PrivateJwk, KeyError> {
    Ok(PrivateJwk::new(crate::backend().generate(spec)?))
}

/// A new secret for `alg`, as long as its hash, which its `alg` member records.
///
/// # Errors
///
/// [`KeyError::Backend`] where there is no entropy.
///
/// ```
/// use bulla::jwa::MacAlg;
///
/// let secret = bulla::generate_secret(MacAlg::Hs512)?;
/// assert_eq!(secret.k().len(), 64);
/// assert_eq!(bulla::verifier(&secret)?.alg().as_str(), "HS512");
/// # Ok::<(), bulla::jwk::KeyError>(())
/// ```
pub fn generate_secret(alg: MacAlg) -> Result<SecretJwk, KeyError> {
    let mut octets = vec![0; alg.facts().hash.len()];
    crate::backend()
        .random(&mut octets)
        .map_err(|_| KeyError::Backend)?;
    let mut key = SecretJwk::new(octets);
    key.members_mut().alg = Some(alg.name().clone());
    Ok(key)
}

fn default_spec(alg: SignatureAlg) -> Result<KeySpec, KeyError> {
    Ok(match alg.facts().scheme {
        SignatureScheme::Ecdsa(curve, _) => KeySpec::Ec(curve),
        SignatureScheme::EdDsa(curves) => {
            KeySpec::Okp(curves.first().copied().unwrap_or(OkpCurve::Ed25519))
        }
        SignatureScheme::MlDsa(parameters) => KeySpec::MlDsa(parameters),
        SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_) => {
            KeySpec::Rsa { bits: RSA_BITS }
        }
        _ => return Err(KeyError::Unsupported("generating keys for this algorithm")),
    })
}

/// As strong as P-256 (NIST SP 800-57, part 1, table 2).
const RSA_BITS: usize = 3072;
