use std::sync::Arc;

use bulla_core::key::{KeySet, Keys, Verifier};
use bulla_jwks::{KeysUnavailable, MissingKey, RemoteError, RemoteKeys};

use crate::access_token::{AccessError, AccessTokenPolicy, UnboundAccess};

/// The keys of whoever issues the tokens: published elsewhere and kept current, or fixed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum IssuerKeys {
    /// A set that does not change.
    Fixed(Arc<KeySet>),
    /// One key.
    One(Arc<Verifier>),
    /// What the issuer publishes.
    Remote(RemoteKeys),
}

impl IssuerKeys {
    pub(super) async fn verify(
        &self,
        policy: &AccessTokenPolicy,
        token: &str,
    ) -> Result<UnboundAccess, RemoteError<AccessError>> {
        let fixed: &(dyn Keys + Sync) = match self {
            Self::Fixed(keys) => keys.as_ref(),
            Self::One(key) => key.as_ref(),
            Self::Remote(keys) => return keys.verify(|keys| policy.verify(token, keys)).await,
        };
        policy.verify(token, fixed).map_err(RemoteError::Token)
    }

    pub(super) async fn ready(&self) -> Result<(), KeysUnavailable> {
        match self {
            Self::Remote(keys) => keys.ready().await,
            Self::Fixed(_) | Self::One(_) => Ok(()),
        }
    }

    pub(super) async fn refresh(&self) -> Result<(), KeysUnavailable> {
        match self {
            Self::Remote(keys) => keys.refresh().await,
            Self::Fixed(_) | Self::One(_) => Ok(()),
        }
    }
}

impl From<KeySet> for IssuerKeys {
    fn from(keys: KeySet) -> Self {
        Self::Fixed(Arc::new(keys))
    }
}

impl From<RemoteKeys> for IssuerKeys {
    fn from(keys: RemoteKeys) -> Self {
        Self::Remote(keys)
    }
}

impl From<Verifier> for IssuerKeys {
    fn from(key: Verifier) -> Self {
        Self::One(Arc::new(key))
    }
}

impl MissingKey for AccessError {
    fn missing_key(&self) -> Option<Option<&str>> {
        match self {
            Self::Token(error) => error.missing_key(),
            _ => None,
        }
    }
}
