//! The assertion says of whom it is (RFC 7523 §3 item 2).

use bulla_core::jwt::ClaimError;

use super::{Facts, missing, refused};

pub(crate) fn check(facts: &Facts<'_>) -> Result<(), ClaimError> {
    match facts.claims.subject() {
        None => Err(missing("sub")),
        Some("") => Err(refused("sub", "is empty")),
        Some(_) => Ok(()),
    }
}
