//! The proof can be told from every other (RFC 9449 §4.3 item 3).

use super::{DpopError, Facts};
use crate::checks::jti;

pub(super) fn check(facts: &Facts<'_>) -> Result<(), DpopError> {
    Ok(jti::of(facts.registered.jwt_id())?)
}
