//! JSON Web Signatures (RFC 7515) with unencoded payloads (RFC 7797).
//!
//! [`Builder`] produces, [`Jws`] consumes. The caller states which serialization it expects; nothing is
//! sniffed. A [`Jws`] that is not verified has headers and no payload.

mod build;
mod compact;
mod error;
mod general;
mod headers;
mod json_form;
mod owned;
mod parsed;
mod pending;
mod policy;
mod verify;

pub use build::Builder;
pub(crate) use compact::{Parts, verify_compact};
pub use error::{BuildError, VerifyError};
pub use general::General;
pub use headers::Headers;
pub(crate) use headers::ReadyHeaders;
pub use parsed::{
    Jws, Serialization, SignatureEntry, Unverified, Verified, VerifiedSignature, VerifiedStream,
};
pub use pending::Pending;
pub(crate) use pending::sign_segments;
pub use policy::Policy;

#[cfg(test)]
mod tests;
