use core::time::Duration;
use std::sync::Arc;

use bulla_core::jwt::{self, Issue};
use bulla_core::key::{AsyncSigner, Backend, Signer};
use bulla_core::{Clock, SystemClock};

use super::Profile;
use crate::fresh;
use crate::issuer::Issuer;
use crate::make_error::MakeError;

/// Makes client assertions, each with a `jti` of its own.
///
/// A server accepts an assertion once. So every request takes a new one: also the one that is sent again because a
/// DPoP nonce was wanted, or because the first timed out.
///
/// ```
/// use std::time::Duration;
/// use bulla_oauth::{Issuer, assertion::ClientAssertion};
/// # fn f(backend: &std::sync::Arc<dyn bulla_core::key::Backend>, signer: &bulla_core::key::Signer) -> Result<(), Box<dyn std::error::Error>> {
/// let issuer = Issuer::parse("https://auth.example.com")?;
/// let assertion = ClientAssertion::new("billing", &issuer, backend).lifetime(Duration::from_secs(30));
/// assert_ne!(assertion.sign(signer)?, assertion.sign(signer)?);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "no assertion is made until one of the `sign` methods is called"]
pub struct ClientAssertion {
    client_id: String,
    audience: String,
    lifetime: Duration,
    profile: Profile,
    backend: Arc<dyn Backend>,
    clock: Arc<dyn Clock>,
}

impl ClientAssertion {
    /// Assertions of the client for the authorization server, under [`Profile::Bis`] and valid for a minute.
    pub fn new(client_id: impl Into<String>, issuer: &Issuer, backend: &Arc<dyn Backend>) -> Self {
        Self {
            client_id: client_id.into(),
            audience: issuer.as_str().to_owned(),
            lifetime: Duration::from_secs(60),
            profile: Profile::Bis,
            backend: Arc::clone(backend),
            clock: Arc::new(SystemClock),
        }
    }

    /// Under another profile, for servers that refuse the `typ` of this one.
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Valid for so long. Servers refuse more than a few minutes, some more than one.
    pub const fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// For a server that wants to see its token endpoint in `aud`, as those did before
    /// draft-ietf-oauth-rfc7523bis.
    ///
    /// # Security
    ///
    /// A malicious server may name another's endpoint as its own, and use the assertion there. Name an endpoint that
    /// you configured, not one that metadata told you.
    pub fn legacy_audience(mut self, endpoint: impl Into<String>) -> Self {
        self.audience = endpoint.into();
        self
    }

    /// Asks this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The client that the assertions are of.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Makes a new assertion.
    ///
    /// # Errors
    ///
    /// [`MakeError`] where the key or the source of random octets fails.
    pub fn sign(&self, signer: &Signer) -> Result<String, MakeError> {
        Ok(self.issue()?.sign(signer)?)
    }

    /// Makes a new assertion with a key that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`sign`](Self::sign).
    pub async fn sign_async(&self, signer: &AsyncSigner) -> Result<String, MakeError> {
        Ok(self.issue()?.sign_async(signer).await?)
    }

    fn issue(&self) -> Result<Issue<'_>, MakeError> {
        Ok(jwt::issue(&*self.client_id)
            .subject(&*self.client_id)
            .audience(&*self.audience)
            .expires_in(self.lifetime)
            .jwt_id(fresh::id(self.backend.as_ref())?)
            .typ(self.profile.typ())
            .clock(Arc::clone(&self.clock)))
    }
}
