use std::sync::Arc;

use tower_layer::Layer;

use super::needed::{self, NeededScopes};
use super::{Protected, ProtectedResource};
use crate::scope::{ScopeError, Scopes};

/// Puts a [`ProtectedResource`] around a service. What it admits has an [`Access`](crate::access_token::Access) in its
/// extensions, which [`Authorized`](super::Authorized) takes out.
#[derive(Clone, Debug)]
#[must_use = "nothing is protected until the layer is put around a service"]
pub struct ProtectLayer {
    resource: ProtectedResource,
    needed: Arc<Scopes>,
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
        let scopes = Scopes::parse(scopes)?;
        self.also(&scopes)
    }

    /// Needs the scopes of a type as well.
    ///
    /// # Errors
    ///
    /// [`ScopeError`] where there are more than 100 in all.
    pub fn require_of<N: NeededScopes>(self) -> Result<Self, ScopeError> {
        let scopes = needed::of::<N>()?;
        self.also(&scopes)
    }

    fn also(mut self, scopes: &Scopes) -> Result<Self, ScopeError> {
        let needed = Arc::make_mut(&mut self.needed);
        scopes.iter().try_for_each(|scope| needed.insert(scope))?;
        Ok(self)
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
