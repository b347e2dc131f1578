use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bulla_core::Limits;
use bulla_core::key::BoxFuture;
use tokio::time::Instant;
use url::Url;

use super::https::remote_limits;
use super::{Https, Loaded, Metadata, MetadataError, Source, SourceError, Wish};
use crate::http::{Fetch, FetchError, Origin, Request, Response, Unreachable, UrlRefused};

/// The keys of an issuer, found by its metadata.
///
/// The metadata is read at first, then once a day, and when the keys cannot be had where it says they are, but never
/// because of an unknown `kid`: its own timer is slow. Where it cannot be read again, what it said before holds.
#[derive(Debug)]
pub struct Discovery {
    issuer: String,
    /// Tried in order; the next one where there is nothing (404).
    urls: Vec<Url>,
    name: String,
    origin: Origin,
    client: Arc<dyn Fetch>,
    limits: Limits,
    every: Duration,
    found: Mutex<Option<Found>>,
}

#[derive(Clone, Debug)]
struct Found {
    jwks_uri: Url,
    at: Instant,
    /// Whether the keys could not be had there since.
    doubtful: bool,
}

impl Discovery {
    /// The keys of an issuer by OpenID Connect Discovery (`/.well-known/openid-configuration` after its path), or, where
    /// there is nothing, by RFC 8414 (`/.well-known/oauth-authorization-server` before its path).
    ///
    /// # Errors
    ///
    /// [`UrlRefused`] where the issuer is no URL, or has a query or fragment.
    pub fn new(issuer: &str, client: Arc<dyn Fetch>) -> Result<Self, UrlRefused> {
        let base: Url = issuer.parse().map_err(|_| UrlRefused::Syntax)?;
        if base.query().is_some() || base.fragment().is_some() {
            return Err(UrlRefused::Syntax);
        }
        let path = base.path().trim_end_matches('/');
        let well_known = |path: String| {
            let mut url = base.clone();
            url.set_path(&path);
            url
        };
        let urls = vec![
            well_known(format!("{path}/.well-known/openid-configuration")),
            well_known(format!("/.well-known/oauth-authorization-server{path}")),
        ];
        Ok(Self::with(issuer, urls, client))
    }

    /// The keys of an issuer whose metadata is at this URL, query included.
    #[must_use]
    pub fn at(url: Url, issuer: &str, client: Arc<dyn Fetch>) -> Self {
        Self::with(issuer, vec![url], client)
    }

    fn with(issuer: &str, urls: Vec<Url>, client: Arc<dyn Fetch>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            name: urls.first().map_or_else(String::new, Url::to_string),
            urls,
            origin: Origin::Configured,
            client,
            limits: remote_limits(),
            every: Duration::from_secs(24 * 3_600),
            found: Mutex::new(None),
        }
    }

    /// Says that somebody else chose the issuer: nothing that is not public is connected to, and no proxy used.
    #[must_use]
    pub const fn untrusted(mut self) -> Self {
        self.origin = Origin::Untrusted;
        self
    }

    /// Other limits of the key set than the defaults, 100 keys and 256 KiB.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads the metadata again after so long: 24 hours.
    #[must_use]
    pub const fn every(mut self, period: Duration) -> Self {
        self.every = period;
        self
    }

    /// Whether the client would ask for the metadata at all.
    pub(crate) fn check(&self) -> Result<(), UrlRefused> {
        let mut urls = self.urls.iter();
        urls.try_for_each(|url| self.client.check(url, self.origin))
    }

    /// Where the keys are: as found before, unless that is too long ago or turned out wrong.
    async fn jwks_uri(&self) -> Result<Url, SourceError> {
        let known = self.found().clone();
        if let Some(found) = &known {
            let period = if found.doubtful { DOUBTFUL } else { self.every };
            if found.at.elapsed() < period {
                return Ok(found.jwks_uri.clone());
            }
        }
        match (self.read().await, known) {
            (Ok(metadata), _) => {
                *self.found() = Some(Found {
                    jwks_uri: metadata.jwks_uri.clone(),
                    at: Instant::now(),
                    doubtful: false,
                });
                Ok(metadata.jwks_uri)
            }
            (Err(error), Some(found)) => {
                tracing::warn!(source = self.name, code = error.code(), %error, "metadata cannot be read again");
                let jwks_uri = found.jwks_uri.clone();
                // Asked again soon, and not with each refresh of the keys.
                *self.found() = Some(Found {
                    at: Instant::now(),
                    doubtful: true,
                    ..found
                });
                Ok(jwks_uri)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn read(&self) -> Result<Metadata, SourceError> {
        let mut nothing = None;
        for url in &self.urls {
            let mut request = Request::new(url.clone());
            request.origin = self.origin;
            let metadata = match self.client.get(&request).await {
                Ok(Response::Document(document)) => Metadata::parse(&document.body),
                Ok(Response::NotModified(_)) => Err(MetadataError::Malformed),
                Err(error) if is_nothing_there(&error) => {
                    nothing.get_or_insert(error);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let metadata = metadata.map_err(SourceError::Metadata)?;
            metadata
                .expect_issuer(&self.issuer)
                .map_err(SourceError::Metadata)?;
            return Ok(metadata);
        }
        let none = || FetchError::Url(UrlRefused::Host);
        Err(nothing.unwrap_or_else(none).into())
    }

    fn doubt(&self) {
        if let Some(found) = self.found().as_mut() {
            found.doubtful = true;
        }
    }

    fn found(&self) -> std::sync::MutexGuard<'_, Option<Found>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for Discovery {
    fn name(&self) -> &str {
        &self.name
    }

    fn load<'a>(&'a self, wish: &'a Wish) -> BoxFuture<'a, Result<Loaded, SourceError>> {
        Box::pin(async move {
            let url = self.jwks_uri().await?;
            let mut keys = Https::new(url, Arc::clone(&self.client)).limits(self.limits.clone());
            if self.origin == Origin::Untrusted {
                keys = keys.untrusted();
            }
            let loaded = keys.load(wish).await;
            if loaded.is_err() {
                self.doubt();
            }
            loaded
        })
    }
}

const fn is_nothing_there(error: &FetchError) -> bool {
    matches!(
        error,
        FetchError::Unavailable {
            why: Unreachable::Status { status: 404 | 410 },
            ..
        }
    )
}

/// How soon metadata is read again that led to no keys, or could not be read.
const DOUBTFUL: Duration = Duration::from_secs(300);
