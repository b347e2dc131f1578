//! The token is not one of another kind: an access token, a DPoP proof and an assertion may be signed by one key, and
//! none passes for the other (RFC 8725 §3.11).
//!
//! A missing `typ` is accepted, as draft-ietf-oauth-rfc7523bis advises servers.

use bulla_core::jwt::ClaimError;

use super::Facts;

pub(crate) fn check(facts: &Facts<'_>) -> Result<(), ClaimError> {
    match facts.header.typ() {
        None => Ok(()),
        Some(typ) if facts.rules.types.iter().any(|known| is(typ, known)) => Ok(()),
        Some(typ) => Err(mismatch(Some(typ))),
    }
}

/// Whether `typ` states this type: case does not matter, nor `application/` (RFC 7515 §4.1.9).
pub(crate) fn is(typ: &str, known: &str) -> bool {
    const PREFIX: &str = "application/";
    let short = match typ.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) => rest,
        _ => typ,
    };
    short.eq_ignore_ascii_case(known)
}

pub(crate) fn mismatch(found: Option<&str>) -> ClaimError {
    ClaimError::TypeMismatch {
        // A header may be long; an error should not.
        found: found.map(|typ| typ.chars().take(64).collect()),
    }
}
