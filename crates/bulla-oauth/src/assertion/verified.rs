use bulla_core::jwt::{Jwt, Valid, Verified};

use super::{AssertionError, AssertionPolicy, AssertionRefusal, AuthenticatedClient};
use crate::checks::{self, Check, Facts, Found, audience, expiry, jti, lifetime, not_before, typ};
use crate::single_use::{Recorded, SingleUse};

/// An assertion that is as it should be, and may have been used before.
#[derive(Debug)]
#[must_use = "the client is not authenticated until `admit` is called"]
pub struct VerifiedAssertion {
    client: AuthenticatedClient,
    single_use: SingleUse,
}

/// What is checked once the signature held, in this order (RFC 7523 §3). The `jti` is remembered last, so that an
/// assertion that fails does not burn it.
const CHECKS: &[Check] = &[
    ("type", typ::check),
    ("audience", audience::check),
    ("expiry", expiry::check),
    ("not-before", not_before::check),
    ("lifetime", lifetime::check),
    ("jti", jti::check),
];

impl VerifiedAssertion {
    pub(super) fn judge(
        policy: &AssertionPolicy,
        jwt: Jwt<'_, Verified>,
        client_id: String,
    ) -> Result<Self, AssertionError> {
        let valid = jwt
            .validate::<Found>(&checks::structure())
            .map_err(|error| AssertionError::new("claims", error))?;
        let facts = Facts {
            header: valid.header(),
            claims: valid.registered(),
            audience: valid.claims().aud.as_ref(),
            rules: &policy.rules,
            now: policy.clock.now(),
        };
        checks::run(CHECKS, &facts).map_err(|(check, why)| {
            AssertionError::new(check, AssertionRefusal::Token(why.into()))
        })?;
        Ok(Self {
            single_use: single_use(policy, &client_id, &valid),
            client: AuthenticatedClient::new(client_id, &valid),
        })
    }

    /// What the store has to insert, atomically, before the client is admitted.
    pub const fn single_use(&self) -> &SingleUse {
        &self.single_use
    }

    /// The client, if the store says that the assertion was not used before.
    ///
    /// # Errors
    ///
    /// [`AssertionError`] of the check `replay`: used before, or the store does not answer.
    pub fn admit(self, recorded: Recorded) -> Result<AuthenticatedClient, AssertionError> {
        let refusal = match recorded {
            Recorded::New => return Ok(self.client),
            Recorded::Before => AssertionRefusal::Replayed,
            Recorded::Unavailable => AssertionRefusal::ReplayUnknown,
        };
        Err(AssertionError::new("replay", refusal))
    }
}

fn single_use(policy: &AssertionPolicy, client_id: &str, valid: &Valid<'_, Found>) -> SingleUse {
    let now = policy.clock.now();
    let expires = valid.expires_at().unwrap_or(now);
    SingleUse::new(
        "assertion",
        policy.issuer.as_str(),
        client_id,
        valid.jwt_id().unwrap_or_default(),
        expires.checked_add(policy.rules.late).unwrap_or(expires),
    )
}
