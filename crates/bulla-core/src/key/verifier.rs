use core::fmt;
use std::sync::{Arc, OnceLock};

use subtle::ConstantTimeEq as _;

use super::{
    Backend, CheckError, HeaderCache, Mac, SignError, SigningInput, VerificationKey, Verify,
};
use crate::jwa::{AlgName, HashAlg};
use crate::jwk::{KeyError, PublicJwk, PublicKey, SecretJwk, thumbprint};
use crate::secret::SecretBytes;
use crate::trust::Trust;

/// A public key, or the secret of a MAC, bound to one algorithm, ready to verify.
///
/// A token's `alg` is compared with the bound one and never consulted. Cheap to clone and to share.
///
/// A public key cannot be bound to a MAC algorithm:
///
/// ```compile_fail,E0308
/// # fn f(backend: std::sync::Arc<dyn bulla_core::key::Backend>, key: bulla_core::jwk::PublicJwk) {
/// use bulla_core::{jwa::MacAlg, key::Verifier};
/// Verifier::bind_to(&backend, &key, MacAlg::Hs256);
/// # }
/// ```
#[derive(Clone)]
pub struct Verifier {
    pub(crate) key: Arc<BoundKey>,
    pub(crate) headers: Arc<HeaderCache>,
}

/// A key bound to an algorithm, and what may be said about it.
pub(crate) struct BoundKey {
    pub(crate) info: KeyInfo,
    verify: Box<dyn Verify>,
}

impl Verifier {
    /// Binds a key to the algorithm that the key itself fixes: its `alg`, or the only one of its type and curve.
    ///
    /// # Errors
    ///
    /// As for [`bind_to`](Self::bind_to), and [`KeyError::Ambiguous`] where the key fixes none.
    pub fn bind<K: VerificationKey>(backend: &Arc<dyn Backend>, key: &K) -> Result<Self, KeyError> {
        key.bind_verifier(backend, key.own_alg()?)
    }

    /// Binds a key to an algorithm.
    ///
    /// # Errors
    ///
    /// [`KeyError::UsageMismatch`] where type, curve, `alg`, `use` or `key_ops` do not fit,
    /// [`KeyError::TooWeak`] for keys below the least size, [`KeyError::Malformed`] for material that is wrong.
    pub fn bind_to<K: VerificationKey>(
        backend: &Arc<dyn Backend>,
        key: &K,
        alg: K::Alg,
    ) -> Result<Self, KeyError> {
        key.bind_verifier(backend, alg)
    }

    /// A verifier for an algorithm of your own.
    #[must_use]
    pub fn new(verify: Arc<dyn Verify>, kid: Option<String>) -> Self {
        Self::with(Box::new(verify), kid, Material::Unknown)
    }

    /// A verifier that computes authentication codes and compares them in constant time.
    #[must_use]
    pub fn from_mac(mac: Arc<dyn Mac>, kid: Option<String>) -> Self {
        Self::with(Box::new(MacVerify(mac)), kid, Material::Unknown)
    }

    pub(crate) fn of_public(verify: Arc<dyn Verify>, jwk: &PublicJwk) -> Self {
        let material = Material::Public(jwk.key().clone());
        Self::with(Box::new(verify), jwk.members().kid.clone(), material)
    }

    pub(crate) fn of_secret(mac: Arc<dyn Mac>, jwk: &SecretJwk) -> Self {
        let material = Material::Secret(jwk.k().clone());
        Self::with(
            Box::new(MacVerify(mac)),
            jwk.members().kid.clone(),
            material,
        )
    }

    fn with(verify: Box<dyn Verify>, kid: Option<String>, material: Material) -> Self {
        let info = KeyInfo::new(verify.alg().clone(), kid, material);
        Self {
            key: Arc::new(BoundKey { info, verify }),
            headers: Arc::default(),
        }
    }

    /// The one algorithm.
    #[must_use]
    pub fn alg(&self) -> &AlgName {
        &self.key.info.alg
    }

    /// What may be said about the key.
    #[must_use]
    pub fn info(&self) -> &KeyInfo {
        &self.key.info
    }

    /// Whether `signature` is this key's over octets of the caller's own, as [`Signer::sign_octets`](super::Signer::sign_octets) makes it.
    ///
    /// # Errors
    ///
    /// [`CheckError::SignatureInvalid`]; [`CheckError::Input`] of [`InputError::Token`](super::InputError::Token) for octets that are the signing
    /// input of a token, see [`SigningInput::octets`].
    pub fn verify_octets(&self, octets: &[u8], signature: &[u8]) -> Result<(), CheckError> {
        self.check(&SigningInput::octets(octets)?, signature)
    }

    /// Keeps the reason that the key is trusted for. Only for a verifier that was bound just now, which nobody else
    /// has yet.
    pub(crate) fn trusted_because(mut self, why: Trust) -> Self {
        if let Some(key) = Arc::get_mut(&mut self.key) {
            key.info.trusted_because(why);
        }
        self
    }

