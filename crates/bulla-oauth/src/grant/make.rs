use core::time::Duration;
use std::sync::Arc;

use bulla_core::jwt::{self, Issue};
use bulla_core::key::{AsyncSigner, Backend, Signer};
use bulla_core::{Clock, SystemClock};

use crate::fresh;
use crate::issuer::Issuer;
use crate::make_error::MakeError;

/// Makes assertions about a principal, each with a `jti` of its own.
#[derive(Clone, Debug)]
#[must_use = "no assertion is made until one of the `sign` methods is called"]
pub struct GrantAssertion {
    issuer: String,
    subject: String,
    audience: String,
    lifetime: Duration,
    backend: Arc<dyn Backend>,
    clock: Arc<dyn Clock>,
}

impl GrantAssertion {
    /// Says of `subject`, as `issuer`, that the authorization server may give out a token for it; for five minutes.
    pub fn new(
        issuer: impl Into<String>,
        subject: impl Into<String>,
        server: &Issuer,
        backend: &Arc<dyn Backend>,
    ) -> Self {
        Self {
            issuer: issuer.into(),
            subject: subject.into(),
            audience: server.as_str().to_owned(),
            lifetime: Duration::from_secs(300),
            backend: Arc::clone(backend),
            clock: Arc::new(SystemClock),
        }
    }

    /// Valid for so long.
    pub const fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// For a server that wants to see its token endpoint in `aud` (RFC 7523 §3 item 3).
    pub fn token_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.audience = endpoint.into();
        self
    }

    /// Asks this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
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
        Ok(jwt::issue(&*self.issuer)
            .subject(&*self.subject)
            .audience(&*self.audience)
            .expires_in(self.lifetime)
            .jwt_id(fresh::id(self.backend.as_ref())?)
            .clock(Arc::clone(&self.clock)))
    }
}
