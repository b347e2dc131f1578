//! Keys bound to the software backend.

use crate::SecretBytes;
use crate::jwa::KeyManagementAlg;
use crate::jwk::{JwkSet, KeyError};
use crate::key::{
    Decrypter, DecryptionKey, Encrypter, EncryptionKey, KeySet, KeySetPolicy, Signer, SigningKey,
    VerificationKey, Verifier,
};

/// A signer for the algorithm that the key itself fixes: its `alg`, or the only one of its type and curve.
///
/// # Errors
///
/// [`KeyError::Ambiguous`] where the key fixes none; otherwise see [`signer_for`].
///
/// ```
/// use bulla::jwa::SignatureAlg;
///
/// let key = bulla::generate(SignatureAlg::Ed25519)?;
/// assert_eq!(bulla::signer(&key)?.alg().as_str(), "Ed25519");
/// # Ok::<(), bulla::jwk::KeyError>(())
/// ```
pub fn signer<K: SigningKey>(key: &K) -> Result<Signer, KeyError> {
    Signer::bind(&crate::backend(), key)
}

/// A signer for one algorithm.
///
/// # Errors
///
/// [`KeyError::UsageMismatch`] where type, curve, `alg`, `use` or `key_ops` do not fit, [`KeyError::TooWeak`] for
/// keys below the least size, [`KeyError::Malformed`] for material that is wrong.
///
/// ```
/// use bulla::{jwa::SignatureAlg, jwk::OkpCurve, key::KeySpec};
///
/// let key = bulla::generate_spec(KeySpec::Okp(OkpCurve::Ed25519))?;
/// assert_eq!(bulla::signer(&key)?.alg().as_str(), "EdDSA"); // the older name, unless the newer is asked for
/// assert_eq!(bulla::signer_for(&key, SignatureAlg::Ed25519)?.alg().as_str(), "Ed25519");
/// # Ok::<(), bulla::jwk::KeyError>(())
/// ```
pub fn signer_for<K: SigningKey>(key: &K, alg: K::Alg) -> Result<Signer, KeyError> {
    Signer::bind_to(&crate::backend(), key, alg)
}

/// A verifier for the algorithm that the key itself fixes: its `alg`, or the only one of its type and curve.
///
/// # Errors
///
/// [`KeyError::Ambiguous`] where the key fixes none; otherwise see [`verifier_for`].
///
/// ```
/// use bulla::jwk::SecretJwk;
///
/// let secret = SecretJwk::new(vec![7; 64]);
/// assert_eq!(bulla::verifier(&secret).unwrap_err().code(), "jwk.ambiguous"); // HS256, HS384 or HS512?
/// ```
pub fn verifier<K: VerificationKey>(key: &K) -> Result<Verifier, KeyError> {
    Verifier::bind(&crate::backend(), key)
}

/// A verifier for one algorithm. A token that names another is refused, whatever its signature.
///
/// # Errors
///
/// As for [`signer_for`].
///
/// ```
/// use bulla::{jwa::SignatureAlg, jwk::KeyError};
///
/// let key = bulla::generate(SignatureAlg::Es256)?.public();
/// let error = bulla::verifier_for(&key, SignatureAlg::Rs256).unwrap_err();
/// assert_eq!(error.code(), "jwk.usage-mismatch");
/// # Ok::<(), KeyError>(())
/// ```
pub fn verifier_for<K: VerificationKey>(key: &K, alg: K::Alg) -> Result<Verifier, KeyError> {
    Verifier::bind_to(&crate::backend(), key, alg)
}

/// A set compiled for every algorithm that its keys fit and that is not legacy. What could not be used is listed in
/// [`KeySet::rejected`].
#[must_use]
pub fn key_set(set: &JwkSet) -> KeySet {
    key_set_with(set, &KeySetPolicy::default())
}

/// A set compiled under a policy.
///
/// ```
/// use bulla::{jwa::SignatureAlg, jwk::JwkSet, key::KeySetPolicy};
///
/// let key = bulla::generate(SignatureAlg::Es256)?;
/// let set = JwkSet::new([key.public()]);
/// let only_rs256 = KeySetPolicy::signatures([SignatureAlg::Rs256]);
/// assert_eq!(bulla::key_set(&set).verifiers().len(), 1);
/// assert_eq!(bulla::key_set_with(&set, &only_rs256).verifiers().len(), 0);
/// # Ok::<(), bulla::jwk::KeyError>(())
/// ```
#[must_use]
pub fn key_set_with(set: &JwkSet, policy: &KeySetPolicy) -> KeySet {
    KeySet::compile(set, &crate::backend(), policy)
}

/// An encrypter for the key management algorithm that the key itself names.
///
/// # Errors
///
/// [`KeyError::Ambiguous`] where the key names none; otherwise see [`encrypter_for`].
pub fn encrypter<K: EncryptionKey>(key: &K) -> Result<Encrypter, KeyError> {
    Encrypter::bind(&crate::backend(), key)
}

/// An encrypter for one key management algorithm.
///
/// # Errors
///
/// As for [`signer_for`].
///
/// ```
/// use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg};
/// use bulla::jwk::OkpCurve;
/// use bulla::key::KeySpec;
///
/// let bob = bulla::generate_spec(KeySpec::Okp(OkpCurve::X25519))?;
/// let to_bob = bulla::encrypter_for(&bob.public(), KeyManagementAlg::EcdhEs)?;
/// let token = bulla::jwe::Builder::new("hello", ContentEncryptionAlg::A256Gcm).encrypt_compact(&to_bob)?;
///
/// let bob = bulla::decrypter_for(&bob, KeyManagementAlg::EcdhEs)?;
/// assert_eq!(bulla::jwe::Jwe::parse_compact(&token)?.decrypt(&bob)?.plaintext(), b"hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn encrypter_for<K: EncryptionKey>(
    key: &K,
    alg: KeyManagementAlg,
) -> Result<Encrypter, KeyError> {
    Encrypter::bind_to(&crate::backend(), key, alg)
}

/// A decrypter for the key management algorithm that the key itself names.
///
/// # Errors
///
/// [`KeyError::Ambiguous`] where the key names none; otherwise see [`decrypter_for`].
pub fn decrypter<K: DecryptionKey>(key: &K) -> Result<Decrypter, KeyError> {
    Decrypter::bind(&crate::backend(), key)
}

/// A decrypter for one key management algorithm. A token that names another is refused.
///
/// # Errors
///
/// As for [`signer_for`].
pub fn decrypter_for<K: DecryptionKey>(
    key: &K,
    alg: KeyManagementAlg,
) -> Result<Decrypter, KeyError> {
    Decrypter::bind_to(&crate::backend(), key, alg)
}

/// An encrypter for one of the PBES2 algorithms, with so many iterations (1,000 to 600,000).
///
/// # Errors
///
/// [`KeyError::UsageMismatch`] for another algorithm, [`KeyError::Malformed`] for an empty password,
/// [`KeyError::LimitExceeded`] for iterations out of bounds.
pub fn password_encrypter(
    password: impl Into<SecretBytes>,
    alg: KeyManagementAlg,
    iterations: u32,
) -> Result<Encrypter, KeyError> {
    Encrypter::password_with(&crate::backend(), password, alg, iterations)
}

/// A decrypter for one of the PBES2 algorithms.
///
/// # Errors
///
/// As for [`password_encrypter`].
pub fn password_decrypter(
    password: impl Into<SecretBytes>,
    alg: KeyManagementAlg,
) -> Result<Decrypter, KeyError> {
    Decrypter::password(&crate::backend(), password, alg)
}
