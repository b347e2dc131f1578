//! Where sets come from. Sources compose: [`Failover`] is made of others, and whatever implements [`Source`] can be
//! cached by [`RemoteKeys`](crate::RemoteKeys).

mod discovery;
mod error;
mod failover;
mod file;
mod fixed;
mod https;
mod metadata;

use core::fmt;

use bulla_core::jwk::JwkSet;
use bulla_core::key::BoxFuture;

pub use discovery::Discovery;
pub use error::SourceError;
pub use failover::Failover;
pub use file::WatchedFile;
pub use fixed::FixedSet;
pub use https::Https;
pub use metadata::{Metadata, MetadataError};

use crate::freshness::Freshness;

/// Gives a JWK Set when asked. One request at a time is made to it.
pub trait Source: Send + Sync + fmt::Debug {
    /// What it is, for logs and metrics: a URL, a path.
    fn name(&self) -> &str;

    /// Gets the set. Given up after 30 seconds.
    ///
    /// # Errors
    ///
    /// [`SourceError`] where there is none.
    fn load<'a>(&'a self, wish: &'a Wish) -> BoxFuture<'a, Result<Loaded, SourceError>>;
}

/// How a set is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wish {
    /// Whether a token names a key that is not in the set, so that caches on the way must not answer.
    pub forced: bool,
    /// What the set that is served came with. Where it is still the same, [`Loaded::NotModified`] is an answer.
    pub known: Option<Version>,
}

/// Which version of whose set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Version {
    /// Who gave it: one source does not understand the version of another.
    pub of: String,
    /// `ETag`, or whatever tells versions apart.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a source gave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Loaded {
    /// The version that is known is still the one.
    NotModified(Freshness),
    /// A set.
    Set {
        /// What could be read, and what could not.
        set: JwkSet,
        /// How long it is good for.
        freshness: Freshness,
        /// Its version, where the source has such.
        version: Option<Version>,
    },
}

impl Wish {
    /// The version that is known, if `of` gave it.
    #[must_use]
    pub fn known_of(&self, of: &str) -> Option<&Version> {
        self.known.as_ref().filter(|version| version.of == of)
    }
}

impl Version {
    /// A version that `of` gave.
    #[must_use]
    pub fn new(of: impl Into<String>) -> Self {
        Self {
            of: of.into(),
            ..Self::default()
        }
    }
}
