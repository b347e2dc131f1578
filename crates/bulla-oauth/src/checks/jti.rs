//! `jti` is there, so that the assertion can be used once, and is not so long that remembering it costs.

use bulla_core::jwt::ClaimError;

use super::{Facts, missing, refused};

/// Octets of a `jti`.
pub(crate) const LONGEST: usize = 256;

pub(crate) fn check(facts: &Facts<'_>) -> Result<(), ClaimError> {
    of(facts.claims.jwt_id())
}

/// Where it may be missing.
pub(crate) fn check_optional(facts: &Facts<'_>) -> Result<(), ClaimError> {
    match facts.claims.jwt_id() {
        None => Ok(()),
        id => of(id),
    }
}

pub(crate) fn of(id: Option<&str>) -> Result<(), ClaimError> {
    match id {
        None => Err(missing("jti")),
        Some("") => Err(refused("jti", "is empty")),
        Some(id) if id.len() > LONGEST => Err(refused("jti", "is longer than 256 octets")),
        Some(_) => Ok(()),
    }
}
