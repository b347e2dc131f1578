use std::sync::Arc;
use std::time::Duration;

use bulla_core::key::BoxFuture;
use tokio::time::{Instant, timeout};

use super::{Loaded, Source, SourceError, Wish};

/// Several sources of the same keys, each asked where those before it failed.
///
/// They share the 30 seconds that a source may take: each may take an equal part of what those before it left.
///
/// What a source says is the whole truth: a key that the first does not have is not looked for in the next.
///
/// ```no_run
/// use bulla_jwks::{RemoteKeys, source::{Failover, FixedSet, Https}};
/// # fn f(client: std::sync::Arc<dyn bulla_jwks::http::Fetch>, pinned: bulla_core::jwk::JwkSet) -> Result<(), Box<dyn std::error::Error>> {
/// let sources = Failover::new(Https::new("https://eu.issuer.example/jwks".parse()?, client.clone()))
///     .then(Https::new("https://us.issuer.example/jwks".parse()?, client))
///     .then(FixedSet::new(pinned));
/// let keys = RemoteKeys::from_source(sources).start()?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Failover {
    name: String,
    sources: Vec<Arc<dyn Source>>,
}

impl Failover {
    /// Begins with the source that is asked first.
    #[must_use]
    pub fn new(first: impl Source + 'static) -> Self {
        Self {
            name: first.name().to_owned(),
            sources: vec![Arc::new(first)],
        }
    }

    /// Adds a source that is asked where all before it failed.
    #[must_use]
    pub fn then(mut self, next: impl Source + 'static) -> Self {
        self.sources.push(Arc::new(next));
        self
    }
}

impl Source for Failover {
    fn name(&self) -> &str {
        &self.name
    }

    fn load<'a>(&'a self, wish: &'a Wish) -> BoxFuture<'a, Result<Loaded, SourceError>> {
        Box::pin(async move {
            let mut errors = Vec::new();
            let deadline = Instant::now() + ALL;
            for (source, left) in self.sources.iter().zip((1..=self.sources.len()).rev()) {
                // A source that hangs must leave time for those behind it.
                let left = u32::try_from(left).unwrap_or(u32::MAX);
                let share = deadline.saturating_duration_since(Instant::now()) / left;
                let loaded = timeout(share, source.load(wish)).await;
                let loaded = loaded.unwrap_or(Err(SourceError::Overdue));
                match loaded.and_then(not_empty) {
                    Ok(loaded) => return Ok(loaded),
                    Err(error) => {
                        let (source, code) = (source.name(), error.code());
                        tracing::warn!(source, code, %error, "source of keys failed; asking the next");
                        errors.push(error);
                    }
                }
            }
            Err(SourceError::Several(errors))
        })
    }
}

/// A little less than a source may take, so that it is here that the time is shared out.
const ALL: Duration = Duration::from_secs(28);

/// A set without one public key is no better than none.
fn not_empty(loaded: Loaded) -> Result<Loaded, SourceError> {
    match &loaded {
        Loaded::Set { set, .. } if set.public_keys().next().is_none() => {
            Err(SourceError::NoUsableKey {
                rejected: set.keys().len() + set.rejected().len(),
            })
        }
        _ => Ok(loaded),
    }
}
