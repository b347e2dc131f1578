use core::fmt;
use core::time::Duration;
use std::borrow::Cow;

use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::ErrorCode;
use super::header::{self, DPOP_NONCE};

/// An error answer of the token endpoint, [RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2), with its
/// status and headers.
///
/// ```
/// use bulla_oauth::message::{ErrorCode, ErrorResponse};
/// let response = ErrorResponse::new(ErrorCode::InvalidScope).description("unknown scope").to_http();
/// assert_eq!(response.status(), 400);
/// assert_eq!(response.headers()["cache-control"], "no-store");
/// assert_eq!(response.body(), br#"{"error":"invalid_scope","error_description":"unknown scope"}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorResponse {
    code: ErrorCode,
    description: Option<Cow<'static, str>>,
    status: StatusCode,
    nonce: Option<String>,
    retry_after: Option<Duration>,
    authenticate: Option<&'static str>,
}

#[derive(Serialize, Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    error: Cow<'a, str>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    error_description: Option<Cow<'a, str>>,
}

impl ErrorResponse {
    /// An answer with the status that belongs to the code.
    #[must_use]
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            status: code.status(),
            code,
            description: None,
            nonce: None,
            retry_after: None,
            authenticate: None,
        }
    }

    /// 503: something that the server needs does not answer. Nothing is accepted then.
    #[must_use]
    pub fn unavailable() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            ..Self::new(ErrorCode::ServerError)
        }
        .retry_after(Duration::from_secs(5))
    }

    /// 400 `use_dpop_nonce` with the nonce to use, [RFC 9449 §8](https://www.rfc-editor.org/rfc/rfc9449#section-8).
    #[must_use]
    pub fn use_dpop_nonce(nonce: impl Into<String>) -> Self {
        Self::new(ErrorCode::UseDpopNonce)
            .description("the DPoP proof needs the nonce of this answer")
            .dpop_nonce(nonce)
    }

    /// Says more, for the developer of the client. Characters that RFC 6749 §5.2 does not allow become `?`.
    #[must_use]
    pub fn description(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        self.description = Some(if text.bytes().all(header::is_described) {
            text
        } else {
            let described = |octet: char| u8::try_from(octet).is_ok_and(header::is_described);
            let replaced = text
                .chars()
                .map(|octet| if described(octet) { octet } else { '?' });
            Cow::Owned(replaced.collect())
        });
        self
    }

    /// Sends a nonce along, for the next proof (RFC 9449 §8.2).
    #[must_use]
    pub fn dpop_nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// Says when to try again, in whole seconds.
    #[must_use]
    pub const fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// Names a scheme in `WWW-Authenticate`: required with 401 where the client tried to authenticate by the
    /// `Authorization` header (RFC 6749 §5.2).
    #[must_use]
    pub const fn www_authenticate(mut self, challenge: &'static str) -> Self {
        self.authenticate = Some(challenge);
        self
    }

    /// The code.
    #[must_use]
    pub const fn code(&self) -> &ErrorCode {
        &self.code
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// What the server says to the developer of the client.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The answer: JSON, `no-store`.
    #[must_use]
    pub fn to_http(&self) -> Response<Vec<u8>> {
        let body = Body {
            error: self.code.as_str().into(),
            error_description: self.description.as_deref().map(Into::into),
        };
        let mut response = header::json(self.status, &body);
        let headers = response.headers_mut();
        if let Some(nonce) = self
            .nonce
            .as_deref()
            .and_then(|nonce| HeaderValue::from_str(nonce).ok())
        {
            headers.insert(DPOP_NONCE, nonce);
        }
        if let Some(delay) = self.retry_after {
            headers.insert(RETRY_AFTER, delay.as_secs().into());
        }
        if let Some(challenge) = self.authenticate {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }

    /// What another server answered. A body that is not JSON of this form is no error answer.
    pub(super) fn read(response: &Response<impl AsRef<[u8]>>) -> Option<Self> {
        response.headers().get(CONTENT_TYPE)?;
        let body: Body<'_> =
            bulla_core::json::from_slice(response.body().as_ref(), header::DEPTH).ok()?;
        // It is told in logs, so it must be no more than a name.
        let is_name = body.error.bytes().all(header::is_described);
        (is_name && body.error.len() <= LONGEST_CODE).then_some(())?;
        let delay = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok());
        let read = Self {
            status: response.status(),
            nonce: header::nonce(response.headers()),
            retry_after: delay
                .and_then(|seconds| seconds.parse().ok())
                .map(Duration::from_secs),
            ..Self::new(ErrorCode::from_wire(&body.error))
        };
        Some(match body.error_description {
            Some(text) => {
                let text: String = text.chars().take(LONGEST_DESCRIPTION).collect();
                read.description(text)
            }
            None => read,
        })
    }

    /// The nonce that came along.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// When to try again.
    #[must_use]
    pub const fn delay(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.code.as_str())?;
        match &self.description {
            Some(text) => write!(f, ": {text}"),
            None => Ok(()),
        }
    }
}

