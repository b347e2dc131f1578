use core::fmt;
use std::str::FromStr;
use std::sync::Arc;

use bulla::jwks::RemoteKeys;
use bulla::key::KeySet;
use bulla::oauth::assertion::RegisteredClient;
use bulla::oauth::message::GrantType;
use bulla::oauth::{Resource, Scopes};

/// A client as the configuration has it: who it is, its keys, and what it may ask for.
#[derive(Clone, Debug)]
#[must_use]
pub struct Client {
    registered: RegisteredClient,
    keys: ClientKeys,
    scopes: Scopes,
    resources: Vec<Resource>,
    dpop: DpopUse,
    grants: Vec<GrantType>,
}

/// Where a client's keys are. None of these is ever chosen by an assertion.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_enums, reason = "a key set is here or elsewhere")]
pub enum ClientKeys {
    /// In the configuration.
    Fixed(Arc<KeySet>),
    /// At its `jwks_uri`, or in a file that is watched.
    Remote(RemoteKeys),
}

/// Whether a client's tokens are bound to keys of its own, RFC 9449.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is no fourth answer")]
pub enum DpopUse {
    /// Each request must carry a proof.
    Required,
    /// Where a request carries a proof, the token is bound.
    #[default]
    Optional,
    /// A request with a proof is refused.
    Never,
}

impl Client {
    /// A client that may use the grant `client_credentials`, and has no scopes and no resources yet.
    pub fn new(registered: RegisteredClient, keys: ClientKeys) -> Self {
        Self {
            registered,
            keys,
            scopes: Scopes::none(),
            resources: Vec::new(),
            dpop: DpopUse::default(),
            grants: vec![GrantType::ClientCredentials],
        }
    }

    /// With these scopes.
    pub fn with_scopes(mut self, scopes: Scopes) -> Self {
        self.scopes = scopes;
        self
    }

    /// For these resources.
    pub fn with_resources(mut self, resources: impl IntoIterator<Item = Resource>) -> Self {
        self.resources = resources.into_iter().collect();
        self
    }

    /// With DPoP or without.
    pub const fn with_dpop(mut self, dpop: DpopUse) -> Self {
        self.dpop = dpop;
        self
    }

    /// By these grants, and no other.
    pub fn with_grants(mut self, grants: impl IntoIterator<Item = GrantType>) -> Self {
        self.grants = grants.into_iter().collect();
        self
    }

    /// The client's identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        self.registered.id()
    }

    /// What its assertions are judged by.
    #[must_use]
    pub const fn registered(&self) -> &RegisteredClient {
        &self.registered
    }

    /// Its keys.
    #[must_use]
    pub const fn keys(&self) -> &ClientKeys {
        &self.keys
    }

    /// What it may ask for; all of it where it asks for nothing.
    #[must_use]
    pub const fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// The resources that its tokens may be for, in the order of the configuration; the first is the audience where it
    /// asks for none.
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// Whether its tokens are bound to keys.
    #[must_use]
    pub const fn dpop(&self) -> DpopUse {
        self.dpop
    }

    /// The grants that it may use.
    #[must_use]
    pub fn grants(&self) -> &[GrantType] {
        &self.grants
    }
}

impl DpopUse {
    /// The name that configuration files have.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::Never => "never",
        }
    }
}

impl FromStr for DpopUse {
    type Err = UnknownDpopUse;

    fn from_str(name: &str) -> Result<Self, UnknownDpopUse> {
        [Self::Required, Self::Optional, Self::Never]
            .into_iter()
            .find(|dpop| dpop.name() == name)
            .ok_or(UnknownDpopUse)
    }
}

/// The name is none of `required`, `optional` and `never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownDpopUse;

impl fmt::Display for UnknownDpopUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("none of required, optional and never")
    }
}

impl std::error::Error for UnknownDpopUse {}
