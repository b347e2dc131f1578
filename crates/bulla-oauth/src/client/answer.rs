//! What an answer says that is none of the protocol's.

use core::time::Duration;
use std::time::SystemTime;

use bulla_jwks::freshness;
use bulla_jwks::http::{BadAnswer, FetchError, Unreachable};
use http::Response;
use http::header::RETRY_AFTER;

/// When to come again, where the answer says so.
pub(super) fn retry_after<B>(answer: &Response<B>) -> Option<Duration> {
    let value = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    freshness::retry_after(value, SystemTime::now())
}

/// What a status means by itself, whatever the body is: a proxy that has no server behind it, a guard at the door. None
/// for those that the protocol gives a meaning to.
pub(super) fn failure<B>(answer: &Response<B>) -> Option<FetchError> {
    let retry_after = retry_after(answer);
    match answer.status().as_u16() {
        429 => Some(FetchError::Throttled { retry_after }),
        status @ (404 | 408 | 410 | 500..) => Some(FetchError::Unavailable {
            why: Unreachable::Status { status },
            retry_after,
        }),
        status @ 300..=399 => Some(FetchError::Answer(BadAnswer::Redirect { status })),
        _ => None,
    }
}
