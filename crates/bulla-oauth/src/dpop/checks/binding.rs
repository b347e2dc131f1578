//! The proof is of the key that the access token is bound to (RFC 9449 §4.3 item 12).

use super::{DpopError, Facts};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopError> {
    match facts.request.bound_to {
        Some(bound) if bound != facts.thumbprint => Err(DpopError::KeyMismatch),
        _ => Ok(()),
    }
}
