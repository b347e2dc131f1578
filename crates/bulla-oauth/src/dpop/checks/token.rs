//! The proof is for the access token that the request presents (RFC 9449 §4.3 item 12).

use super::{DpopError, Facts};
use crate::dpop::make::hash_of;

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopError> {
    match facts.request.access_token {
        // Neither is a secret: both came in the same request.
        Some(token) if facts.claims.ath.as_deref() != Some(&hash_of(token)) => {
            Err(DpopError::TokenMismatch)
        }
        _ => Ok(()),
    }
}
