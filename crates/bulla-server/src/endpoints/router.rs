use core::fmt;
use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get};
use bulla::jwk::KeyError;
use bulla::oauth::UrlError;
use bulla::oauth::dpop::TargetUri;

use super::{Gate, health, jwks, metadata, token};
use crate::client_auth::Nobody;
use crate::server::Server;

/// The endpoints of a server, to be served or mounted. The paths are those of its issuer identifier.
///
/// # Errors
///
/// [`EndpointsError`] where the backend lacks an algorithm that clients may use.
pub fn router(server: Server) -> Result<Router, EndpointsError> {
    let token_url = TargetUri::parse(&server.token_endpoint())?;
    let paths = Paths::of(&server);
    let gate = Gate {
        nobody: Nobody::new(server.backend(), server.assertions().allowed())?,
        token_url,
        metadata: metadata::of(&server),
        server,
    };
    Ok(Router::new()
        // A segment of an issuer's path may begin with `:` or `*`, and means itself.
        .without_v07_checks()
        .route(&paths.metadata, get(metadata::answer))
        .route(&paths.jwks, get(jwks::answer))
        // Every method: the answer to one that is not POST is JSON, too.
        .route(&paths.token, any(token::answer))
        .route("/healthz", get(health::answer))
        .with_state(Arc::new(gate)))
}

/// Where the endpoints are on this host.
struct Paths {
    metadata: String,
    jwks: String,
    token: String,
}

impl Paths {
    fn of(server: &Server) -> Self {
        Self {
            metadata: path(&server.issuer().metadata_url()),
            jwks: path(&server.jwks_uri()),
            token: path(&server.token_endpoint()),
        }
    }
}

/// The path of a URL as it stands there, with braces as axum wants them written.
fn path(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|slash| rest.get(slash..));
    path.unwrap_or("/").replace('{', "{{").replace('}', "}}")
}

/// Why a server has no endpoints.
#[derive(Debug)]
#[non_exhaustive]
pub enum EndpointsError {
    /// The backend lacks an algorithm that clients may use.
    Key(KeyError),
    /// The address of the token endpoint is no URL.
    Url(UrlError),
}

impl EndpointsError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Key(error) => error.code(),
            Self::Url(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> bulla::Fault {
        match self {
            Self::Key(error) => error.fault(),
            Self::Url(error) => error.fault(),
        }
    }
}

impl From<KeyError> for EndpointsError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<UrlError> for EndpointsError {
    fn from(error: UrlError) -> Self {
        Self::Url(error)
    }
}

impl fmt::Display for EndpointsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(error) => error.fmt(f),
            Self::Url(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EndpointsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            Self::Url(error) => Some(error),
        }
    }
}
