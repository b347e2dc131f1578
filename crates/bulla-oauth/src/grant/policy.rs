use core::time::Duration;
use std::sync::Arc;

use bulla_core::jwa::SignatureAlg;
use bulla_core::jwt::{ClaimError, VerifyError};
use bulla_core::key::{KeySetPolicy, Keys};
use bulla_core::{Clock, Header, SystemClock, Untrusted, json};
use serde::Deserialize;

use super::{GrantError, GrantRefusal, VerifiedGrant};
use crate::assertion::Profile;
use crate::checks::form::{self, Opened};
use crate::checks::{AudienceRule, Rules};
use crate::issuer::Issuer;

/// What an authorization server accepts as a grant. Made once, used for every request.
///
/// | | default |
/// |---|---|
/// | audience | the issuer, or an endpoint that is named, among others |
/// | algorithms | those of [`Profile::Bis`], RS256 and its kin |
/// | lifetime, `exp` − `iat`, and age | one hour |
/// | `iat` and `nbf` in the future | 60 s |
/// | after `exp` | 10 s |
/// | `jti` | remembered where there is one |
///
/// The checks, in this order, by the names that [`GrantError::check`] has: `size`, `form`, `algorithm`, `issuer`,
/// `signature`, `claims`, `type`, `subject`, `audience`, `expiry`, `not-before`, `lifetime`, `jti`, `replay`.
#[derive(Clone, Debug)]
#[must_use = "nothing is checked until `read` is called"]
pub struct GrantPolicy {
    pub(super) server: Issuer,
    pub(super) rules: Rules,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) demands_jti: bool,
    algorithms: Vec<SignatureAlg>,
}

impl GrantPolicy {
    /// The defaults, for the authorization server that is `server`.
    pub fn new(server: &Issuer) -> Self {
        Self {
            server: server.clone(),
            rules: Rules {
                audience: AudienceRule::Among(vec![server.as_str().to_owned()]),
                types: &["JWT"],
                late: Duration::from_secs(10),
                early: Duration::from_secs(60),
                lifetime: Duration::from_secs(3600),
            },
            clock: Arc::new(SystemClock),
            demands_jti: false,
            // Who issues these is not a client of ours, and signs as it does for all.
            algorithms: Profile::Legacy.algorithms().to_vec(),
        }
    }

    /// Accepts this token endpoint as the audience, too (RFC 7523 §3 item 3).
    pub fn token_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        if let AudienceRule::Among(accepted) = &mut self.rules.audience {
            accepted.push(endpoint.into());
        }
        self
    }

    /// Only these algorithms.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = SignatureAlg>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Accepts assertions that live so long, and no longer.
    pub const fn lifetime(mut self, lifetime: Duration) -> Self {
        self.rules.lifetime = lifetime;
        self
    }

    /// Accepts assertions once: one without `jti` is refused.
    pub const fn once(mut self) -> Self {
        self.demands_jti = true;
        self
    }

    /// Asks this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The policy to compile issuers' keys under.
    #[must_use]
    pub fn keys(&self) -> KeySetPolicy {
        KeySetPolicy::signatures(self.algorithms.iter().copied())
    }

    /// Reads an assertion up to who it says made it.
    ///
    /// # Errors
    ///
    /// [`GrantError`] of the checks `size`, `form`, `algorithm` and `issuer`.
    pub fn read<'a>(&'a self, assertion: &'a str) -> Result<ReceivedGrant<'a>, GrantError> {
        let opened = form::open(assertion, LONGEST, &self.algorithms)
            .map_err(|refused| GrantError::new(refused.check, refused.error))?;
        // Needed to find the keys that the signature is verified with; judged again as a whole afterwards.
        let payload = opened
            .jwt
            .dangerous_unverified_payload()
            .map_err(|error| GrantError::new("form", VerifyError::from(error)))?;
        let made = json::from_slice::<Maker>(&payload, DEPTH).map_err(|error| {
            GrantError::new("form", VerifyError::from(ClaimError::Malformed(error)))
        })?;
        let issuer = made.iss.ok_or_else(|| {
            let claim = "iss".into();
            GrantError::new("issuer", VerifyError::from(ClaimError::Missing { claim }))
        })?;
        Ok(ReceivedGrant {
            policy: self,
            opened,
            issuer: Untrusted::new(issuer),
        })
    }
}

const LONGEST: usize = 16 * 1024;
const DEPTH: usize = 16;

#[derive(Deserialize)]
struct Maker {
    iss: Option<String>,
}

/// An assertion whose form is right, and that names its issuer. Anybody can have made it.
#[derive(Debug)]
pub struct ReceivedGrant<'a> {
    policy: &'a GrantPolicy,
    opened: Opened<'a>,
    issuer: Untrusted<String>,
}

impl ReceivedGrant<'_> {
    /// Who the assertion says made it: to look for the issuer with, and nothing else.
    #[must_use]
    pub const fn issuer(&self) -> &Untrusted<String> {
        &self.issuer
    }

    /// The header: to ask for the key of its `kid`.
    #[must_use]
    pub const fn header(&self) -> &Header {
        self.opened.jwt.header()
    }

    /// Checks the assertion against an issuer that the server trusts, and its keys.
    ///
    /// # Errors
    ///
    /// [`GrantError`], which names the check.
    pub fn verify(
        self,
        trusted: &str,
        keys: &(impl Keys + ?Sized),
    ) -> Result<VerifiedGrant, GrantError> {
        if self.issuer.peek() != trusted {
            return Err(GrantError::new("issuer", GrantRefusal::IssuerUnknown));
        }
        let jwt = self
            .opened
            .jwt
            .verify(keys)
            .map_err(|error| GrantError::new("signature", error))?;
        VerifiedGrant::judge(self.policy, jwt, trusted)
    }
}
