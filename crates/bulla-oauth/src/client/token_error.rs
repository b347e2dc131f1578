use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use bulla_core::Fault;
use bulla_jwks::http::{FetchError, Unreachable};

use super::ClientError;
use crate::make_error::MakeError;
use crate::message::{ErrorCode, ErrorResponse};
use crate::metadata::MetadataError;

/// Why there is no token. Cheap to clone: one failure is told to everybody who waited.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TokenError {
    /// The task that asked came to no end: its runtime was shut down, or there is none.
    Abandoned,
    /// The request could not be made, or the answer is none of a token endpoint.
    Client(Arc<ClientError>),
    /// What the server says about itself cannot be used.
    Metadata(MetadataError),
    /// The server wants another nonce although it got the one that it had sent.
    NonceRepeated,
    /// The server refuses.
    Refused(ErrorResponse),
    /// The metadata names no token endpoint.
    TokenEndpointMissing,
    /// No answer, or one that says that there is none now.
    Transport {
        /// What happened.
        error: FetchError,
    },
}

impl TokenError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Abandoned => "remote.unavailable",
            Self::Client(error) => error.code(),
            Self::Metadata(error) => error.code(),
            Self::NonceRepeated => "oauth.dpop-nonce-needed",
            Self::Refused(error) => code_of(error),
            Self::TokenEndpointMissing => "oauth.token-endpoint-missing",
            Self::Transport { error } => match error {
                FetchError::Answer(_) => "oauth.response-malformed",
                FetchError::Url(_) => "oauth.url-invalid",
                other => other.code(),
            },
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Client(error) => error.fault(),
            Self::Transport { error } => error.fault(),
            _ => Fault::Remote,
        }
    }

    /// When to ask again, where the server says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(error) => error.delay(),
            Self::Transport { error } => error.retry_after(),
            _ => None,
        }
    }

    /// Whether another try may help by itself, with nothing changed on either side.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused(error) => error.status().is_server_error() || error.status() == TOO_MANY,
            Self::Transport { error } => matches!(
                error,
                FetchError::Throttled { .. }
                    | FetchError::Unavailable {
                        why: Unreachable::Body
                            | Unreachable::Connect
                            | Unreachable::Interrupted
                            | Unreachable::Timeout
                            | Unreachable::Status {
                                status: 408 | 500..
                            },
                        ..
                    }
            ),
            // Only a key that is far away fails for a while.
            Self::Client(error) => error.code().starts_with("remote."),
            _ => false,
        }
    }
}

/// What the wire says, as far as we have a name for it.
fn code_of(error: &ErrorResponse) -> &'static str {
    if error.status() == TOO_MANY {
        return "remote.throttled";
    }
    match error.code() {
        ErrorCode::InvalidClient => "oauth.client-refused",
        ErrorCode::InvalidScope => "oauth.scope-not-allowed",
        ErrorCode::InvalidTarget => "oauth.target-not-allowed",
        ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable => "remote.unavailable",
        ErrorCode::UnauthorizedClient => "oauth.grant-not-allowed",
        ErrorCode::UnsupportedGrantType => "oauth.grant-unsupported",
        ErrorCode::UseDpopNonce => "oauth.dpop-nonce-needed",
        _ => "oauth.refused",
    }
}

const TOO_MANY: http::StatusCode = http::StatusCode::TOO_MANY_REQUESTS;

impl From<ClientError> for TokenError {
    fn from(error: ClientError) -> Self {
        Self::Client(Arc::new(error))
    }
}

impl From<MakeError> for TokenError {
    fn from(error: MakeError) -> Self {
        ClientError::from(error).into()
    }
}

impl From<crate::url_error::UrlError> for TokenError {
    fn from(error: crate::url_error::UrlError) -> Self {
        ClientError::from(error).into()
    }
}

impl From<MetadataError> for TokenError {
    fn from(error: MetadataError) -> Self {
        Self::Metadata(error)
    }
}

impl From<FetchError> for TokenError {
    fn from(error: FetchError) -> Self {
        Self::Transport { error }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Abandoned => f.write_str("the request for a token came to no end: there is no Tokio runtime, or none any more"),
            Self::Client(error) => error.fmt(f),
            Self::Metadata(error) => error.fmt(f),
            Self::NonceRepeated => {
                f.write_str("the authorization server wants a nonce again after it got its own")
            }
            Self::Refused(error) => write!(f, "the authorization server answered {error}"),
            Self::TokenEndpointMissing => f.write_str("the metadata names no token endpoint"),
            Self::Transport { error } => write!(f, "the authorization server: {error}"),
        }
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Client(error) => Some(error.as_ref()),
            Self::Metadata(error) => Some(error),
            Self::Transport { error } => Some(error),
            _ => None,
        }
    }
}
