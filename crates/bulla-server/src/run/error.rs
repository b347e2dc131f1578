use core::fmt;
use std::io;
use std::net::SocketAddr;

use bulla::Fault;

use crate::config::OpenError;
use crate::endpoints::EndpointsError;

/// Why a server does not run.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// It has no endpoints.
    Endpoints(EndpointsError),
    /// The address cannot be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// What the configuration names cannot be opened.
    Open(OpenError),
    /// It came to an end by itself.
    Serve(io::Error),
}

impl RunError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Endpoints(error) => error.code(),
            Self::Listen { .. } => "io.listen-failed",
            Self::Open(error) => error.code(),
            Self::Serve(_) => "io.serve-failed",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Endpoints(error) => error.fault(),
            Self::Listen { .. } | Self::Serve(_) => Fault::Remote,
            Self::Open(error) => error.fault(),
        }
    }
}

impl From<EndpointsError> for RunError {
    fn from(error: EndpointsError) -> Self {
        Self::Endpoints(error)
    }
}

impl From<OpenError> for RunError {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoints(error) => error.fmt(f),
            Self::Listen { address, error } => write!(f, "listening on {address}: {error}"),
            Self::Open(error) => error.fmt(f),
            Self::Serve(error) => write!(f, "serving: {error}"),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Endpoints(error) => Some(error),
            Self::Listen { error, .. } | Self::Serve(error) => Some(error),
            Self::Open(error) => Some(error),
        }
    }
}
