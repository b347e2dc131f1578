use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use bulla_jwks::http::{FetchError, Unreachable};
use http::header::ACCEPT;
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::oauth_client::TIMED_OUT;
use super::{TokenError, Transport, answer};
use crate::issuer::Issuer;
use crate::metadata::{MetadataError, ServerMetadata};
use crate::url_error::UrlError;

/// An authorization server as a client finds it: by its issuer identifier and the metadata that stands there, [RFC
/// 8414 §3](https://www.rfc-editor.org/rfc/rfc8414#section-3), else OpenID Connect Discovery 1.0 §4. Cheap to clone;
/// clones share what was read.
///
/// The metadata is read when it is first needed, once for everybody, then once a day, and soon after the endpoint that
/// it names was not there. While it is read again, and where it cannot be, what it said before holds.
#[derive(Clone)]
pub struct AuthorizationServer(Arc<Inner>);

struct Inner {
    issuer: Issuer,
    transport: Arc<dyn Transport>,
    every: Duration,
    found: Mutex<Option<Found>>,
}

struct Found {
    metadata: Arc<ServerMetadata>,
    /// When it is to be read again; never where it was given.
    again: Option<Instant>,
}

impl AuthorizationServer {
    /// A server that says where its endpoints are.
    #[must_use]
    pub fn discover(issuer: Issuer, transport: Arc<dyn Transport>) -> Self {
        Self::with(issuer, transport, None)
    }

    /// A server whose metadata is known, and never read: for one that publishes none.
    #[must_use]
    pub fn known(metadata: ServerMetadata, transport: Arc<dyn Transport>) -> Self {
        let issuer = metadata.issuer.clone();
        let found = Found {
            metadata: Arc::new(metadata),
            again: None,
        };
        Self::with(issuer, transport, Some(found))
    }

    fn with(issuer: Issuer, transport: Arc<dyn Transport>, found: Option<Found>) -> Self {
        Self(Arc::new(Inner {
            issuer,
            transport,
            every: DAILY,
            found: Mutex::new(found),
        }))
    }

    /// Its identifier.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    /// What it says about itself, read where that is due.
    ///
    /// # Errors
    ///
    /// [`TokenError::Metadata`] where it is another issuer's, malformed, or names an endpoint without TLS although the
    /// issuer has it; [`TokenError::Transport`] where it cannot be read.
    pub async fn metadata(&self) -> Result<Arc<ServerMetadata>, TokenError> {
        let mut found = self.0.found.lock().await;
        let now = Instant::now();
        let Some(held) = found.as_mut() else {
            // Everybody waits for the first.
            let metadata = Arc::new(self.read().await?);
            *found = Some(self.found(&metadata));
            return Ok(metadata);
        };
        let before = Arc::clone(&held.metadata);
        if held.again.is_none_or(|again| now < again) {
            return Ok(before);
        }
        // One reads it again. Whoever comes meanwhile, or after this one gave up, takes what it said.
        held.again = now.checked_add(DOUBTFUL);
        drop(found);
        match timeout(READ_AGAIN, self.read()).await {
            Ok(Ok(metadata)) => {
                let metadata = Arc::new(metadata);
                *self.0.found.lock().await = Some(self.found(&metadata));
                Ok(metadata)
            }
            read => {
                let error = read.ok().and_then(Result::err).unwrap_or(TIMED_OUT);
                tracing::warn!(issuer = self.issuer().as_str(), code = error.code(), %error, "metadata cannot be read again");
                Ok(before)
            }
        }
    }

    fn found(&self, metadata: &Arc<ServerMetadata>) -> Found {
        tracing::debug!(issuer = self.issuer().as_str(), "metadata read");
        Found {
            metadata: Arc::clone(metadata),
            again: Instant::now().checked_add(self.0.every),
        }
    }

    /// Says that the endpoint was not there: the metadata is read again, though not more than every five minutes.
    pub(super) async fn doubt(&self) {
        if let Some(Found {
            again: Some(again), ..
        }) = self.0.found.lock().await.as_mut()
        {
            *again = (*again).min(Instant::now() + DOUBTFUL);
        }
    }

    pub(super) fn transport(&self) -> &dyn Transport {
        self.0.transport.as_ref()
    }

    async fn read(&self) -> Result<ServerMetadata, TokenError> {
        let issuer = self.issuer();
        let first = self.get(&issuer.metadata_url()).await?;
        let answer = match first.status() {
            // Whoever knows only the other address answers whatever they answer to unknown ones.
            status if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
                self.get(&issuer.openid_metadata_url()).await?
            }
            _ => first,
        };
        if answer.status() != StatusCode::OK {
            return Err(not_ok(&answer).into());
        }
        let metadata = ServerMetadata::read(answer.body(), issuer)?;
        let is_plain = |url: &Option<String>| {
            let url = url.as_deref().unwrap_or_default();
            url.get(..5)
                .is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
        };
        if !issuer.is_plain() && is_plain(&metadata.token_endpoint) {
            return Err(
                MetadataError::Url(UrlError("is http although the issuer is https")).into(),
            );
        }
        Ok(metadata)
    }

    async fn get(&self, url: &str) -> Result<Response<Vec<u8>>, TokenError> {
        let uri: Uri = url
            .parse()
            .map_err(|_| UrlError("is not an absolute URL"))?;
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = uri;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json);
        Ok(self.transport().send(request).await?)
    }
}

impl fmt::Debug for AuthorizationServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthorizationServer")
            .field(&self.0.issuer)
            .finish()
    }
}

fn not_ok(answer: &Response<Vec<u8>>) -> FetchError {
    answer::failure(answer).unwrap_or_else(|| FetchError::Unavailable {
        why: Unreachable::Status {
            status: answer.status().as_u16(),
        },
        retry_after: answer::retry_after(answer),
    })
}

const DAILY: Duration = Duration::from_secs(24 * 3_600);

/// How soon metadata is read again that led nowhere, or could not be read.
const DOUBTFUL: Duration = Duration::from_secs(300);

/// How long one waits for metadata while what it said before holds.
const READ_AGAIN: Duration = Duration::from_secs(3);
