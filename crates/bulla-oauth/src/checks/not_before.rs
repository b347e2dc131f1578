//! `nbf` and `iat` may lie a little in the future: FAPI 2.0 Security Profile §5.3.2.1 item 13 has up to 10 seconds
//! accepted, and more than 60 refused.

use bulla_core::jwt::ClaimError;

use super::Facts;

pub(crate) fn check(facts: &Facts<'_>) -> Result<(), ClaimError> {
    let latest = facts.now.checked_add(facts.rules.early);
    let begins = [facts.claims.not_before(), facts.claims.issued_at()];
    match begins.into_iter().flatten().max() {
        Some(at) if latest.is_some_and(|latest| at > latest) => {
            Err(ClaimError::NotYetValid { at, now: facts.now })
        }
        _ => Ok(()),
    }
}
