use core::time::Duration;
use std::sync::Arc;

use bulla_core::jwa::SignatureAlg;
use bulla_core::key::KeySetPolicy;
use bulla_core::{Clock, SystemClock, Untrusted, json};
use serde::Deserialize;

use super::profile::CLIENT_AUTHENTICATION;
use super::{AssertionError, AssertionRefusal, Profile, ReceivedAssertion};
use crate::checks::{AudienceRule, Rules, form};
use crate::issuer::Issuer;

/// What an authorization server accepts as a client assertion. Made once, used for every request.
///
/// | | default |
/// |---|---|
/// | size of the assertion | 16 KiB |
/// | lifetime, `exp` − `iat`, and age | 300 s |
/// | `iat` and `nbf` in the future | 60 s |
/// | after `exp` | 10 s |
///
/// The checks, in this order, by the names that [`AssertionError::check`] has: `size`, `form`, `algorithm`, `parties`,
/// `client`, `method`, `client-algorithm`, `signature`, `claims`, `type`, `audience`, `expiry`, `not-before`, `lifetime`,
/// `jti`, `replay`.
#[derive(Clone, Debug)]
#[must_use = "nothing is checked until `read` is called"]
pub struct AssertionPolicy {
    pub(super) issuer: Issuer,
    pub(super) rules: Rules,
    pub(super) clock: Arc<dyn Clock>,
    profile: Profile,
    algorithms: Vec<SignatureAlg>,
    longest: usize,
}

impl AssertionPolicy {
    /// The rules of a profile, for the server that is `issuer`.
    pub fn new(profile: Profile, issuer: &Issuer) -> Self {
        let own = issuer.as_str().to_owned();
        Self {
            issuer: issuer.clone(),
            rules: Rules {
                audience: match profile {
                    Profile::Bis => AudienceRule::Sole(own),
                    Profile::Fapi2 => AudienceRule::Text(own),
                    Profile::Legacy => AudienceRule::Among(vec![own]),
                },
                types: &["JWT", CLIENT_AUTHENTICATION],
                late: Duration::from_secs(10),
                early: Duration::from_secs(60),
                lifetime: Duration::from_secs(300),
            },
            clock: Arc::new(SystemClock),
            profile,
            algorithms: profile.algorithms().to_vec(),
            longest: 16 * 1024,
        }
    }

    /// The endpoints that [`Profile::Legacy`] accepts in `aud` beside the issuer. Other profiles accept none.
    pub fn endpoints(mut self, endpoints: impl IntoIterator<Item: Into<String>>) -> Self {
        if let AudienceRule::Among(accepted) = &mut self.rules.audience {
            accepted.extend(endpoints.into_iter().map(Into::into));
        }
        self
    }

    /// Only these algorithms, instead of the profile's.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = SignatureAlg>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Accepts assertions that live so long, and no longer.
    pub const fn lifetime(mut self, lifetime: Duration) -> Self {
        self.rules.lifetime = lifetime;
        self
    }

    /// Asks this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The profile.
    #[must_use]
    pub const fn profile(&self) -> Profile {
        self.profile
    }

    /// The algorithms, for metadata (`token_endpoint_auth_signing_alg_values_supported`).
    #[must_use]
    pub fn allowed(&self) -> &[SignatureAlg] {
        &self.algorithms
    }

    /// The policy to compile clients' keys under, so that no key is bound to an algorithm that would be refused.
    #[must_use]
    pub fn keys(&self) -> KeySetPolicy {
        KeySetPolicy::signatures(self.algorithms.iter().copied())
    }

    /// Reads an assertion up to whom it says it is of. `client_id` is the parameter of that name, where there is one.
    ///
    /// # Errors
    ///
    /// [`AssertionError`] of the checks `size`, `form`, `algorithm` and `parties`.
    pub fn read<'a>(
        &'a self,
        assertion: &'a str,
        client_id: Option<&str>,
    ) -> Result<ReceivedAssertion<'a>, AssertionError> {
        let opened = form::open(assertion, self.longest, &self.algorithms)
            .map_err(|refused| AssertionError::new(refused.check, refused.error))?;
        // Needed to find the keys that the signature is verified with; judged again as a whole afterwards.
        let payload = opened
            .jwt
            .dangerous_unverified_payload()
            .map_err(|error| AssertionError::new("form", AssertionRefusal::Token(error.into())))?;
        let parties = json::from_slice::<Parties>(&payload, DEPTH).map_err(|error| {
            let error = bulla_core::jwt::ClaimError::Malformed(error);
            AssertionError::new("form", AssertionRefusal::Token(error.into()))
        })?;
        match parties.one(client_id) {
            Some(claimed) => Ok(ReceivedAssertion {
                policy: self,
                opened,
                client_id: Untrusted::new(claimed),
            }),
            None => Err(AssertionError::new("parties", AssertionRefusal::Parties)),
        }
    }
}

/// Nesting of an assertion's claims. Nothing registered nests deeper than an array.
const DEPTH: usize = 16;

#[derive(Deserialize)]
struct Parties {
    iss: Option<String>,
    sub: Option<String>,
}

impl Parties {
    /// The one client that `iss`, `sub` and the parameter name (RFC 7523 §3 items 1 and 2, OpenID Connect Core §9).
    fn one(self, client_id: Option<&str>) -> Option<String> {
        let (iss, sub) = (self.iss?, self.sub?);
        let same = iss == sub && client_id.is_none_or(|parameter| parameter == sub);
        (same && !sub.is_empty()).then_some(sub)
    }
}
