use core::future::ready;

use super::{BoxFuture, UnwrapError};
use crate::jwk::PublicKey;
use crate::secret::SecretBytes;

/// Agrees on a secret with a private key: the recipient's half of ECDH-ES (RFC 7518 §4.6).
pub trait Agree: Send + Sync {
    /// The shared secret Z with the sender's ephemeral key, before any derivation.
    ///
    /// # Errors
    ///
    /// [`UnwrapError::Failed`] for a key of another type or curve, a point that is not on the curve, and a
    /// secret that is all zero.
    fn agree(&self, ephemeral: &PublicKey) -> Result<SecretBytes, UnwrapError>;
}

/// Agrees with a key that may be far away. Every [`Agree`] is one, by the blanket implementation.
pub trait AgreeAsync: Send + Sync {
    /// The shared secret Z with the sender's ephemeral key.
    fn agree_async<'a>(
        &'a self,
        ephemeral: &'a PublicKey,
    ) -> BoxFuture<'a, Result<SecretBytes, UnwrapError>>;
}

impl<T: Agree + ?Sized> AgreeAsync for T {
    fn agree_async<'a>(
        &'a self,
        ephemeral: &'a PublicKey,
    ) -> BoxFuture<'a, Result<SecretBytes, UnwrapError>> {
        Box::pin(ready(self.agree(ephemeral)))
    }
}