    pub(crate) fn check(
        &self,
        input: &SigningInput<'_>,
        signature: &[u8],
    ) -> Result<(), CheckError> {
        self.key.check(input, signature)
    }
}

impl BoundKey {
    pub(crate) fn check(
        &self,
        input: &SigningInput<'_>,
        signature: &[u8],
    ) -> Result<(), CheckError> {
        self.verify.verify(input, signature)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Verifier").field(self.info()).finish()
    }
}

/// Which key verified a token.
pub struct KeyInfo {
    alg: AlgName,
    kid: Option<String>,
    material: Material,
    trust: Trust,
    thumbprint: OnceLock<[u8; 32]>,
}

pub(crate) enum Material {
    Public(PublicKey),
    Secret(SecretBytes),
    /// A custom algorithm's, or a remote MAC key.
    Unknown,
}

impl KeyInfo {
    pub(crate) const fn new(alg: AlgName, kid: Option<String>, material: Material) -> Self {
        Self {
            alg,
            kid,
            material,
            trust: Trust::Caller,
            thumbprint: OnceLock::new(),
        }
    }

    /// The algorithm the key is bound to.
    #[must_use]
    pub const fn alg(&self) -> &AlgName {
        &self.alg
    }

    /// The key's own `kid`; the token may have named another, or none.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Why the key is trusted.
    ///
    /// ```
    /// # fn f(token: &str, keys: &bulla_core::key::KeySet) -> Result<(), bulla_core::jwt::VerifyError> {
    /// use bulla_core::jwt::Expectations;
    /// let valid = Expectations::new("https://issuer.example", "api").verify::<()>(token, keys)?;
    /// println!("accepted, since the key is trusted by {}", valid.key().trust());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn trust(&self) -> &Trust {
        &self.trust
    }

    pub(crate) fn trusted_because(&mut self, why: Trust) {
        self.trust = why;
    }

    /// The key's RFC 7638 thumbprint with SHA-256; none for keys of custom algorithms.
    #[must_use]
    pub fn thumbprint(&self) -> Option<&[u8; 32]> {
        let compute = |digest: crate::jwa::Digest| thumbprint::octets(&digest);
        match &self.material {
            Material::Public(key) => Some(
                self.thumbprint
                    .get_or_init(|| compute(thumbprint::of_public(key, HashAlg::Sha256))),
            ),
            Material::Secret(k) => Some(
                self.thumbprint
                    .get_or_init(|| compute(thumbprint::of_secret(k, HashAlg::Sha256))),
            ),
            Material::Unknown => None,
        }
    }
}

impl fmt::Debug for KeyInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyInfo")
            .field("alg", &self.alg)
            .field("kid", &self.kid)
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}

impl Verify for Arc<dyn Verify> {
    fn alg(&self) -> &AlgName {
        self.as_ref().alg()
    }

    fn verify(&self, input: &SigningInput<'_>, signature: &[u8]) -> Result<(), CheckError> {
        self.as_ref().verify(input, signature)
    }
}

struct MacVerify(Arc<dyn Mac>);

impl Verify for MacVerify {
    fn alg(&self) -> &AlgName {
        Mac::alg(self.0.as_ref())
    }

    fn verify(&self, input: &SigningInput<'_>, signature: &[u8]) -> Result<(), CheckError> {
        let computed = self.0.mac(input).map_err(|error| match error {
            SignError::Input(error) => CheckError::Input(error),
            _ => CheckError::SignatureInvalid,
        })?;
        // A code of no octets, which only a faulty `Mac` makes, would equal the signature that is not there.
        if !signature.is_empty() && equal(computed.as_ref(), signature) {
            Ok(())
        } else {
            Err(CheckError::SignatureInvalid)
        }
    }
}

/// Whether two codes are equal, in time that depends on their lengths alone. Word by word, which is a fourth of
/// the time that octet by octet takes.
fn equal(one: &[u8], other: &[u8]) -> bool {
    let ((ones, one_rest), (others, other_rest)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    // Slices of different length are unequal at once; the length of a code is no secret.
    let same_length = subtle::Choice::from(u8::from(one.len() == other.len()));
    let words = ones.iter().zip(others);
    let equal = words.fold(same_length, |equal, (one, other)| {
        equal & u64::from_le_bytes(*one).ct_eq(&u64::from_le_bytes(*other))
    });
    (equal & one_rest.ct_eq(other_rest)).into()
}

#[cfg(test)]
mod tests {
    use super::equal;

    #[test]
    fn codes_are_equal_in_every_octet_and_in_length() {
        for len in [0, 1, 7, 8, 9, 32, 48, 64, 65] {
            let code: Vec<u8> = (0..len).map(|index| index as u8).collect();
            assert!(equal(&code, &code));
            assert!(!equal(&code, &[&code[..], &[0]].concat()));
            for index in 0..len {
                let mut other = code.clone();
                other[index] ^= 0x80;
                assert!(!equal(&code, &other), "{index} of {len}");
                assert!(!equal(&code, &code[..index]), "{index} of {len}");
            }
        }
    }
}
