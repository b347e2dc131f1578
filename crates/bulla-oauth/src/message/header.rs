//! Header fields that the messages share.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde::Serialize;

use crate::dpop::DpopError;

pub(crate) const DPOP: HeaderName = HeaderName::from_static("dpop");
pub(crate) const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// Nesting of the JSON that other servers answer with.
pub(crate) const DEPTH: usize = 32;

/// The one proof of a request, [RFC 9449 §4.3](https://www.rfc-editor.org/rfc/rfc9449#section-4.3) item 1; none where
/// there is no header `DPoP`.
///
/// # Errors
///
/// [`DpopError::Several`] for two headers, [`DpopError::Malformed`] for one that is not ASCII.
pub fn single_dpop(headers: &HeaderMap) -> Result<Option<&str>, DpopError> {
    let mut values = headers.get_all(DPOP).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        // A comma would join two headers to one.
        (Some(value), None) => match value.to_str() {
            Ok(text) if text.contains(',') => Err(DpopError::Several),
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(DpopError::Malformed),
        },
        (Some(_), Some(_)) => Err(DpopError::Several),
    }
}

/// The nonce of an answer.
pub(crate) fn nonce(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(DPOP_NONCE)?.to_str().ok()?;
    (!value.is_empty()).then(|| value.to_owned())
}

/// A JSON answer that nobody may store.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response<Vec<u8>> {
    let mut response = Response::new(serde_json::to_vec(body).unwrap_or_default());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// What `error_description` may hold (RFC 6749 §5.2, RFC 6750 §3).
pub(crate) const fn is_described(octet: u8) -> bool {
    matches!(octet, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)
}
