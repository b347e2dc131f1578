use core::fmt;

use bulla_core::{Fault, jwt};

use super::Version;
use crate::remote::{KeysUnavailable, MissingKey, RemoteError};

/// Why a token is not accepted as one of Entra's.
#[derive(Debug)]
#[non_exhaustive]
pub enum EntraError {
    /// The header has Microsoft's `nonce`: the token is for one of Microsoft's own APIs, such as Graph, and only that
    /// can verify it. Ask for a token with a scope of your own API.
    ForeignNonce {
        /// For whom the token says it is; nobody verified that. Only the beginning of a long name.
        audience: Option<String>,
    },
    /// `iss` is not the issuer of the token's tenant.
    Issuer,
    /// The key is one of another issuer or another cloud.
    KeyIssuer,
    /// The keys cannot be had. Nothing is said about the token.
    Keys(KeysUnavailable),
    /// `tid` is missing, no GUID, or a tenant that is not accepted.
    Tenant,
    /// The token is not acceptable for a reason that is not Entra's.
    Token(jwt::VerifyError),
    /// The token is of the other version than the API expects; see `accessTokenAcceptedVersion` in its manifest.
    Version {
        /// The version that is expected.
        expected: Version,
    },
}

impl EntraError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ForeignNonce { .. } => "jwks.entra-nonce",
            Self::Issuer => "jwt.issuer-mismatch",
            Self::KeyIssuer => "jwks.entra-key-issuer",
            Self::Keys(error) => error.code(),
            Self::Tenant => "jwks.entra-tenant",
            Self::Token(error) => error.code(),
            Self::Version { .. } => "jwks.entra-version",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Keys(error) => error.fault(),
            Self::Token(error) => error.fault(),
            _ => Fault::Token,
        }
    }
}

impl MissingKey for EntraError {
    fn missing_key(&self) -> Option<Option<&str>> {
        match self {
            Self::Token(error) => error.missing_key(),
            _ => None,
        }
    }
}

impl From<jwt::VerifyError> for EntraError {
    fn from(error: jwt::VerifyError) -> Self {
        Self::Token(error)
    }
}

impl From<RemoteError<Self>> for EntraError {
    fn from(error: RemoteError<Self>) -> Self {
        match error {
            RemoteError::Keys(error) => Self::Keys(error),
            RemoteError::Token(error) => error,
        }
    }
}

impl fmt::Display for EntraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForeignNonce { audience } => {
                f.write_str("the token is for an API of Microsoft's, which alone can verify it (its header has `nonce`")?;
                match audience {
                    Some(audience) => write!(f, "; it says it is for {audience:?})"),
                    None => f.write_str(")"),
                }
            }
            Self::Issuer => f.write_str("the token's issuer is not that of its tenant"),
            Self::KeyIssuer => f.write_str("the token's key is one of another issuer"),
            Self::Keys(error) => error.fmt(f),
            Self::Tenant => f.write_str("the token's tenant is missing, no GUID, or not accepted"),
            Self::Token(error) => error.fmt(f),
            Self::Version { expected } => {
                let number = match expected {
                    Version::V1 => "1.0",
                    Version::V2 => "2.0",
                };
                write!(
                    f,
                    "the token is not of version {number}, as the API expects"
                )
            }
        }
    }
}

impl std::error::Error for EntraError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Keys(error) => error.source(),
            Self::Token(error) => error.source(),
            _ => None,
        }
    }
}
