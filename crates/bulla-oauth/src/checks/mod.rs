//! What is checked of a signed assertion, one check a file. Each list that is made of them says the order.

pub(crate) mod audience;
pub(crate) mod expiry;
pub(crate) mod form;
pub(crate) mod jti;
pub(crate) mod lifetime;
pub(crate) mod not_before;
pub(crate) mod subject;
pub(crate) mod typ;

mod rules;

pub(crate) use rules::{Audience, AudienceRule, Facts, Found, Rules};

use core::time::Duration;

use bulla_core::jwt::{ClaimError, Expectations};

/// A check with the name that the audit log shows.
pub(crate) type Check = (&'static str, fn(&Facts<'_>) -> Result<(), ClaimError>);

/// Runs checks in order, up to the first that says no.
pub(crate) fn run(checks: &[Check], facts: &Facts<'_>) -> Result<(), (&'static str, ClaimError)> {
    checks
        .iter()
        .try_for_each(|(name, check)| check(facts).map_err(|why| (*name, why)))
}

/// Strict JSON and well-formed registered claims. What they say is judged by checks, each under its name.
pub(crate) fn structure() -> Expectations {
    Expectations::any_issuer_any_audience().leeway(Duration::MAX)
}

fn missing(claim: &'static str) -> ClaimError {
    ClaimError::Missing {
        claim: claim.into(),
    }
}

fn refused(name: &'static str, why: &'static str) -> ClaimError {
    ClaimError::Check {
        name: name.into(),
        why: why.into(),
    }
}
