//! The request is a POST of a form, each parameter stands once, and the client authenticates in one way
//! (RFC 6749 §2.3 and §3.2, RFC 7521 §4.2).

use axum::body::{Body, to_bytes};
use bulla::oauth::message::{FormError, ReceivedTokenRequest, TokenRequestError};
use http::request::Parts;

use super::Refusal;

pub(crate) async fn check(parts: &Parts, body: Body) -> Result<ReceivedTokenRequest, Refusal> {
    let refused = |error: TokenRequestError| Refusal::request("form", &error);
    // What is longer is not read to its end.
    let body = to_bytes(body, LONGEST)
        .await
        .map_err(|_| refused(FormError::TooLarge.into()))?;
    ReceivedTokenRequest::read(&parts.method, &parts.headers, &body).map_err(refused)
}

/// Octets that a form may have.
const LONGEST: usize = 64 * 1024;
