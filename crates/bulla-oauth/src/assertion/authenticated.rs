use bulla_core::jwa::AlgName;
use bulla_core::jwt::Valid;

/// A client that has proved who it is. Only an admitted assertion makes one.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient {
    client_id: String,
    alg: AlgName,
    kid: Option<String>,
    jwt_id: String,
}

impl AuthenticatedClient {
    pub(super) fn new<T>(client_id: String, valid: &Valid<'_, T>) -> Self {
        Self {
            client_id,
            alg: valid.key().alg().clone(),
            kid: valid.key().kid().map(str::to_owned),
            jwt_id: valid.jwt_id().unwrap_or_default().to_owned(),
        }
    }

    /// Who it is.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The algorithm of the assertion, for logs.
    #[must_use]
    pub const fn alg(&self) -> &AlgName {
        &self.alg
    }

    /// The key of the assertion, for logs.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The `jti` of the assertion, for logs.
    #[must_use]
    pub fn jwt_id(&self) -> &str {
        &self.jwt_id
    }
}
