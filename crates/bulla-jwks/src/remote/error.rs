use core::fmt;
use std::sync::Arc;
use std::time::Duration;

use bulla_core::Fault;

use crate::http::{ClientError, UrlRefused};
use crate::machine::Phase;
use crate::source::SourceError;

/// There are no keys now, or the one that a token names cannot be looked for now.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeysUnavailable {
    /// How things stand.
    pub phase: Phase,
    /// Why the last request failed.
    pub last_error: Option<Arc<SourceError>>,
    /// How long it is until the issuer is asked again: a `Retry-After` for whoever sent the token. None after shutdown.
    pub retry_after: Option<Duration>,
}

/// Why a token is not accepted: the keys are missing, or the token is no good.
#[derive(Debug)]
#[non_exhaustive]
pub enum RemoteError<E> {
    /// The keys cannot be had. Nothing is said about the token.
    Keys(KeysUnavailable),
    /// The token is not acceptable.
    Token(E),
}

/// Why no cache could be started.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartError {
    /// The client could not be made.
    Client(ClientError),
    /// The issuer is there already.
    IssuerTwice,
    /// There is no tokio runtime to run the task.
    NoRuntime,
    /// The tenant is neither a GUID nor `common`, `organizations` or `consumers`.
    Tenant,
    /// More issuers than the limit.
    TooManyIssuers {
        /// The limit.
        limit: usize,
    },
    /// The URL is none that we connect to.
    Url(UrlRefused),
}

/// An error that has a code, so that whatever stands in a [`RemoteError`] can tell its own.
pub trait Coded {
    /// The stable code.
    fn code(&self) -> &'static str;
    /// Whose doing it is.
    fn fault(&self) -> Fault;
}

macro_rules! coded {
    ($($error:ty),*) => {$(
        impl Coded for $error {
            fn code(&self) -> &'static str {
                self.code()
            }
            fn fault(&self) -> Fault {
                self.fault()
            }
        }
    )*};
}

coded!(bulla_core::jws::VerifyError, bulla_core::jwt::VerifyError);

impl KeysUnavailable {
    /// The stable code: that of the last error, or `remote.unavailable`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.last_error
            .as_ref()
            .map_or("remote.unavailable", |error| error.code())
    }

    /// Whose doing it is: the remote's.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Remote
    }
}

impl<E: Coded> RemoteError<E> {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Keys(error) => error.code(),
            Self::Token(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Keys(error) => error.fault(),
            Self::Token(error) => error.fault(),
        }
    }
}

impl<E> RemoteError<E> {
    /// What is wrong with the token.
    ///
    /// # Errors
    ///
    /// [`KeysUnavailable`] where nothing is said about the token.
    pub fn into_token(self) -> Result<E, KeysUnavailable> {
        match self {
            Self::Keys(error) => Err(error),
            Self::Token(error) => Ok(error),
        }
    }
}

impl StartError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Client(error) => error.code(),
            Self::IssuerTwice => "jwks.issuer-twice",
            Self::NoRuntime => "jwks.no-runtime",
            Self::Tenant => "jwks.entra-tenant",
            Self::TooManyIssuers { .. } => "jwks.too-many-issuers",
            Self::Url(_) => "jwks.url-refused",
        }
    }

    /// Whose doing it is: the caller's.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl From<ClientError> for StartError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<UrlRefused> for StartError {
    fn from(error: UrlRefused) -> Self {
        Self::Url(error)
    }
}

impl fmt::Display for KeysUnavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.phase {
            Phase::Loading => "the issuer's keys could not be had yet",
            Phase::Fresh => "the issuer cannot be asked for the token's key now",
            Phase::Stale => {
                "the issuer cannot be asked for the token's key, and its other keys are getting old"
            }
            Phase::Expired => {
                "the issuer's keys are too old to be used, and no newer ones could be had"
            }
            Phase::Stopped => "the cache of the issuer's keys was shut down",
        })?;
        match &self.last_error {
            Some(error) => write!(f, ": {error}"),
            None => Ok(()),
        }
    }
}

impl<E: fmt::Display> fmt::Display for RemoteError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys(error) => error.fmt(f),
            Self::Token(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => error.fmt(f),
            Self::IssuerTwice => f.write_str("the issuer is there already"),
            Self::NoRuntime => f.write_str("there is no tokio runtime here to run the refresh"),
            Self::Tenant => f.write_str(
                "the tenant is neither a GUID nor one of common, organizations, consumers",
            ),
            Self::TooManyIssuers { limit } => write!(f, "more than {limit} issuers"),
            Self::Url(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for KeysUnavailable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.last_error.as_deref().map(|error| error as _)
    }
}

impl<E: std::error::Error> std::error::Error for RemoteError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Keys(error) => error.source(),
            Self::Token(error) => error.source(),
        }
    }
}

impl std::error::Error for StartError {}
