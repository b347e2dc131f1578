//! The assertion does not live longer than it needs to, and is not older: RFC 7523 §3 item 4 allows to refuse an `exp`
//! that is unreasonably far in the future. What is remembered of used ones is bounded by it.

use bulla_core::jwt::ClaimError;

use super::{Facts, refused};

pub(crate) fn check(facts: &Facts<'_>) -> Result<(), ClaimError> {
    let rules = facts.rules;
    // Without `iat` it may have been made just now; `expiry` has seen to it that `exp` is there.
    let from = facts.claims.issued_at().unwrap_or(facts.now);
    let expires = facts.claims.expires_at().unwrap_or(facts.now);
    if expires
        .duration_since(from)
        .is_ok_and(|lifetime| lifetime > rules.lifetime)
    {
        return Err(refused("lifetime", "expires too long after it was made"));
    }
    match facts.now.duration_since(from) {
        Ok(age) if age > rules.lifetime.saturating_add(rules.late) => Err(ClaimError::TooOld {
            issued_at: from,
            now: facts.now,
        }),
        _ => Ok(()),
    }
}
