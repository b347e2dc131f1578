/// `client_assertion_type` of a JWT, [RFC 7523 §2.2](https://www.rfc-editor.org/rfc/rfc7523#section-2.2).
pub const CLIENT_ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// `grant_type` of a JWT, [RFC 7523 §2.1](https://www.rfc-editor.org/rfc/rfc7523#section-2.1).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

pub(super) const CLIENT_CREDENTIALS: &str = "client_credentials";

/// A kind of grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GrantType {
    /// The client for itself, [RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4).
    ClientCredentials,
    /// An assertion about a principal, [RFC 7523 §2.1](https://www.rfc-editor.org/rfc/rfc7523#section-2.1).
    JwtBearer,
}

impl GrantType {
    /// The value of `grant_type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientCredentials => CLIENT_CREDENTIALS,
            Self::JwtBearer => JWT_BEARER,
        }
    }
}

/// What a token is asked for by.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// The client for itself.
    ClientCredentials,
    /// An assertion about a principal.
    JwtBearer {
        /// The assertion, a compact JWS.
        assertion: String,
    },
}

impl Grant {
    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> GrantType {
        match self {
            Self::ClientCredentials => GrantType::ClientCredentials,
            Self::JwtBearer { .. } => GrantType::JwtBearer,
        }
    }
}

/// The kind alone: an assertion can be used by whoever reads it.
impl core::fmt::Debug for Grant {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.kind().fmt(f)
    }
}
