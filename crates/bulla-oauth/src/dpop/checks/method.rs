//! The proof is for the method of the request (RFC 9449 §4.3 item 8). Methods are case-sensitive.

use super::{DpopError, Facts};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopError> {
    if facts.claims.htm.as_deref() == Some(facts.request.method) {
        Ok(())
    } else {
        Err(DpopError::MethodMismatch)
    }
}
