use std::sync::Arc;

use bulla_core::Limits;
use bulla_core::jwk::JwkSet;
use bulla_core::key::BoxFuture;
use url::Url;

use super::{Loaded, Source, SourceError, Version, Wish};
use crate::http::{Fetch, Origin, Request, Response, UrlRefused};

/// A JWK Set at a URL.
#[derive(Clone, Debug)]
pub struct Https {
    url: Url,
    origin: Origin,
    client: Arc<dyn Fetch>,
    limits: Limits,
}

impl Https {
    /// The set at this URL. The query is part of what the source is.
    #[must_use]
    pub fn new(url: Url, client: Arc<dyn Fetch>) -> Self {
        Self {
            url,
            origin: Origin::Configured,
            client,
            limits: remote_limits(),
        }
    }

    /// Says that somebody else chose the URL: nothing that is not public is connected to, and no proxy used.
    #[must_use]
    pub const fn untrusted(mut self) -> Self {
        self.origin = Origin::Untrusted;
        self
    }

    /// Other limits than the defaults, 100 keys and 256 KiB.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Whether the client would ask there at all.
    pub(crate) fn check(&self) -> Result<(), UrlRefused> {
        self.client.check(&self.url, self.origin)
    }

    /// The URL.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }
}

impl Source for Https {
    fn name(&self) -> &str {
        self.url.as_str()
    }

    fn load<'a>(&'a self, wish: &'a Wish) -> BoxFuture<'a, Result<Loaded, SourceError>> {
        Box::pin(async move {
            let known = wish.known_of(self.name());
            let mut request = Request::new(self.url.clone());
            request.accept = "application/jwk-set+json, application/json";
            request.origin = self.origin;
            request.etag = known.and_then(|version| version.etag.clone());
            request.last_modified = known.and_then(|version| version.last_modified.clone());
            request.revalidate = wish.forced;
            request.body_limit = self.limits.jwk_set;
            let document = match self.client.get(&request).await? {
                Response::NotModified(freshness) => return Ok(Loaded::NotModified(freshness)),
                Response::Document(document) => document,
            };
            note_type(self.name(), document.content_type.as_deref());
            let set =
                JwkSet::parse_with(&document.body, &self.limits).map_err(SourceError::Malformed)?;
            let version = Version {
                etag: document.etag,
                last_modified: document.last_modified,
                ..Version::new(self.name())
            };
            let has_version = version.etag.is_some() || version.last_modified.is_some();
            Ok(Loaded::Set {
                set,
                freshness: document.freshness,
                version: has_version.then_some(version),
            })
        })
    }
}

/// What a set of somebody else's may cost: 100 keys, 256 KiB. The rest as for everything.
pub(crate) const fn remote_limits() -> Limits {
    let mut limits = Limits::DEFAULT;
    limits.keys = 100;
    limits.jwk_set = 256 * 1024;
    limits
}

/// Issuers send all sorts of types; what is no JWK Set does not parse as one.
fn note_type(source: &str, content_type: Option<&str>) {
    let essence = content_type.map(|text| text.split(';').next().unwrap_or_default().trim());
    let usual = |text: &str| {
        text.eq_ignore_ascii_case("application/jwk-set+json")
            || text.eq_ignore_ascii_case("application/json")
    };
    if !essence.is_some_and(usual) {
        tracing::debug!(source, content_type = ?content_type, "unusual content type of a JWK Set");
    }
}
