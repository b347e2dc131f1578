use core::fmt;
use std::sync::Arc;
use std::time::Duration;

use bulla::Clock;
use bulla::key::Backend;
use bulla::oauth::assertion::AssertionPolicy;
use bulla::oauth::dpop::{DpopPolicy, Nonces};
use bulla::oauth::grant::GrantPolicy;
use bulla::oauth::{Issuer, Recorded, SingleUse};

use super::{Clients, ServerBuilder};
use crate::grants::TrustedIssuers;
use crate::rotation::SigningKeys;
use crate::store::{FirstUse, Store, StoreError};

/// What every request is answered from: policies, clients, signing keys and the store. Cheap to clone; made by
/// [`ServerBuilder`], and not changed afterwards.
#[derive(Clone)]
pub struct Server(pub(super) Arc<State>);

pub(super) struct State {
    pub(super) issuer: Issuer,
    pub(super) store: Arc<dyn Store>,
    pub(super) signing: SigningKeys,
    pub(super) clients: Clients,
    pub(super) trusted_issuers: TrustedIssuers,
    pub(super) assertions: AssertionPolicy,
    pub(super) grants: GrantPolicy,
    pub(super) dpop: DpopPolicy,
    pub(super) nonces: Nonces,
    pub(super) demands_nonce: bool,
    pub(super) access_token_lifetime: Duration,
    pub(super) backend: Arc<dyn Backend>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Server {
    /// Begins one.
    pub fn builder(
        issuer: Issuer,
        store: Arc<dyn Store>,
        signing: SigningKeys,
        backend: Arc<dyn Backend>,
    ) -> ServerBuilder {
        ServerBuilder::new(issuer, store, signing, backend)
    }

    /// Who issues the tokens.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    /// Where tokens are asked for.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        self.0.endpoint("token")
    }

    /// Where the keys of the tokens are.
    #[must_use]
    pub fn jwks_uri(&self) -> String {
        self.0.endpoint("jwks")
    }

    /// The clients.
    #[must_use]
    pub fn clients(&self) -> &Clients {
        &self.0.clients
    }

    /// The issuers whose assertions are accepted as grants.
    #[must_use]
    pub fn trusted_issuers(&self) -> &TrustedIssuers {
        &self.0.trusted_issuers
    }

    /// What is accepted as a client assertion.
    pub fn assertions(&self) -> &AssertionPolicy {
        &self.0.assertions
    }

    /// What is accepted as a JWT bearer grant.
    pub fn grants(&self) -> &GrantPolicy {
        &self.0.grants
    }

    /// What is accepted as a DPoP proof. It demands a nonce of [`nonces`](Self::nonces) unless that was switched off.
    pub fn dpop(&self) -> &DpopPolicy {
        &self.0.dpop
    }

    /// The nonces of DPoP proofs. All nodes accept what one of them handed out.
    #[must_use]
    pub fn nonces(&self) -> &Nonces {
        &self.0.nonces
    }

    /// Whether proofs must carry a nonce.
    #[must_use]
    pub fn demands_nonce(&self) -> bool {
        self.0.demands_nonce
    }

    /// The keys that sign access tokens.
    #[must_use]
    pub fn signing(&self) -> &SigningKeys {
        &self.0.signing
    }

    /// How long an access token is valid.
    #[must_use]
    pub fn access_token_lifetime(&self) -> Duration {
        self.0.access_token_lifetime
    }

    /// What is stored.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.0.store
    }

    /// The provider of primitives.
    #[must_use]
    pub fn backend(&self) -> &Arc<dyn Backend> {
        &self.0.backend
    }

    /// The clock that dates are judged by.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    /// Records what may be used once, in one atomic step. What the store does not answer to is
    /// [`Recorded::Unavailable`], and in the log.
    pub async fn record(&self, single_use: &SingleUse) -> Recorded {
        let recorded = self.0.store.use_once(single_use.key(), single_use.until());
        match recorded.await {
            Ok(FirstUse::Yes) => Recorded::New,
            Ok(FirstUse::No) => Recorded::Before,
            Err(error) => {
                tracing::error!(
                    code = error.code(),
                    kind = single_use.kind(),
                    "nothing is accepted while uses cannot be recorded: {error}"
                );
                Recorded::Unavailable
            }
        }
    }

    /// Whether requests can be answered: the store does.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it does not.
    pub async fn healthy(&self) -> Result<(), StoreError> {
        self.0.store.healthy().await
    }
}

impl State {
    /// An endpoint under the issuer.
    pub(super) fn endpoint(&self, name: &str) -> String {
        let issuer = self.issuer.as_str();
        format!("{}/{name}", issuer.strip_suffix('/').unwrap_or(issuer))
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("issuer", &self.0.issuer)
            .field("store", &self.0.store)
            .field("signing", &self.0.signing)
            .field("clients", &self.0.clients.len())
            .finish_non_exhaustive()
    }
}
