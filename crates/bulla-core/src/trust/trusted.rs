use core::ops::Deref;
use std::sync::Arc;

use super::Trust;
use crate::jwa::KeyManagementAlg;
use crate::jwk::KeyError;
use crate::key::{
    Backend, Bindable, Decrypter, DecryptionKey, Encrypter, EncryptionKey, KeyManagementKey,
    Signer, SigningKey, VerificationKey, Verifier,
};

/// A value, and the reason it is trusted for.
///
/// A trusted key is bound like a plain one, and what is bound keeps the reason: an audit can ask a verified token
/// for [`key().trust()`](crate::key::KeyInfo::trust). A plain key, which the program itself read or made, is trusted because the [caller](Trust::Caller) says so.
///
/// ```
/// # use bulla_core::jwk::Jwk;
/// use bulla_core::{Trusted, trust::Trust};
/// # fn f(jwk: Jwk) {
/// let pinned = Trusted::new(jwk, Trust::Caller);
/// println!("{}", pinned.why()); // "the caller"
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trusted<T> {
    value: T,
    why: Trust,
}

impl<T> Trusted<T> {
    /// Declares that `value` is trusted, and why.
    ///
    /// # Security
    ///
    /// Nothing verifies the reason. What came with a token is [`Untrusted`](super::Untrusted), which has names of its own for this.
    #[must_use]
    pub const fn new(value: T, why: Trust) -> Self {
        Self { value, why }
    }

    /// Why the value is trusted.
    #[must_use]
    pub const fn why(&self) -> &Trust {
        &self.why
    }

    /// The value without the reason: what is bound of it will say that the caller vouches for it.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// A part of the value, such as the public half of a key, which is trusted for the same reason.
    #[must_use]
    pub fn map<U>(self, part: impl FnOnce(T) -> U) -> Trusted<U> {
        Trusted::new(part(self.value), self.why)
    }
}

impl<T> Deref for Trusted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> crate::key::sealed::Sealed for Trusted<T> {}

impl<T: Bindable> Bindable for Trusted<T> {
    type Alg = T::Alg;

    fn own_alg(&self) -> Result<Self::Alg, KeyError> {
        self.value.own_alg()
    }
}

impl<T: SigningKey> SigningKey for Trusted<T> {
    fn bind_signer(&self, backend: &Arc<dyn Backend>, alg: Self::Alg) -> Result<Signer, KeyError> {
        self.value.bind_signer(backend, alg)
    }
}

impl<T: VerificationKey> VerificationKey for Trusted<T> {
    fn bind_verifier(
        &self,
        backend: &Arc<dyn Backend>,
        alg: Self::Alg,
    ) -> Result<Verifier, KeyError> {
        let verifier = self.value.bind_verifier(backend, alg)?;
        Ok(verifier.trusted_because(self.why.clone()))
    }
}

impl<T: KeyManagementKey> KeyManagementKey for Trusted<T> {
    fn own_key_management(&self) -> Result<KeyManagementAlg, KeyError> {
        self.value.own_key_management()
    }
}

impl<T: EncryptionKey> EncryptionKey for Trusted<T> {
    fn bind_encrypter(
        &self,
        backend: &Arc<dyn Backend>,
        alg: KeyManagementAlg,
    ) -> Result<Encrypter, KeyError> {
        self.value.bind_encrypter(backend, alg)
    }
}

impl<T: DecryptionKey> DecryptionKey for Trusted<T> {
    fn bind_decrypter(
        &self,
        backend: &Arc<dyn Backend>,
        alg: KeyManagementAlg,
    ) -> Result<Decrypter, KeyError> {
        let decrypter = self.value.bind_decrypter(backend, alg)?;
        Ok(decrypter.trusted_because(self.why.clone()))
    }
}
