//! Keys published elsewhere: JWK Sets over HTTPS, cached, refreshed, and bounded in every direction.
//!
//! ```no_run
//! # #[derive(serde::Deserialize)] struct Me {}
//! # async fn f(token: &str) -> Result<(), Box<dyn std::error::Error>> {
//! use bulla_core::jwt::Expectations;
//!
//! let keys = bulla_jwks::discover("https://issuer.example").start()?; // once, when the program starts
//! let expect = Expectations::new("https://issuer.example", "api"); // once
//! let valid = keys.verify(|keys| expect.verify::<Me>(token, keys)).await?; // for each token
//! # Ok(()) }
//! ```
//!
//! | To | use |
//! |---|---|
//! | verify with the keys at a URL | [`https`] |
//! | verify with the keys of an issuer | [`discover`] |
//! | verify tokens of Microsoft Entra | [`entra()`] |
//! | verify tokens of several issuers | [`Issuers`] |
//! | read a file, fail over, or bring a source of your own | [`source`], [`RemoteKeys::from_source`] |
//! | see how it does | [`RemoteKeys::health`], the metrics `bulla_jwks_*`, and `tracing` |
//! | publish keys of your own | [`publish::Published`] |
//! | change a number | [`machine::CachePolicy`], [`http::HttpOptions`] |
//!
//! # What happens when a key is not there
//!
//! Choosing a key is synchronous, and asking an issuer is not. So [`RemoteKeys::verify`] takes the operation as a closure
//! and runs it on a snapshot; only if it fails because the key is missing, it has the issuer asked and runs it again. The
//! operation stays what it is without a remote set, the header is parsed once, and where the key is known nothing is
//! allocated or awaited. Rejected: a look-up before verifying (`keys_for(token)`), which parses each header twice; and an
//! asynchronous [`Keys`](bulla_core::key::Keys), which would make every verification asynchronous for the one in a
//! million that has to wait.

pub mod entra;
mod events;
pub mod freshness;
mod health;
pub mod http;
mod issuers;
pub mod machine;
mod persist;
pub mod publish;
mod remote;
pub mod source;

pub use entra::entra;
pub use freshness::Freshness;
pub use health::{Counts, SourceHealth};
pub use issuers::Issuers;
pub use remote::{
    Coded, KeysUnavailable, MissingKey, Rejected, RemoteBuilder, RemoteError, RemoteKeys, Snapshot,
    StartError, discover, https,
};
