use bulla_core::jwt::{ClaimError, Jwt, Verified, VerifyError};

use super::{GrantError, GrantPolicy, GrantRefusal};
use crate::checks::{
    self, Check, Facts, Found, audience, expiry, jti, lifetime, not_before, subject, typ,
};
use crate::single_use::{Recorded, SingleUse};

/// An assertion that is as it should be, and may have been used before.
#[derive(Debug)]
#[must_use = "nothing is granted until `admit` is called"]
pub struct VerifiedGrant {
    principal: Principal,
    single_use: Option<SingleUse>,
}

/// What is checked once the signature held, in this order (RFC 7523 §3).
const CHECKS: &[Check] = &[
    ("type", typ::check),
    ("subject", subject::check),
    ("audience", audience::check),
    ("expiry", expiry::check),
    ("not-before", not_before::check),
    ("lifetime", lifetime::check),
    ("jti", jti::check_optional),
];

impl VerifiedGrant {
    pub(super) fn judge(
        policy: &GrantPolicy,
        jwt: Jwt<'_, Verified>,
        issuer: &str,
    ) -> Result<Self, GrantError> {
        let valid = jwt
            .validate::<Found>(&checks::structure())
            .map_err(|error| GrantError::new("claims", error))?;
        let now = policy.clock.now();
        let facts = Facts {
            header: valid.header(),
            claims: valid.registered(),
            audience: valid.claims().aud.as_ref(),
            rules: &policy.rules,
            now,
        };
        checks::run(CHECKS, &facts)
            .map_err(|(check, why)| GrantError::new(check, VerifyError::from(why)))?;
        if policy.demands_jti && valid.jwt_id().is_none() {
            let missing = ClaimError::Missing {
                claim: "jti".into(),
            };
            return Err(GrantError::new("jti", VerifyError::from(missing)));
        }
        let expires = valid.expires_at().unwrap_or(now);
        let until = expires.checked_add(policy.rules.late).unwrap_or(expires);
        let server = policy.server.as_str();
        Ok(Self {
            single_use: valid
                .jwt_id()
                .map(|id| SingleUse::new("grant", server, issuer, id, until)),
            principal: Principal {
                issuer: issuer.to_owned(),
                subject: valid.subject().unwrap_or_default().to_owned(),
                claims: valid.payload().to_vec(),
            },
        })
    }

    /// What the store has to insert, atomically; none where the assertion has no `jti`.
    pub const fn single_use(&self) -> Option<&SingleUse> {
        self.single_use.as_ref()
    }

    /// The principal, if the store says that the assertion was not used before. Without a `jti` there is nothing to
    /// record, and the answer is [`Recorded::New`].
    ///
    /// # Errors
    ///
    /// [`GrantError`] of the check `replay`.
    pub fn admit(self, recorded: Recorded) -> Result<Principal, GrantError> {
        let refusal = match recorded {
            Recorded::New => return Ok(self.principal),
            Recorded::Before => GrantRefusal::Replayed,
            Recorded::Unavailable => GrantRefusal::ReplayUnknown,
        };
        Err(GrantError::new("replay", refusal))
    }
}

/// For whom a token is asked, as an issuer says that the server trusts.
#[derive(Clone)]
pub struct Principal {
    issuer: String,
    subject: String,
    claims: Vec<u8>,
}

impl Principal {
    /// Who says so.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Of whom. Unique among the subjects of this issuer alone.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// All claims, as they were signed: a JSON object.
    #[must_use]
    pub fn claims(&self) -> &[u8] {
        &self.claims
    }
}

/// Issuer and subject alone.
impl core::fmt::Debug for Principal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Principal")
            .field("issuer", &self.issuer)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}
