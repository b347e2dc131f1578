use bulla_core::jwa::SignatureAlg;
use serde::{Deserialize, Serialize};

/// What a server knows of a client when it judges an assertion.
///
/// ```
/// use bulla_core::jwa::SignatureAlg;
/// use bulla_oauth::assertion::RegisteredClient;
/// let client = RegisteredClient::new("billing").algorithms([SignatureAlg::Es256]);
/// # let _ = client;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredClient {
    pub(super) id: String,
    pub(super) enabled: bool,
    pub(super) method: ClientAuthMethod,
    /// Empty: every algorithm of the server.
    pub(super) algorithms: Vec<SignatureAlg>,
}

impl RegisteredClient {
    /// An enabled client that authenticates by `private_key_jwt` with any algorithm that the server allows.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            enabled: true,
            method: ClientAuthMethod::PrivateKeyJwt,
            algorithms: Vec::new(),
        }
    }

    /// Only these algorithms: `token_endpoint_auth_signing_alg` of RFC 7591 §2. None named is no restriction.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = SignatureAlg>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Registered for another method.
    #[must_use]
    pub const fn method(mut self, method: ClientAuthMethod) -> Self {
        self.method = method;
        self
    }

    /// Switched off.
    #[must_use]
    pub const fn disabled(mut self) -> Self {
        self.enabled = false;
        self
    }

    /// Whether it is not [switched off](Self::disabled).
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// The client's identifier.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// How clients authenticate at the token endpoint, by the names that metadata and registration have (RFC 7591 §2,
/// RFC 8414 §2, RFC 8705 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientAuthMethod {
    /// Name and secret in the `Authorization` header.
    ClientSecretBasic,
    /// An assertion with a MAC.
    ClientSecretJwt,
    /// Name and secret in the form.
    ClientSecretPost,
    /// Not at all.
    None,
    /// An assertion with a signature.
    PrivateKeyJwt,
    /// A certificate that the client registered.
    SelfSignedTlsClientAuth,
    /// A certificate of an authority.
    TlsClientAuth,
}
