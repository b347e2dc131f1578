//! JOSE formats, types and traits: everything but the ciphers and the network.
//!
//! | Module | What is in it |
//! |---|---|
//! | [`jwa`] | algorithms: their names, and one table of facts a kind |
//! | [`jwk`] | keys and sets of them; thumbprints; with the feature `pem` also PEM and DER |
//! | [`jws`] | signed content: compact, flattened, general, detached, streamed |
//! | [`jwe`] | encrypted content: compact, flattened, general |
//! | [`jwt`] | claims: issuing them, and expecting them |
//! | [`payload`] | what tokens carry, by media type: octets, text, JSON, keys, other tokens |
//! | [`key`] | the one joint where local keys, remote keys and algorithms of your own meet |
//! | [`trust`] | how a key that came with a token, or is named by one, may earn trust: stores, resolvers, certificates, URLs |
//! | [`json`], [`base64url`] | the strict parsers that everything above goes through |
//! | [`manual`] | prose: known attacks, every default, what does not compile, keys held elsewhere |
//!
//! An application adds the crate `bulla`, which brings this one together with a software backend. This one is for
//! whoever writes a backend, an adapter to a vault, or a library that should not choose either.

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
pub mod payload;
mod secret;
mod time;
pub mod trust;

pub use fault::Fault;
pub use header::{Header, MalformedToken};
pub use limits::Limits;
pub use secret::SecretBytes;
pub use time::{Clock, SystemClock};
pub use trust::{Trust, Trusted, Untrusted};
