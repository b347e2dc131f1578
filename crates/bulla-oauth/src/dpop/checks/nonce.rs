//! The proof has a nonce of this server, where it wants one (RFC 9449 §4.3 item 10, §8).

use super::{DpopError, Facts};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopError> {
    let Some(nonces) = &facts.policy.nonces else {
        return Ok(());
    };
    match &facts.claims.nonce {
        Some(nonce) if nonces.accepts(nonce) => Ok(()),
        _ => Err(match nonces.issue() {
            Some(next) => DpopError::Nonce { next },
            None => DpopError::NonceUnavailable,
        }),
    }
}
