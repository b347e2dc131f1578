//! Trust as a type state: what nobody has vouched for, what is trusted and why, and who may say so.
//!
//! | Type | What it is |
//! |---|---|
//! | [`Untrusted`] | came with a token; no operation takes it |
//! | [`Trusted`], [`Trust`] | a value, and the reason it is trusted for; [`KeyInfo::trust`](crate::key::KeyInfo::trust) says it of a verified token |
//! | [`KeyStore`], [`InMemoryKeyStore`] | keys at hand; by its type, only trusted ones go in |
//! | [`ResolveKey`] | keys that must be looked for: key store files, directories, databases |
//! | [`HeaderKeys`] | finds the keys that a token's header names or brings, as far as the application allows |
//! | [`ValidatePath`] | judges certificate chains (the crate `bulla-x509` has the implementation) |
//! | [`FetchUrl`] | fetches what stands at a URL (the crate `bulla-jwks` has the implementation) |

mod allowed_urls;
mod fetch;
mod find_keys;
mod header_keys;
mod name;
mod named_keys;
mod path;
mod reason;
mod resolve;
mod resolve_error;
mod resolved_keys;
mod said;
mod search;
mod store;
mod trusted;
mod untrusted;

pub use allowed_urls::{AllowedUrls, UrlRefused};
pub use fetch::{FetchError, FetchUrl};
pub use header_keys::HeaderKeys;
pub use name::{FoundBy, KeyName};
pub use path::{PathRefused, TrustedPath, ValidatePath};
pub use reason::Trust;
pub use resolve::ResolveKey;
pub use resolve_error::{Contradiction, ResolveError};
pub use resolved_keys::ResolvedKeys;
pub use store::{InMemoryKeyStore, KeyStore};
pub use trusted::Trusted;
pub use untrusted::Untrusted;
