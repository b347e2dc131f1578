use core::fmt;
use std::sync::Arc;

use bulla_jwks::KeysUnavailable;
use bulla_jwks::entra::Entra;
use http::header::WWW_AUTHENTICATE;
use http::request::Parts;
use http::{HeaderValue, Response};

use super::builder::{JwtTokens, ResourceBuilder};
use super::dpop::Proofs;
use super::external::original;
use super::tokens::Tokens;
use super::{ClientCertificate, ProtectLayer, Refusal, Requirements, events};
use crate::access_token::{Access, AccessError, AccessTokenPolicy, Presented, UnboundAccess};
use crate::dpop::{DpopError, DpopRequest, ProvedKey};
use crate::issuer::Issuer;
use crate::message::{Challenge, PresentedToken, TokenScheme, single_dpop};

/// Decides which requests are admitted. Made once; cheap to clone.
///
/// [`layer`](Self::layer) is for tower and axum; [`admit`](Self::admit) and [`refuse`](Self::refuse) are for everything
/// else.
#[derive(Clone)]
pub struct ProtectedResource {
    pub(super) rules: Arc<Rules>,
}

pub(super) struct Rules {
    pub(super) tokens: Tokens,
    pub(super) proofs: Option<Proofs>,
    pub(super) realm: Option<String>,
    pub(super) on_refusal: Option<OnRefusal>,
}

/// What is told of every refusal.
pub(super) type OnRefusal = Box<dyn Fn(&Refusal) + Send + Sync>;

/// A request that is admitted.
#[derive(Clone, Debug)]
pub struct Admitted {
    access: Access,
    next_nonce: Option<String>,
}

impl Admitted {
    /// What the request may do.
    #[must_use]
    pub const fn access(&self) -> &Access {
        &self.access
    }

    /// The same.
    #[must_use]
    pub fn into_access(self) -> Access {
        self.access
    }

    /// What the answer has to have as `DPoP-Nonce`, if anything (RFC 9449 §8.2).
    #[must_use]
    pub fn next_nonce(&self) -> Option<&str> {
        self.next_nonce.as_deref()
    }
}

impl ProtectedResource {
    /// Takes the tokens that this issuer issues for this audience, as [RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)
    /// describes them.
    #[allow(
        clippy::new_ret_no_self,
        reason = "a builder, since keys and rules follow"
    )]
    pub fn new(issuer: &Issuer, audience: impl Into<String>) -> ResourceBuilder<JwtTokens> {
        let policy = AccessTokenPolicy::rfc9068(issuer, audience);
        ResourceBuilder::of_issuer(issuer, policy)
    }

    /// Takes the tokens of an issuer that came before RFC 9068, such as Keycloak, as [`AccessTokenPolicy::plain`]
    /// describes them.
    pub fn plain(issuer: &Issuer, audience: impl Into<String>) -> ResourceBuilder<JwtTokens> {
        let policy = AccessTokenPolicy::plain(issuer, audience);
        ResourceBuilder::of_issuer(issuer, policy)
    }

    /// Takes the tokens of Microsoft Entra that are valid for `entra`.
    ///
    /// ```no_run
    /// use bulla_oauth::protect::ProtectedResource;
    /// let tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    /// let entra = bulla_jwks::entra(tenant, "5c8e0e9a-54b3-4ae3-9d4f-4c0c6d1a1b9e").start()?;
    /// let api = ProtectedResource::entra(entra).build();
    /// let layer = api.layer().require("Invoices.Read")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Security
    ///
    /// Need a scope or a role. An ID token for the same application has no scope, and is signed by the same keys.
    pub fn entra(entra: Entra) -> ResourceBuilder<Entra> {
        ResourceBuilder::of_entra(entra)
    }

    /// Admits requests by this resource's rules.
    pub fn layer(&self) -> ProtectLayer {
        ProtectLayer::new(self.clone())
    }

    /// Waits until the issuer's keys are there: for a service that will not start without.
    ///
    /// # Errors
    ///
    /// [`KeysUnavailable`] with the reason.
    pub async fn ready(&self) -> Result<(), KeysUnavailable> {
        match &self.rules.tokens {
            Tokens::Jwt { keys, .. } => keys.ready().await,
            Tokens::Entra(entra) => entra.keys().ready().await,
        }
    }

    /// Asks the issuer for its keys again, now: for an operator who knows that one was revoked.
    ///
    /// # Errors
    ///
    /// [`KeysUnavailable`] where the issuer does not answer; the keys stay as they are.
    pub async fn refresh_keys(&self) -> Result<(), KeysUnavailable> {
        match &self.rules.tokens {
            Tokens::Jwt { keys, .. } => keys.refresh().await,
            Tokens::Entra(entra) => entra.keys().refresh().await,
        }
    }

    /// Looks at a request's token, proof and certificate, and whether it is allowed this.
    ///
    /// ```
    /// # use bulla_oauth::protect::{ProtectedResource, Requirements};
    /// async fn answer(api: &ProtectedResource, request: http::Request<()>) -> http::Response<Vec<u8>> {
    ///     let (parts, ()) = request.into_parts();
    ///     match api.admit(&parts, &Requirements::none()).await {
    ///         Ok(admitted) => http::Response::new(format!("{:?}", admitted.access().client_id()).into_bytes()),
    ///         Err(refusal) => api.refuse(&refusal, None),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Refusal`], of which [`refuse`](Self::refuse) makes the answer.
    pub async fn admit(&self, parts: &Parts, needed: &Requirements) -> Result<Admitted, Refusal> {
        let decided = self.rules.decide(parts, needed).await;
        match &decided {
            Ok(admitted) => events::admitted(&admitted.access),
            Err(refusal) => self.tell(refusal),
        }
        decided
    }

    /// The answer to a request that is not admitted. `scheme` is how it presented its token, where that is known.
    #[must_use]
    pub fn refuse(&self, refusal: &Refusal, scheme: Option<TokenScheme>) -> Response<Vec<u8>> {
        self.rules.answer(refusal, scheme)
    }

    pub(super) fn tell(&self, refusal: &Refusal) {
        events::refused(refusal);
        if let Some(told) = &self.rules.on_refusal {
            told(refusal);
        }
    }
}

