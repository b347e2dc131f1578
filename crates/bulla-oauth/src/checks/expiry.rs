//! `exp` is there and has not passed, but for a few seconds of difference between clocks.

use bulla_core::jwt::ClaimError;

use super::{Facts, missing};

pub(crate) fn check(facts: &Facts<'_>) -> Result<(), ClaimError> {
    let at = facts.claims.expires_at().ok_or_else(|| missing("exp"))?;
    // A time that cannot be counted is not reached.
    match at.checked_add(facts.rules.late) {
        Some(end) if facts.now >= end => Err(ClaimError::Expired { at, now: facts.now }),
        _ => Ok(()),
    }
}
