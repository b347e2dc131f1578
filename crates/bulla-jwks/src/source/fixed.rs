use bulla_core::jwk::JwkSet;
use bulla_core::key::BoxFuture;

use super::{Loaded, Source, SourceError, Version, Wish};
use crate::freshness::Freshness;

/// A set that does not change: pinned keys, or the last resort of a [`Failover`](super::Failover).
#[derive(Clone, Debug)]
pub struct FixedSet {
    set: JwkSet,
}

impl FixedSet {
    /// These keys, for ever.
    #[must_use]
    pub const fn new(set: JwkSet) -> Self {
        Self { set }
    }
}

impl Source for FixedSet {
    fn name(&self) -> &str {
        NAME
    }

    fn load<'a>(&'a self, wish: &'a Wish) -> BoxFuture<'a, Result<Loaded, SourceError>> {
        let loaded = match wish.known_of(NAME) {
            Some(_) => Loaded::NotModified(Freshness::Unstated),
            None => Loaded::Set {
                set: self.set.clone(),
                freshness: Freshness::Unstated,
                version: Some(Version::new(NAME)),
            },
        };
        Box::pin(std::future::ready(Ok(loaded)))
    }
}

const NAME: &str = "fixed set";
