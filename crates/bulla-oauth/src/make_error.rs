use core::fmt;

use bulla_core::key::BackendError;
use bulla_core::{Fault, jws, jwt};

/// Why an assertion, a proof or a token could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum MakeError {
    /// The claims or the signature.
    Jwt(jwt::IssueError),
    /// The backend has no random octets for a `jti`.
    Random,
}

impl MakeError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Jwt(error) => error.code(),
            Self::Random => "jws.signing-failed",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Jwt(error) => error.fault(),
            Self::Random => Fault::Bug,
        }
    }
}

impl From<jwt::IssueError> for MakeError {
    fn from(error: jwt::IssueError) -> Self {
        Self::Jwt(error)
    }
}

impl From<jws::BuildError> for MakeError {
    fn from(error: jws::BuildError) -> Self {
        Self::Jwt(error.into())
    }
}

impl From<BackendError> for MakeError {
    fn from(BackendError: BackendError) -> Self {
        Self::Random
    }
}

impl fmt::Display for MakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jwt(error) => error.fmt(f),
            Self::Random => f.write_str("there are no random octets"),
        }
    }
}

impl std::error::Error for MakeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Jwt(error) => Some(error),
            Self::Random => None,
        }
    }
}
