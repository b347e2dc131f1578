use core::fmt;
use std::sync::Arc;

use super::{Backend, Mac, Sign, SignError, Signature, SigningInput, SigningKey};
use crate::jwa::AlgName;
use crate::jwk::KeyError;

/// A private or secret key bound to one algorithm, ready to sign.
///
/// Cheap to clone and to share between threads; whatever is costly was prepared when it was bound.
#[derive(Clone)]
pub struct Signer {
    sign: Arc<dyn Sign>,
    kid: Option<Arc<str>>,
    /// The protected header segment of a plain JWT, encoded once.
    jwt_header: Arc<std::sync::OnceLock<String>>,
}

impl Signer {
    /// Binds a key to the algorithm that the key itself fixes: its `alg`, or the only one of its type and curve.
    ///
    /// # Errors
    ///
    /// As for [`bind_to`](Self::bind_to), and [`KeyError::Ambiguous`] where the key fixes none.
    pub fn bind<K: SigningKey>(backend: &Arc<dyn Backend>, key: &K) -> Result<Self, KeyError> {
        key.bind_signer(backend, key.own_alg()?)
    }

    /// Binds a key to an algorithm.
    ///
    /// # Errors
    ///
    /// [`KeyError::UsageMismatch`] where type, curve, `alg`, `use` or `key_ops` do not fit,
    /// [`KeyError::TooWeak`] for keys below the least size, [`KeyError::Malformed`] for material that is wrong.
    pub fn bind_to<K: SigningKey>(
        backend: &Arc<dyn Backend>,
        key: &K,
        alg: K::Alg,
    ) -> Result<Self, KeyError> {
        key.bind_signer(backend, alg)
    }

    /// A signer for a key operation of your own: a custom algorithm, or hardware that answers at once.
    #[must_use]
    pub fn new(sign: Arc<dyn Sign>, kid: Option<String>) -> Self {
        Self {
            sign,
            kid: kid.map(Into::into),
            jwt_header: Arc::default(),
        }
    }

    /// A signer that computes authentication codes.
    #[must_use]
    pub fn from_mac(mac: Arc<dyn Mac>, kid: Option<String>) -> Self {
        Self::new(Arc::new(MacSign(mac)), kid)
    }

    /// The one algorithm.
    #[must_use]
    pub fn alg(&self) -> &AlgName {
        Sign::alg(self.sign.as_ref())
    }

    /// The `kid` that headers made with this signer carry, unless they set their own.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Signs octets of the caller's own, for a protocol that is not JOSE: the bare signature, in the form JOSE wants
    /// (R‖S for ECDSA). Tokens are made with [`Builder`](crate::jws::Builder).
    ///
    /// # Errors
    ///
    /// [`SignError::Input`] of [`InputError::Token`](super::InputError::Token) for octets that are the signing input of a
    /// token, see [`SigningInput::octets`]; [`SignError::Failed`] where the primitive fails.
    pub fn sign_octets(&self, octets: &[u8]) -> Result<Signature, SignError> {
        self.sign(&SigningInput::octets(octets)?)
    }

    pub(crate) fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        self.sign.sign(input)
    }

    pub(crate) fn jwt_header(&self) -> &std::sync::OnceLock<String> {
        &self.jwt_header
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("alg", self.alg())
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

struct MacSign(Arc<dyn Mac>);

impl Sign for MacSign {
    fn alg(&self) -> &AlgName {
        Mac::alg(self.0.as_ref())
    }

    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        self.0.mac(input)
    }
}
