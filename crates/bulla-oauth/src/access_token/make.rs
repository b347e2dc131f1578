use core::time::Duration;
use std::sync::Arc;

use bulla_core::json::JsonError;
use bulla_core::jwt::{self, IssueError};
use bulla_core::key::{AsyncSigner, Backend, Signer};
use bulla_core::{Clock, SystemClock};
use serde::Serialize;
use serde::de::Error as _;

use super::policy::TYP;
use crate::dpop::Thumbprint;
use crate::fresh;
use crate::issuer::Issuer;
use crate::make_error::MakeError;
use crate::message::{TokenResponse, TokenType};
use crate::scope::Scopes;

/// Issues access tokens, [RFC 9068 §2](https://www.rfc-editor.org/rfc/rfc9068#section-2), each with a `jti` of its own.
#[derive(Clone, Debug)]
#[must_use = "no token is made until one of the `sign` methods is called"]
pub struct AccessToken {
    issuer: String,
    subject: String,
    audiences: Vec<String>,
    claims: Claims,
    other: Option<Vec<u8>>,
    lifetime: Duration,
    backend: Arc<dyn Backend>,
    clock: Arc<dyn Clock>,
}

#[derive(Clone, Debug, Serialize)]
struct Claims {
    client_id: String,
    #[serde(skip_serializing_if = "Scopes::is_empty")]
    scope: Scopes,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnf: Option<Confirmation>,
}

#[derive(Clone, Debug, Serialize)]
struct Confirmation {
    jkt: Thumbprint,
}

impl AccessToken {
    /// For a client itself: the grant `client_credentials`, where `sub` is the client (RFC 9068 §2.2).
    pub fn for_client(
        client_id: impl Into<String>,
        issuer: &Issuer,
        audience: impl Into<String>,
        backend: &Arc<dyn Backend>,
    ) -> Self {
        let client_id = client_id.into();
        Self::for_subject(client_id.clone(), client_id, issuer, audience, backend)
    }

    /// For a principal, to be used by a client; for ten minutes.
    pub fn for_subject(
        subject: impl Into<String>,
        client_id: impl Into<String>,
        issuer: &Issuer,
        audience: impl Into<String>,
        backend: &Arc<dyn Backend>,
    ) -> Self {
        Self {
            issuer: issuer.as_str().to_owned(),
            subject: subject.into(),
            audiences: vec![audience.into()],
            claims: Claims {
                client_id: client_id.into(),
                scope: Scopes::none(),
                cnf: None,
            },
            other: None,
            lifetime: Duration::from_secs(600),
            backend: Arc::clone(backend),
            clock: Arc::new(SystemClock),
        }
    }

    /// For another audience as well.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// With these scopes.
    pub fn scopes(mut self, scopes: Scopes) -> Self {
        self.claims.scope = scopes;
        self
    }

    /// Bound to a key, [RFC 9449 §6.1](https://www.rfc-editor.org/rfc/rfc9449#section-6.1).
    pub const fn bound_to(mut self, key: Thumbprint) -> Self {
        self.claims.cnf = Some(Confirmation { jkt: key });
        self
    }

    /// Valid for so long.
    pub const fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// With other claims, which must serialize as a JSON object. One that is set here already is an error when signing.
    ///
    /// # Errors
    ///
    /// [`MakeError::Jwt`] where they do not serialize.
    pub fn claims(mut self, claims: &impl Serialize) -> Result<Self, MakeError> {
        let json = serde_json::to_vec(claims)
            .map_err(|error| IssueError::Claims(JsonError::custom(error)))?;
        self.other = Some(json);
        Ok(self)
    }

    /// Asks this clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Makes a new token.
    ///
    /// # Errors
    ///
    /// [`MakeError`] where a claim stands twice, or the key or the source of random octets fails.
    pub fn sign(&self, signer: &Signer) -> Result<String, MakeError> {
        Ok(self.issue()?.sign(signer)?)
    }

    /// Makes a new token with a key that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`sign`](Self::sign).
    pub async fn sign_async(&self, signer: &AsyncSigner) -> Result<String, MakeError> {
        Ok(self.issue()?.sign_async(signer).await?)
    }

    /// The answer of the token endpoint that carries a token of these.
    #[must_use]
    pub fn response(&self, token: impl Into<String>) -> TokenResponse {
        let kind = match self.claims.cnf {
            Some(_) => TokenType::Dpop,
            None => TokenType::Bearer,
        };
        let response = TokenResponse::new(token, kind).expires_in(self.lifetime);
        // `scope` has at least one (RFC 6749 §3.3).
        if self.claims.scope.is_empty() {
            response
        } else {
            response.scopes(self.claims.scope.clone())
        }
    }

    fn issue(&self) -> Result<jwt::Issue<'_, Claims>, MakeError> {
        let issue = jwt::issue(&*self.issuer)
            .subject(&*self.subject)
            .expires_in(self.lifetime)
            .jwt_id(fresh::id(self.backend.as_ref())?)
            .typ(TYP)
            .clock(Arc::clone(&self.clock))
            .claims(&self.claims);
        let audiences = self.audiences.iter().map(String::as_str);
        let issue = audiences.fold(issue, jwt::Issue::audience);
        Ok(match &self.other {
            Some(json) => issue.claims_json(json),
            None => issue,
        })
    }
}
