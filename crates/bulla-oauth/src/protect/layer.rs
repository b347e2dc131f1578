use std::sync::Arc;

use tower_layer::Layer;

use super::needed::NeededScopes;
use super::{Protected, ProtectedResource, Requirements};
use crate::scope::ScopeError;

/// Puts a [`ProtectedResource`] around a service. What it admits has an [`Access`](crate::access_token::Access) in its
/// extensions, which [`Authorized`](super::Authorized) takes out.
#[derive(Clone, Debug)]
#[must_use = "nothing is protected until the layer is put around a service"]
pub struct ProtectLayer {
    resource: ProtectedResource,
    needed: Arc<Requirements>,
}

impl ProtectLayer {
    pub(super) fn new(resource: ProtectedResource) -> Self {
        Self {
            resource,
            needed: Arc::default(),
        }
    }

    /// Needs these scopes as well, with one space between them.
    ///
    /// # Errors
    ///
    /// [`ScopeError`] where it is no list of scopes.
    pub fn require(self, scopes: &str) -> Result<Self, ScopeError> {
        let needed = self.needed.as_ref().clone().scopes(scopes)?;
        Ok(self.needing(needed))
    }

    /// Needs the scopes of a type as well.
    ///
    /// # Errors
    ///
    /// [`ScopeError`] where there are more than 100 in all.
    pub fn require_of<N: NeededScopes>(self) -> Result<Self, ScopeError> {
        self.require(N::SCOPES)
    }

    /// Needs this role as well: what Entra gives to an application that calls for itself, whose tokens have no scopes.
    pub fn require_role(self, role: impl Into<String>) -> Self {
        let needed = self.needed.as_ref().clone().role(role);
        self.needing(needed)
    }

    fn needing(self, needed: Requirements) -> Self {
        Self {
            needed: Arc::new(needed),
            ..self
        }
    }
}

impl<S> Layer<S> for ProtectLayer {
    type Service = Protected<S>;

    fn layer(&self, inner: S) -> Protected<S> {
        Protected {
            inner,
            resource: self.resource.clone(),
            needed: Arc::clone(&self.needed),
        }
    }
}
