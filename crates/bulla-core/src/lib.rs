//! JOSE formats, types and traits.

pub mod base64url;
mod fault;
mod header;
pub mod json;
pub mod jwa;
pub mod jwe;
pub mod jwk;
pub mod jws;
pub mod jwt;
pub mod key;
mod limits;
pub mod manual;
mod secret;
mod time;
mod trust;

pub use fault::Fault;
pub use header::{Header, MalformedToken};
pub use limits::Limits;
pub use secret::SecretBytes;
pub use time::{Clock, SystemClock};
pub use trust::Untrusted;
