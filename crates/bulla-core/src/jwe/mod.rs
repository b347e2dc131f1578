//! JSON Web Encryption (RFC 7516).
//!
//! [`Builder`] produces, [`Jwe`] consumes. The caller states which serialization it expects; nothing is
//! sniffed. A [`Jwe`] that is not decrypted has headers and no content.

mod budget;
mod build;
mod build_async;
mod concat_kdf;
mod conceal;
mod decrypt;
mod error;
mod json_form;
mod owned;
mod parameters;
mod parsed;
mod policy;
mod protected;
mod recipient;
mod seal;
mod zip;

pub use build::Builder;
pub use error::{DecryptError, EncryptError};
pub use parsed::{Decrypted, Encrypted, Jwe, Recipient};
pub use policy::Policy;
pub use recipient::RecipientHeader;
pub use zip::{Deflate, Zip};
