use crate::access_token::{Access, AccessError};
use crate::scope::{ScopeError, Scopes};

/// What a request must be allowed beside presenting a valid token: scopes, and roles as Entra gives them to applications.
/// All of them are needed.
///
/// ```
/// use bulla_oauth::protect::Requirements;
/// let needed = Requirements::none().scopes("invoices:read invoices:write")?.role("Invoices.Audit");
/// assert!(Requirements::none().scopes("a  b").is_err());
/// # Ok::<(), bulla_oauth::ScopeError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Requirements {
    scopes: Scopes,
    roles: Vec<Box<str>>,
}

impl Requirements {
    /// Nothing more than a valid token.
    pub const fn none() -> Self {
        Self {
            scopes: Scopes::none(),
            roles: Vec::new(),
        }
    }

    /// These scopes as well, with one space between them.
    ///
    /// # Errors
    ///
    /// [`ScopeError`] where it is no list of scopes.
    pub fn scopes(mut self, scopes: &str) -> Result<Self, ScopeError> {
        let scopes = Scopes::parse(scopes)?;
        scopes
            .iter()
            .try_for_each(|scope| self.scopes.insert(scope))?;
        Ok(self)
    }

    /// This role as well.
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.roles.push(role.into().into());
        self
    }

    /// Whether the access has all of it.
    pub(super) fn check(&self, access: &Access) -> Result<(), AccessError> {
        access.require(&self.scopes)?;
        self.roles
            .iter()
            .try_for_each(|role| access.require_role(role))
    }
}
