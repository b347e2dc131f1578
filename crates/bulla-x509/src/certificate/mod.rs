//! What stands in a certificate, trusted or not.

mod alternative_name;
mod error;
mod extensions;
mod key_usage;
mod name;
mod parsed;
mod read;
mod signature;

pub use alternative_name::AlternativeName;
pub use error::CertificateError;
pub use key_usage::KeyUsage;
pub use name::DistinguishedName;
pub use parsed::Certificate;
pub(crate) use read::is_pem;
pub(crate) use signature::ALGORITHMS;
pub use signature::SignatureMismatch;
