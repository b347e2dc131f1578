use core::fmt;
use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bulla_core::key::BoxFuture;
use bulla_core::trust;
use reqwest::header::{
    ACCEPT, AGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, DATE, ETAG, EXPIRES, HeaderMap,
    HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER,
};
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use super::guarded::{Guarded, NotPublic, admits_connection};
use super::options::Proxy;
use super::{
    BadAnswer, ClientError, Document, Fetch, FetchError, HttpOptions, Origin, Request, Response,
    Unreachable, UrlRefused, body, check_url,
};
use crate::freshness::{FreshnessFields, retry_after};

/// Gets documents over HTTPS, as [`HttpOptions`] say. Cheap to clone; share one.
#[derive(Clone)]
pub struct HttpClient {
    pub(super) options: Arc<HttpOptions>,
    /// Two clients, so that no connection made for the operator is used for somebody else, or the other way round.
    pub(super) configured: reqwest::Client,
    untrusted: reqwest::Client,
}

impl HttpClient {
    pub(super) fn new(options: HttpOptions) -> Result<Self, ClientError> {
        let options = Arc::new(options);
        Ok(Self {
            configured: build(&options, Origin::Configured)?,
            untrusted: build(&options, Origin::Untrusted)?,
            options,
        })
    }

    /// Tries until there is an answer that another try would not better.
    async fn with_retries(
        &self,
        request: &Request,
        deadline: Instant,
    ) -> Result<Response, FetchError> {
        let mut tried = 0;
        loop {
            let error = match self.once(request).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            let Some(pause) = pause(&error, tried) else {
                return Err(error);
            };
            // Not `now + pause`: what a server asks for may be longer than there are instants.
            let left = deadline.saturating_duration_since(Instant::now());
            if tried >= self.options.retries || pause >= left {
                return Err(error);
            }
            sleep(pause).await;
            tried += 1;
        }
    }

    async fn once(&self, request: &Request) -> Result<Response, FetchError> {
        let client = match request.origin {
            Origin::Configured => &self.configured,
            Origin::Untrusted => &self.untrusted,
        };
        let mut get = client
            .get(request.url.clone())
            .header(ACCEPT, request.accept);
        if let Some(etag) = &request.etag {
            get = get.header(IF_NONE_MATCH, etag);
        }
        if let Some(date) = &request.last_modified {
            get = get.header(IF_MODIFIED_SINCE, date);
        }
        if request.revalidate {
            get = get.header(CACHE_CONTROL, "no-cache");
        }
        let response = get.send().await.map_err(|error| not_sent(&error))?;
        let address = response.remote_addr().map(|address| address.ip());
        let is_http = request.url.scheme() == "http";
        if !admits_connection(&self.options, request.origin, is_http, address) {
            return Err(FetchError::Url(UrlRefused::Address));
        }
        accept(request, response).await
    }
}

impl Fetch for HttpClient {
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, FetchError>> {
        Box::pin(async move {
            check_url(&request.url, request.origin, &self.options).map_err(FetchError::Url)?;
            let deadline = Instant::now() + self.options.total_timeout.min(LONGEST);
            timeout_at(deadline, self.with_retries(request, deadline))
                .await
                .unwrap_or(Err(FetchError::unavailable(Unreachable::Timeout)))
        })
    }

    fn check(&self, url: &Url, origin: Origin) -> Result<(), UrlRefused> {
        check_url(url, origin, &self.options)
    }
}

/// For the URLs that an application lists for `jku` and `x5u`: they are its own choice, and may be private.
impl trust::FetchUrl for HttpClient {
    fn fetch<'a>(
        &'a self,
        url: &'a str,
        max: usize,
    ) -> BoxFuture<'a, Result<Vec<u8>, trust::FetchError>> {
        Box::pin(async move {
            let failed = |error: FetchError| trust::FetchError::new(error.code(), error);
            let url = url
                .parse()
                .map_err(|_| failed(FetchError::Url(UrlRefused::Syntax)))?;
            let mut request = Request::new(url);
            request.accept = "*/*";
            request.body_limit = max;
            match self.get(&request).await.map_err(failed)? {
                Response::Document(document) => Ok(document.body),
                Response::NotModified(_) => Err(failed(FetchError::Answer(BadAnswer::Unasked))),
            }
        })
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

