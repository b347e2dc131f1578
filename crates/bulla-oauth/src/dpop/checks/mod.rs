//! What is checked of a proof once its signature held, one check a file.

mod binding;
mod jti;
mod method;
mod nonce;
mod time;
mod token;
mod url;

use std::time::SystemTime;

use bulla_core::jwt::RegisteredClaims;
use serde::Deserialize;

use super::{DpopCheckError, DpopError, DpopPolicy, DpopRequest, Thumbprint};

/// What the checks are held against.
pub(super) struct Facts<'a> {
    pub(super) policy: &'a DpopPolicy,
    pub(super) request: &'a DpopRequest<'a>,
    pub(super) claims: &'a Claims,
    pub(super) registered: RegisteredClaims<'a>,
    pub(super) thumbprint: Thumbprint,
    pub(super) now: SystemTime,
}

#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    pub(super) htm: Option<String>,
    pub(super) htu: Option<String>,
    pub(super) ath: Option<String>,
    pub(super) nonce: Option<String>,
}

type Check = (&'static str, fn(&Facts<'_>) -> Result<(), DpopError>);

/// The order of RFC 9449 §4.3.
const CHECKS: &[Check] = &[
    ("jti", jti::check),
    ("method", method::check),
    ("url", url::check),
    ("time", time::check),
    ("nonce", nonce::check),
    ("token", token::check),
    ("binding", binding::check),
];

pub(super) fn run(facts: &Facts<'_>) -> Result<(), DpopCheckError> {
    CHECKS.iter().try_for_each(|(name, check)| {
        check(facts).map_err(|error| DpopCheckError::new(name, error))
    })
}
