use core::fmt;
use std::sync::Arc;
use std::time::Duration;

use bulla::jwa::SignatureAlg;
use bulla::key::Backend;
use bulla::oauth::Issuer;
use bulla::oauth::assertion::{AssertionPolicy, Profile};
use bulla::oauth::dpop::{DpopPolicy, NonceKeyError, Nonces};
use bulla::oauth::grant::GrantPolicy;
use bulla::{Clock, SecretBytes, SystemClock};

use super::state::State;
use super::{Client, Clients, Server};
use crate::grants::TrustedIssuers;
use crate::rotation::SigningKeys;
use crate::store::Store;

/// Puts a [`Server`] together.
#[must_use = "no server is made until `build` is called"]
pub struct ServerBuilder {
    issuer: Issuer,
    store: Arc<dyn Store>,
    signing: SigningKeys,
    backend: Arc<dyn Backend>,
    clients: Vec<Client>,
    trusted_issuers: TrustedIssuers,
    profile: Profile,
    algorithms: Option<Vec<SignatureAlg>>,
    access_token_lifetime: Duration,
    demands_nonce: bool,
    clock: Arc<dyn Clock>,
}

impl ServerBuilder {
    pub(super) fn new(
        issuer: Issuer,
        store: Arc<dyn Store>,
        signing: SigningKeys,
        backend: Arc<dyn Backend>,
    ) -> Self {
        Self {
            issuer,
            store,
            signing,
            backend,
            clients: Vec::new(),
            trusted_issuers: TrustedIssuers::default(),
            profile: Profile::default(),
            algorithms: None,
            access_token_lifetime: Duration::from_secs(600),
            demands_nonce: true,
            clock: Arc::new(SystemClock),
        }
    }

    /// With these clients as well.
    pub fn clients(mut self, clients: impl IntoIterator<Item = Client>) -> Self {
        self.clients.extend(clients);
        self
    }

    /// Accepts assertions of these issuers as grants; of none unless this says otherwise.
    pub fn trusted_issuers(mut self, issuers: TrustedIssuers) -> Self {
        self.trusted_issuers = issuers;
        self
    }

    /// The rules for client assertions; [`Profile::Bis`] unless this says otherwise.
    pub const fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Accepts client assertions of these algorithms, instead of the profile's.
    pub fn assertion_algorithms(
        mut self,
        algorithms: impl IntoIterator<Item = SignatureAlg>,
    ) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Access tokens are valid for so long; ten minutes unless this says otherwise.
    pub const fn access_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.access_token_lifetime = lifetime;
        self
    }

    /// Accepts DPoP proofs without a nonce.
    pub const fn without_nonces(mut self) -> Self {
        self.demands_nonce = false;
        self
    }

    /// Asks this clock for the dates of assertions, proofs and tokens.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Makes the server. The secret is what DPoP nonces are made with: at least 32 octets, for all nodes the same.
    ///
    /// # Errors
    ///
    /// [`NonceKeyError`] for a shorter one.
    pub fn build(self, nonce_secret: &SecretBytes) -> Result<Server, NonceKeyError> {
        let nonces = Nonces::new(&self.backend, nonce_secret)?.clock(Arc::clone(&self.clock));
        let mut dpop = DpopPolicy::new(&self.backend).clock(Arc::clone(&self.clock));
        if self.profile == Profile::Fapi2 {
            // FAPI 2.0 Security Profile §5.4 is about every JWT.
            dpop = dpop.algorithms(self.profile.algorithms().iter().copied());
        }
        if self.demands_nonce {
            dpop = dpop.nonces(nonces.clone());
        }
        let mut assertions = AssertionPolicy::new(self.profile, &self.issuer);
        if let Some(algorithms) = self.algorithms {
            assertions = assertions.algorithms(algorithms);
        }
        let mut state = State {
            assertions: assertions.clock(Arc::clone(&self.clock)),
            grants: GrantPolicy::new(&self.issuer).clock(Arc::clone(&self.clock)),
            issuer: self.issuer,
            store: self.store,
            signing: self.signing,
            clients: self.clients.into_iter().collect::<Clients>(),
            trusted_issuers: self.trusted_issuers,
            dpop,
            nonces,
            demands_nonce: self.demands_nonce,
            access_token_lifetime: self.access_token_lifetime,
            backend: self.backend,
            clock: self.clock,
        };
        let endpoint = state.endpoint("token");
        // Only the profile `legacy` takes the endpoint for an audience; the policy of the others ignores it.
        state.assertions = state.assertions.endpoints([endpoint.clone()]);
        state.grants = state.grants.token_endpoint(endpoint);
        Ok(Server(Arc::new(state)))
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("issuer", &self.issuer)
            .field("store", &self.store)
            .field("profile", &self.profile)
            .field("clients", &self.clients.len())
            .finish_non_exhaustive()
    }
}
