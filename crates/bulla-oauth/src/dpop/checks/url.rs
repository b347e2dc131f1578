//! The proof is for the URL of the request, without query and fragment (RFC 9449 §4.3 item 9).

use super::{DpopError, Facts};
use crate::dpop::TargetUri;

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopError> {
    let claimed = facts
        .claims
        .htu
        .as_deref()
        .and_then(|htu| TargetUri::parse(htu).ok());
    if claimed.as_ref() == Some(facts.request.url) {
        Ok(())
    } else {
        Err(DpopError::UrlMismatch)
    }
}
