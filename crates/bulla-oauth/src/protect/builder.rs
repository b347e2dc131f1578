use core::fmt;
use std::sync::Arc;

use bulla_core::Clock;
use bulla_core::jwa::SignatureAlg;
use bulla_core::key::Backend;
use bulla_jwks::entra::Entra;
use bulla_jwks::http::HttpOptions;
use bulla_jwks::{StartError, discover};

use super::keys::IssuerKeys;
use super::resource::{OnRefusal, Rules};
use super::tokens::Tokens;
use super::{DpopRules, ProtectedResource, Refusal};
use crate::access_token::AccessTokenPolicy;
use crate::issuer::Issuer;

/// What a protected resource takes; `build` makes it. `T` is [`JwtTokens`], or [`Entra`] for that.
#[must_use = "nothing is protected until `build` is called"]
pub struct ResourceBuilder<T> {
    tokens: T,
    dpop: Option<DpopRules>,
    realm: Option<String>,
    backend: Option<Arc<dyn Backend>>,
    clock: Option<Arc<dyn Clock>>,
    on_refusal: Option<OnRefusal>,
}

/// Tokens that an issuer signs, and its keys.
#[derive(Clone, Debug)]
pub struct JwtTokens {
    issuer: Issuer,
    policy: AccessTokenPolicy,
    keys: Option<IssuerKeys>,
}

impl<T> ResourceBuilder<T> {
    fn of(tokens: T) -> Self {
        Self {
            tokens,
            dpop: None,
            realm: None,
            backend: None,
            clock: None,
            on_refusal: None,
        }
    }

    /// Takes tokens with a proof of possession. Without this, `DPoP` is no scheme of the resource, and a token that is
    /// bound to a key is refused.
    pub fn dpop(mut self, rules: DpopRules) -> Self {
        self.dpop = Some(rules);
        self
    }

    /// Names the realm in challenges.
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = Some(realm.into());
        self
    }

    /// Verifies proofs with this backend.
    pub fn backend(mut self, backend: Arc<dyn Backend>) -> Self {
        self.backend = Some(backend);
        self
    }

    /// Asks this clock, for tokens and for proofs. One that a policy was given before is left to it.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Tells every refusal to an audit log, beside `tracing` and metrics.
    pub fn on_refusal(mut self, told: impl Fn(&Refusal) + Send + Sync + 'static) -> Self {
        self.on_refusal = Some(Box::new(told));
        self
    }

    fn finish(self, tokens: impl FnOnce(T) -> Tokens) -> ProtectedResource {
        let backend = self.backend.unwrap_or_else(bulla_aws_lc::backend);
        let proofs = self
            .dpop
            .map(|rules| rules.ready(&backend, self.clock.as_ref()));
        ProtectedResource {
            rules: Arc::new(Rules {
                tokens: tokens(self.tokens),
                proofs,
                realm: self.realm,
                on_refusal: self.on_refusal,
            }),
        }
    }
}

impl ResourceBuilder<JwtTokens> {
    pub(super) fn of_issuer(issuer: &Issuer, policy: AccessTokenPolicy) -> Self {
        Self::of(JwtTokens {
            issuer: issuer.clone(),
            policy,
            keys: None,
        })
    }

    /// Verifies with these keys, and not with those that the issuer's metadata leads to: a
    /// [`RemoteKeys`](bulla_jwks::RemoteKeys), a compiled set, or one key.
    pub fn keys(mut self, keys: impl Into<IssuerKeys>) -> Self {
        self.tokens.keys = Some(keys.into());
        self
    }

    /// Takes tokens signed by these algorithms alone.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = SignatureAlg>) -> Self {
        self.tokens.policy = self.tokens.policy.algorithms(algorithms);
        self
    }

    /// Changes what else is expected of tokens, such as a leeway or several audiences.
    pub fn tokens(mut self, change: impl FnOnce(AccessTokenPolicy) -> AccessTokenPolicy) -> Self {
        self.tokens.policy = change(self.tokens.policy);
        self
    }

    /// Makes the resource. Where no keys were given, finding them begins, on the tokio runtime of the caller, by the
    /// issuer's metadata.
    ///
    /// # Errors
    ///
    /// [`StartError`] where the keys cannot be looked for: there is no runtime, or the client cannot be made.
    pub fn build(mut self) -> Result<ProtectedResource, StartError> {
        if let Some(clock) = self.clock.clone() {
            self.tokens.policy = self.tokens.policy.clock(clock);
        }
        let keys = match self.tokens.keys.take() {
            Some(keys) => keys,
            None => found(&self.tokens.issuer, &self.tokens.policy)?,
        };
        Ok(self.finish(|tokens| Tokens::Jwt {
            policy: Box::new(tokens.policy),
            keys,
        }))
    }
}

impl ResourceBuilder<Entra> {
    pub(super) fn of_entra(entra: Entra) -> Self {
        Self::of(entra)
    }

    /// Makes the resource.
    #[must_use]
    pub fn build(self) -> ProtectedResource {
        self.finish(Tokens::Entra)
    }
}

/// The keys that the issuer's metadata leads to. An issuer may be `http` on loopback alone, and so may its keys.
fn found(issuer: &Issuer, policy: &AccessTokenPolicy) -> Result<IssuerKeys, StartError> {
    let keys = discover(issuer.as_str()).algorithms(policy.keys());
    let keys = if issuer.as_str().starts_with("http:") {
        // No proxy leads to this machine.
        let options = HttpOptions::default().allow_loopback_http().no_proxy();
        keys.client(options.build()?)
    } else {
        keys
    };
    Ok(keys.start()?.into())
}

impl<T: fmt::Debug> fmt::Debug for ResourceBuilder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceBuilder")
            .field("tokens", &self.tokens)
            .field("dpop", &self.dpop)
            .finish_non_exhaustive()
    }
}
