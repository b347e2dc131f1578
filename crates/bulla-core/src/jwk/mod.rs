//! JSON Web Keys (RFC 7517) and everything they are read from and written to.

mod akp;
mod any;
mod certificate;
mod ec;
mod error;
mod key_algorithm;
mod members;
mod oct;
mod okp;
mod parse;
#[cfg(feature = "pem")]
pub mod pem;
mod print;
mod private;
mod public;
mod raw;
mod rsa;
mod set;
mod soft;
mod spki;
pub mod thumbprint;
mod usage;

pub use akp::{AkpPrivateKey, AkpPublicKey};
pub use any::Jwk;
pub use certificate::certificate_sha256;
pub(crate) use certificate::{Use, check_certificates, check_key_usage};
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

#[cfg(test)]
mod tests;