fn build(options: &Arc<HttpOptions>, origin: Origin) -> Result<reqwest::Client, ClientError> {
    let guarded = Guarded {
        options: Arc::clone(options),
        origin,
    };
    let mut builder = reqwest::Client::builder()
        .user_agent(&options.user_agent)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(options.connect_timeout.min(LONGEST))
        .timeout(options.total_timeout.min(LONGEST))
        // An issuer is asked every few minutes at most; what lies idle longer is dead more often than not.
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(1)
        .dns_resolver(Arc::new(guarded));
    builder = match (&options.proxy, origin) {
        (Proxy::None, _) | (_, Origin::Untrusted) => builder.no_proxy(),
        (Proxy::Environment, Origin::Configured) => builder,
        (Proxy::At(url), Origin::Configured) => {
            builder.proxy(reqwest::Proxy::all(url).map_err(|_| ClientError::Proxy)?)
        }
    };
    let named = std::env::var_os("SSL_CERT_FILE").and_then(|path| std::fs::read(path).ok());
    for pem in options.authorities.iter().chain(&named) {
        let certificates =
            reqwest::Certificate::from_pem_bundle(pem).map_err(|_| ClientError::Certificate)?;
        if certificates.is_empty() {
            return Err(ClientError::Certificate);
        }
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|_| ClientError::Tls)
}

/// Exactly 200 or 304 is an answer.
async fn accept(request: &Request, response: reqwest::Response) -> Result<Response, FetchError> {
    let status = response.status().as_u16();
    let headers = response.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let later = text(RETRY_AFTER).and_then(|value| retry_after(value, SystemTime::now()));
    let conditional = request.etag.is_some() || request.last_modified.is_some();
    match status {
        200 => {}
        304 if conditional => return Ok(Response::NotModified(freshness(headers))),
        304 => return Err(FetchError::Answer(BadAnswer::Unasked)),
        300..=399 => return Err(FetchError::Answer(BadAnswer::Redirect { status })),
        401 | 403 => return Err(FetchError::Denied { status }),
        429 => return Err(FetchError::Throttled { retry_after: later }),
        100..=299 => return Err(FetchError::Answer(BadAnswer::Status { status })),
        _ => {
            return Err(FetchError::Unavailable {
                why: Unreachable::Status { status },
                retry_after: later,
            });
        }
    }
    let plain = |coding: &str| coding.trim().eq_ignore_ascii_case("identity");
    if headers.contains_key(CONTENT_ENCODING) && !text(CONTENT_ENCODING).is_some_and(plain) {
        return Err(FetchError::Answer(BadAnswer::Encoded));
    }
    let document = Document {
        body: Vec::new(),
        freshness: freshness(headers),
        etag: text(ETAG).map(str::to_owned),
        last_modified: text(LAST_MODIFIED).map(str::to_owned),
        content_type: text(CONTENT_TYPE).map(str::to_owned),
    };
    let body = body::read(response, request.body_limit).await?;
    Ok(Response::Document(Document { body, ..document }))
}

fn freshness(headers: &HeaderMap) -> crate::freshness::Freshness {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let directives: Vec<&str> = headers
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let directives = directives.join(",");
    let fields = FreshnessFields {
        cache_control: (!directives.is_empty()).then_some(&directives),
        expires: text(EXPIRES),
        date: text(DATE),
        age: text(AGE),
    };
    fields.freshness(SystemTime::now())
}

pub(super) fn not_sent(error: &reqwest::Error) -> FetchError {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return FetchError::Url(UrlRefused::Address);
        }
        cause = error.source();
    }
    FetchError::unavailable(if error.is_connect() {
        Unreachable::Connect
    } else if error.is_timeout() {
        Unreachable::Timeout
    } else {
        Unreachable::Interrupted
    })
}

/// How long to wait before another try, if one may help: what the server asks for, or a random part of a time that
/// doubles, so that a thousand clients do not come back at once.
fn pause(error: &FetchError, tried: u32) -> Option<Duration> {
    match error {
        FetchError::Throttled { .. }
        | FetchError::Unavailable {
            why:
                Unreachable::Connect
                | Unreachable::Status {
                    status: 408 | 500..,
                },
            ..
        } => {}
        _ => return None,
    }
    let longest = FIRST_PAUSE.saturating_mul(1 << tried.min(4));
    let jittered = longest.mul_f64(fastrand::f64());
    Some(
        error
            .retry_after()
            .map_or(jittered, |asked| asked.max(jittered)),
    )
}

const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// No request takes longer, whatever was configured: an instant that far away must exist.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);
