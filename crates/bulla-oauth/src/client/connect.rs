use core::fmt;
use std::sync::Arc;

use bulla_core::Fault;
use bulla_jwks::http::{ClientError as HttpError, HttpOptions};

use super::{AuthorizationServer, CurrentSigner, OAuthClient};
use crate::assertion::ClientAssertion;
use crate::issuer::Issuer;
use crate::url_error::UrlError;

/// A client of an authorization server, over HTTPS as [`HttpOptions`] have it by default, with the software backend.
/// Nothing is sent yet. An issuer on loopback may do without TLS, and so may the endpoints that it names.
///
/// For options, a transport or a backend of your own, see [`OAuthClient::new`].
///
/// # Errors
///
/// [`ConnectError`] where the issuer is no URL that credentials may be sent to, or there are no roots for TLS.
pub fn connect(
    issuer: &str,
    client_id: impl Into<String>,
    signer: impl CurrentSigner + 'static,
) -> Result<OAuthClient, ConnectError> {
    connect_with(issuer, client_id, signer, HttpOptions::default())
}

/// As [`connect`], with these options: a private authority, a proxy, other timeouts.
///
/// # Errors
///
/// As for [`connect`], and where a certificate or a proxy of the options cannot be read.
pub fn connect_with(
    issuer: &str,
    client_id: impl Into<String>,
    signer: impl CurrentSigner + 'static,
    mut options: HttpOptions,
) -> Result<OAuthClient, ConnectError> {
    let issuer = Issuer::parse(issuer).map_err(ConnectError::Issuer)?;
    if issuer.is_plain() {
        options = options.allow_loopback_http();
    }
    let transport = options.build().map_err(ConnectError::Http)?;
    let assertion = ClientAssertion::new(client_id, &issuer, &bulla_aws_lc::backend());
    let server = AuthorizationServer::discover(issuer, Arc::new(transport));
    Ok(OAuthClient::new(server, assertion, signer))
}

/// Why a client could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectError {
    /// The HTTP client: a certificate, a proxy, no roots.
    Http(HttpError),
    /// The issuer identifier.
    Issuer(UrlError),
}

impl ConnectError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Http(error) => error.code(),
            Self::Issuer(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(error) => error.fmt(f),
            Self::Issuer(error) => write!(f, "the issuer: {error}"),
        }
    }
}

impl std::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Http(error) => Some(error),
            Self::Issuer(error) => Some(error),
        }
    }
}
