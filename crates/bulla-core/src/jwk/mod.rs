//! JSON Web Keys (RFC 7517) and everything they are read from and written to.

mod akp;
mod any;
mod ec;
mod error;
mod members;
mod oct;
mod okp;
mod parse;
mod print;
mod private;
mod public;
mod raw;
mod rsa;
mod set;
pub mod thumbprint;
mod usage;

pub use akp::{AkpPrivateKey, AkpPublicKey};
pub use any::Jwk;
pub use ec::{EcCurve, EcPrivateKey, EcPublicKey};
pub use error::{KeyError, Malformed, UsageMismatch};
pub use members::Members;
pub use oct::SecretJwk;
pub use okp::{OkpCurve, OkpPrivateKey, OkpPublicKey};
pub use private::{PrivateJwk, PrivateKey};
pub use public::{PublicJwk, PublicKey};
pub use rsa::{RsaCrt, RsaOtherPrime, RsaPrivateKey, RsaPublicKey};
pub use set::{JwkSet, RejectedKey};
pub use usage::{KeyOperation, PublicKeyUse};

pub(crate) fn check_certificates(
    _members: &Members,
    _key: &PublicKey,
    _backend: &dyn crate::key::Backend,
) -> Result<(), KeyError> {
    Ok(())
}

#[cfg(test)]
mod tests;