impl Rules {
    async fn decide(&self, parts: &Parts, needed: &Requirements) -> Result<Admitted, Refusal> {
        let presented = PresentedToken::read(&parts.headers, original(parts).query())?
            .ok_or(Refusal::Missing)?;
        match (presented.scheme(), &self.proofs) {
            // To a resource without DPoP it is a scheme like any other.
            (TokenScheme::Dpop, None) => return Err(Refusal::Missing),
            (TokenScheme::Bearer, Some(proofs)) if proofs.is_required => {
                return Err(Refusal::DpopRequired);
            }
            _ => {}
        }
        let token = self.tokens.verify(presented.token()).await?;
        let (access, next_nonce) = match &self.proofs {
            Some(proofs) if presented.scheme() == TokenScheme::Dpop => {
                let proved = proofs.prove(parts, &presented, &token).await?;
                let next_nonce = proved.next_nonce().map(str::to_owned);
                (token.presented(Presented::Dpop(&proved))?, next_nonce)
            }
            _ => {
                let certificate = parts.extensions.get::<ClientCertificate>();
                let how = certificate.map_or(Presented::Bearer, |certificate| {
                    Presented::Certificate(certificate.sha256())
                });
                (token.presented(how)?, None)
            }
        };
        needed.check(&access)?;
        Ok(Admitted { access, next_nonce })
    }

    pub(super) fn answer(
        &self,
        refusal: &Refusal,
        scheme: Option<TokenScheme>,
    ) -> Response<Vec<u8>> {
        let first = match &self.proofs {
            None => TokenScheme::Bearer,
            Some(proofs) if proofs.is_required => TokenScheme::Dpop,
            Some(_) => scheme.unwrap_or(TokenScheme::Bearer),
        };
        let challenge = match (refusal, &self.proofs) {
            // No proof would help: the resource takes none.
            (Refusal::Access(AccessError::Bound), None) => {
                AccessError::Unconfirmed.challenge(first)
            }
            _ => match refusal.challenge(first) {
                Some(challenge) => challenge,
                None => return refusal.fault_of_ours(),
            },
        };
        let mut answer = self.dressed(challenge).to_http_with_body();
        let is_choice = matches!(refusal, Refusal::Missing)
            && self
                .proofs
                .as_ref()
                .is_some_and(|proofs| !proofs.is_required);
        if is_choice {
            // Both ways are open to who has shown no token yet.
            let dpop = self.dressed(Challenge::new(TokenScheme::Dpop)).to_string();
            if let Ok(value) = HeaderValue::from_str(&dpop) {
                answer.headers_mut().append(WWW_AUTHENTICATE, value);
            }
        }
        answer
    }

    /// With what every challenge of this resource has.
    fn dressed(&self, challenge: Challenge) -> Challenge {
        let challenge = match &self.realm {
            Some(realm) => challenge.realm(realm),
            None => challenge,
        };
        match &self.proofs {
            Some(proofs) if challenge.scheme() == TokenScheme::Dpop => {
                challenge.algs(proofs.policy.allowed())
            }
            _ => challenge,
        }
    }
}

impl Proofs {
    /// The key that the request proves to hold.
    async fn prove(
        &self,
        parts: &Parts,
        presented: &PresentedToken<'_>,
        token: &UnboundAccess,
    ) -> Result<ProvedKey, Refusal> {
        let proof = single_dpop(&parts.headers)?.ok_or(DpopError::Missing)?;
        let url = self.external.of(parts)?;
        let request = DpopRequest::new(parts.method.as_str(), &url).access_token(presented.token());
        let request = match token.bound_to() {
            Some(key) => request.bound_to(key),
            None => request,
        };
        let verified = self.policy.verify(proof, &request)?;
        let recorded = self.replay.use_once(verified.single_use()).await;
        Ok(verified.admit(recorded)?)
    }
}

impl fmt::Debug for ProtectedResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProtectedResource")
            .field("tokens", &self.rules.tokens)
            .field("proofs", &self.rules.proofs)
            .finish_non_exhaustive()
    }
}
