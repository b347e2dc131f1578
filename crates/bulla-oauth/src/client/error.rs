use core::fmt;

use bulla_core::Fault;

use crate::make_error::MakeError;
use crate::message::{ResponseError, TokenType};
use crate::url_error::UrlError;

/// Why a token request could not be made, or its answer not be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// The assertion or the proof.
    Make(MakeError),
    /// A proof that cannot stand in a header.
    Proof,
    /// The answer is not one of a token endpoint.
    Response(ResponseError),
    /// The token is of another kind than was asked for.
    TokenType {
        /// The kind it is of.
        found: TokenType,
    },
    /// The endpoint.
    Url(UrlError),
}

impl ClientError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Make(error) => error.code(),
            Self::Proof => "oauth.dpop-malformed",
            Self::Response(error) => error.code(),
            Self::TokenType { .. } => "oauth.token-type-unexpected",
            Self::Url(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Make(error) => error.fault(),
            Self::Proof => Fault::Caller,
            Self::Response(_) | Self::TokenType { .. } => Fault::Remote,
            Self::Url(error) => error.fault(),
        }
    }
}

impl From<MakeError> for ClientError {
    fn from(error: MakeError) -> Self {
        Self::Make(error)
    }
}

impl From<ResponseError> for ClientError {
    fn from(error: ResponseError) -> Self {
        Self::Response(error)
    }
}

impl From<UrlError> for ClientError {
    fn from(error: UrlError) -> Self {
        Self::Url(error)
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Make(error) => error.fmt(f),
            Self::Proof => f.write_str("the DPoP proof cannot stand in a header"),
            Self::Response(error) => error.fmt(f),
            Self::TokenType { found } => {
                write!(
                    f,
                    "the token is a {} token, which is not what was asked for",
                    found.as_str()
                )
            }
            Self::Url(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ClientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Make(error) => Some(error),
            Self::Response(error) => Some(error),
            Self::Proof | Self::TokenType { .. } => None,
            Self::Url(error) => Some(error),
        }
    }
}
