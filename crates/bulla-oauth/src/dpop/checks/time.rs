//! The proof was made just now (RFC 9449 §4.3 item 11). `exp` and `nbf` are not of RFC 9449; where they are, they hold.

use bulla_core::jwt::ClaimError;

use super::{DpopError, Facts};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopError> {
    let (now, policy) = (facts.now, facts.policy);
    let Some(issued_at) = facts.registered.issued_at() else {
        return Err(ClaimError::Missing {
            claim: "iat".into(),
        }
        .into());
    };
    let is_old = now
        .duration_since(issued_at)
        .is_ok_and(|age| age > policy.past);
    let is_early = |at: std::time::SystemTime| {
        at.duration_since(now)
            .is_ok_and(|ahead| ahead > policy.future)
    };
    if is_old || is_early(issued_at) {
        return Err(ClaimError::TooOld { issued_at, now }.into());
    }
    if let Some(at) = facts.registered.not_before().filter(|at| is_early(*at)) {
        return Err(ClaimError::NotYetValid { at, now }.into());
    }
    match facts.registered.expires_at() {
        Some(at) if now >= at => Err(ClaimError::Expired { at, now }.into()),
        _ => Ok(()),
    }
}
