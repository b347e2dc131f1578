use core::fmt;

use bulla_core::key::BoxFuture;
use url::Url;

use super::{FetchError, UrlRefused};
use crate::freshness::Freshness;

/// Gets documents. Ours is [`HttpClient`](super::HttpClient); a test or an application may bring another.
pub trait Fetch: Send + Sync + fmt::Debug {
    /// Gets one document. Must come to an end by itself, and must not follow redirects.
    ///
    /// # Errors
    ///
    /// [`FetchError`] for everything but the document and "not modified".
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, FetchError>>;

    /// Whether a request to this URL would be made, as far as its text says. It is asked once, before anything is
    /// fetched, so that who configured the URL is told of a mistake at once.
    ///
    /// # Errors
    ///
    /// [`UrlRefused`]; none unless a client has such rules.
    fn check(&self, url: &Url, origin: Origin) -> Result<(), UrlRefused> {
        let _ = (url, origin);
        Ok(())
    }
}

/// Who chose a URL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// The operator of this program.
    #[default]
    Configured,
    /// Somebody else: a client that registered its `jwks_uri`, a header's `jku`. No private address is connected to,
    /// and no proxy is used.
    Untrusted,
}

/// What to get.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// From where.
    pub url: Url,
    /// Who chose it.
    pub origin: Origin,
    /// `Accept`.
    pub accept: &'static str,
    /// `If-None-Match`: the `ETag` of what is known.
    pub etag: Option<String>,
    /// `If-Modified-Since`: the `Last-Modified` of what is known.
    pub last_modified: Option<String>,
    /// Whether caches on the way must ask the origin (`Cache-Control: no-cache`).
    pub revalidate: bool,
    /// The most octets of a body: 256 KiB.
    pub body_limit: usize,
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response {
    /// Status 200.
    Document(Document),
    /// Status 304.
    NotModified(Freshness),
}

/// A document with what its header says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Document {
    /// The octets.
    pub body: Vec<u8>,
    /// How long it is good for.
    pub freshness: Freshness,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
}

impl Request {
    /// A request for JSON from a URL that the operator chose.
    ///
    /// ```
    /// use bulla_jwks::http::{Origin, Request};
    /// let mut request = Request::new("https://issuer.example/jwks".parse()?);
    /// request.origin = Origin::Untrusted; // somebody registered it
    /// # Ok::<(), url::ParseError>(())
    /// ```
    #[must_use]
    pub const fn new(url: Url) -> Self {
        Self {
            url,
            origin: Origin::Configured,
            accept: "application/json",
            etag: None,
            last_modified: None,
            revalidate: false,
            body_limit: BODY_LIMIT,
        }
    }
}

impl Document {
    /// A document of which nothing else is known.
    #[must_use]
    pub fn new(body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..Self::default()
        }
    }
}

/// 256 KiB. A JWK Set of a hundred RSA keys with certificates is about this long.
const BODY_LIMIT: usize = 256 * 1024;