/// Octets of an `error` that is read.
const LONGEST_CODE: usize = 100;

/// Characters of an `error_description` that are kept.
const LONGEST_DESCRIPTION: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc6749_5_2_statuses_and_headers() {
        for (code, status) in [
            (ErrorCode::InvalidClient, 401),
            (ErrorCode::InvalidGrant, 400),
            (ErrorCode::InvalidRequest, 400),
            (ErrorCode::UnsupportedGrantType, 400),
            (ErrorCode::InvalidTarget, 400),
            (ErrorCode::InvalidDpopProof, 400),
            (ErrorCode::TemporarilyUnavailable, 503),
        ] {
            let response = ErrorResponse::new(code.clone()).to_http();
            assert_eq!(response.status().as_u16(), status, "{code:?}");
            assert_eq!(response.headers()["content-type"], "application/json");
            assert_eq!(response.headers()["cache-control"], "no-store");
            assert_eq!(ErrorCode::from_wire(code.as_str()), code);
        }
        let unavailable = ErrorResponse::unavailable().to_http();
        assert_eq!(unavailable.status(), 503);
        assert_eq!(unavailable.headers()["retry-after"], "5");
        assert_eq!(unavailable.body(), br#"{"error":"server_error"}"#);
    }

    #[test]
    fn a_description_has_the_characters_of_rfc6749_alone() {
        let response =
            ErrorResponse::new(ErrorCode::InvalidRequest).description("a\r\nb\"c\\d\u{e9}\t");
        assert_eq!(response.text(), Some("a??b?c?d??"));
    }

    #[test]
    fn what_is_written_is_read() {
        let sent = ErrorResponse::use_dpop_nonce("n-1").retry_after(Duration::from_secs(3));
        assert_eq!(ErrorResponse::read(&sent.to_http()), Some(sent));
    }
    #[test]
    fn what_another_server_says_stays_one_short_line() {
        let read = |body: String| {
            let mut answer = ErrorResponse::new(ErrorCode::InvalidRequest).to_http();
            *answer.body_mut() = body.into_bytes();
            ErrorResponse::read(&answer).map(|read| read.to_string())
        };
        let said = read(r#"{"error":"x","error_description":"a\r\nERROR b"}"#.into());
        assert_eq!(said.as_deref(), Some("400 x: a??ERROR b"));
        assert_eq!(read(r#"{"error":"x\nERROR"}"#.into()), None);
        assert_eq!(read(format!(r#"{{"error":"{}"}}"#, "x".repeat(101))), None);
        let long = "x".repeat(100_000);
        let said = read(format!(r#"{{"error":"x","error_description":"{long}"}}"#));
        assert!(said.is_some_and(|said| said.len() < 600));
    }
}
