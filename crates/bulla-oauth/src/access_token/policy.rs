use core::time::Duration;
use std::sync::Arc;

use bulla_core::Clock;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jwt::{Expectations, VerifyError};
use bulla_core::key::{KeySetPolicy, Keys};

use super::{AccessError, TokenClaims, UnboundAccess};
use crate::assertion::Profile;
use crate::checks::{form, typ};
use crate::issuer::Issuer;

/// What a protected resource accepts as an access token. Made once, used for every request.
///
/// Issuer and audience are compared as text; `exp` is required. Signatures alone are accepted, never a MAC, by the
/// algorithms of [`Profile::Legacy`] unless others are named.
#[derive(Clone, Debug)]
#[must_use = "nothing is checked until `verify` is called"]
pub struct AccessTokenPolicy {
    expect: Expectations,
    types: &'static [&'static str],
    typ_required: bool,
    algorithms: Vec<SignatureAlg>,
}

/// RFC 9068 §2.1.
pub(super) const TYP: &str = "at+jwt";

impl AccessTokenPolicy {
    /// Tokens of [RFC 9068 §4](https://www.rfc-editor.org/rfc/rfc9068#section-4): `typ` is `at+jwt`, and `iss`, `exp`,
    /// `aud`, `sub`, `client_id`, `iat` and `jti` are there.
    pub fn rfc9068(issuer: &Issuer, audience: impl Into<String>) -> Self {
        let expect = Expectations::new(issuer.as_str(), audience);
        let required = ["exp", "sub", "client_id", "iat", "jti"];
        let expect = required.into_iter().fold(expect, Expectations::require);
        Self::new(expect, &[TYP], true)
    }

    /// Tokens of servers that came before RFC 9068, such as Keycloak's: `typ` is missing, `JWT` or `at+jwt`, and `iss`,
    /// `aud`, `exp` and `sub` are there.
    ///
    /// # Security
    ///
    /// Nothing but the audience tells such a token from an ID token of the same issuer. Do not use as the audience what
    /// is the identifier of a client, too.
    pub fn plain(issuer: &Issuer, audience: impl Into<String>) -> Self {
        let expect = Expectations::new(issuer.as_str(), audience);
        Self::new(expect.require("exp").require("sub"), &[TYP, "JWT"], false)
    }

    fn new(expect: Expectations, types: &'static [&'static str], typ_required: bool) -> Self {
        Self {
            expect: expect.leeway(Duration::from_secs(10)),
            types,
            typ_required,
            algorithms: Profile::Legacy.algorithms().to_vec(),
        }
    }

    /// Only these algorithms.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = SignatureAlg>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Accepts any of these audiences, instead of the one.
    pub fn audiences(mut self, audiences: impl IntoIterator<Item: Into<String>>) -> Self {
        self.expect = self.expect.audiences(audiences);
        self
    }

    /// Forgives clocks that differ by so much: 10 seconds unless set.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.expect = self.expect.leeway(leeway);
        self
    }

    /// Asks this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.expect = self.expect.clock(clock);
        self
    }

    /// The policy to compile the issuer's keys under.
    #[must_use]
    pub fn keys(&self) -> KeySetPolicy {
        KeySetPolicy::signatures(self.algorithms.iter().copied())
    }

    /// Verifies a token. Whether whoever presents it may do so is the next step, and what it may do the one after.
    ///
    /// # Errors
    ///
    /// [`AccessError::Token`].
    pub fn verify(
        &self,
        token: &str,
        keys: &(impl Keys + ?Sized),
    ) -> Result<UnboundAccess, AccessError> {
        let opened = form::open(token, LONGEST, &self.algorithms)
            .map_err(|refused| AccessError::Token(refused.error))?;
        let jwt = opened.jwt.verify(keys)?;
        match jwt.header().typ() {
            Some(found) if self.types.iter().any(|known| typ::is(found, known)) => {}
            None if !self.typ_required => {}
            found => return Err(VerifyError::from(typ::mismatch(found)).into()),
        }
        Ok(jwt.validate::<TokenClaims>(&self.expect)?.into())
    }
}

/// Octets of a token. Headers of requests are seldom let through with more.
const LONGEST: usize = 16 * 1024;
