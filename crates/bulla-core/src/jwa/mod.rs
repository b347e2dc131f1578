//! JSON Web Algorithms (RFC 7518 and its successors): the names, and one table of facts about them.
//!
//! A closed enum a kind, with no common parent: an algorithm appears only where a key is bound to it.
//! What stands in a header is an open [`AlgName`] that has no behaviour and is only ever compared.

mod content_encryption;
mod hash;
mod key_management;
mod mac;
mod name;
mod signature;
mod status;
mod table;

pub use content_encryption::{
    ContentEncryptionAlg, ContentEncryptionFacts, ContentEncryptionScheme,
};
pub(crate) use hash::Hasher;
pub use hash::{Digest, HashAlg};
pub use key_management::{KeyManagementAlg, KeyManagementFacts, KeyManagementScheme};
pub use mac::{MacAlg, MacFacts};
pub use name::AlgName;
pub use signature::{MlDsaParameters, SignatureAlg, SignatureFacts, SignatureScheme};
pub use status::Status;
