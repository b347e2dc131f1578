use core::fmt;
use core::time::Duration;

use bulla_core::Fault;
use bulla_jwks::KeysUnavailable;
use bulla_jwks::entra::EntraError;
use http::Response;

use crate::access_token::AccessError;
use crate::dpop::{DpopCheckError, DpopError};
use crate::message::{AuthorizationError, Challenge, ErrorCode, ErrorResponse, TokenScheme};
use crate::url_error::UrlError;

/// Why a request is not admitted.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// The token, how it is presented, or what it grants.
    Access(AccessError),
    /// The `Authorization` header.
    Authorization(AuthorizationError),
    /// The proof.
    Dpop(DpopCheckError),
    /// The token is presented without a proof, and the resource takes none without.
    DpopRequired,
    /// The token, as one of Entra's.
    Entra(EntraError),
    /// The issuer's keys cannot be had. Nothing is said about the token.
    Keys(KeysUnavailable),
    /// There is no token.
    Missing,
    /// The target of the request is no path, as that of `OPTIONS *`.
    Target(UrlError),
    /// The handler asks for an access, and no [`ProtectLayer`](super::ProtectLayer) is around it.
    Unprotected,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Access(error) => error.code(),
            Self::Authorization(error) => error.code(),
            Self::Dpop(error) => error.code(),
            Self::DpopRequired => "oauth.dpop-missing",
            Self::Entra(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Missing => "oauth.token-missing",
            Self::Target(error) => error.code(),
            Self::Unprotected => "oauth.resource-unprotected",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Access(error) => error.fault(),
            Self::Authorization(error) => error.fault(),
            Self::Dpop(error) => error.fault(),
            Self::Entra(error) => error.fault(),
            Self::Keys(error) => error.fault(),
            Self::DpopRequired | Self::Missing | Self::Target(_) => Fault::Token,
            Self::Unprotected => Fault::Bug,
        }
    }

    /// The challenge that says no more than RFC 6750 and RFC 9449 do. None where the doing is ours, which is 503 or 500.
    pub(super) fn challenge(&self, scheme: TokenScheme) -> Option<Challenge> {
        match self {
            Self::Access(error) => Some(error.challenge(scheme)),
            Self::Authorization(error) => Some(error.challenge(scheme)),
            Self::Dpop(error) => error.challenge(),
            Self::DpopRequired => Some(
                Challenge::invalid_token(TokenScheme::Dpop)
                    .description("the token is needed with a DPoP proof"),
            ),
            Self::Entra(EntraError::ForeignNonce { .. }) => Some(
                // What its sender can see of it, and would look for long.
                Challenge::invalid_token(scheme).description(
                    "the access token is for an API of Microsoft and not for this one",
                ),
            ),
            Self::Entra(_) => Some(
                Challenge::invalid_token(scheme).description("the access token is not valid here"),
            ),
            Self::Missing => Some(Challenge::new(scheme)),
            Self::Target(_) => Some(
                Challenge::invalid_request(scheme)
                    .description("the target of the request is no path"),
            ),
            Self::Keys(_) | Self::Unprotected => None,
        }
    }

    /// What is answered where there is no challenge.
    pub(super) fn fault_of_ours(&self) -> Response<Vec<u8>> {
        match self {
            Self::Unprotected => ErrorResponse::new(ErrorCode::ServerError).to_http(),
            Self::Keys(error) => {
                let later = error
                    .retry_after
                    .unwrap_or(LATER)
                    .max(Duration::from_secs(1));
                ErrorResponse::unavailable().retry_after(later).to_http()
            }
            _ => ErrorResponse::unavailable().to_http(),
        }
    }

    /// Whether the log should say it loudly.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self.fault(), Fault::Bug | Fault::Remote)
    }
}

const LATER: Duration = Duration::from_secs(5);

macro_rules! from {
    ($($error:ty => $variant:ident),*) => {$(
        impl From<$error> for Refusal {
            fn from(error: $error) -> Self {
                Self::$variant(error.into())
            }
        }
    )*};
}

from!(
    AccessError => Access,
    AuthorizationError => Authorization,
    DpopCheckError => Dpop,
    DpopError => Dpop,
    UrlError => Target
);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Access(error) => error.fmt(f),
            Self::Authorization(error) => error.fmt(f),
            Self::Dpop(error) => error.fmt(f),
            Self::DpopRequired => f.write_str("the token is presented without a proof"),
            Self::Entra(error) => error.fmt(f),
            Self::Keys(error) => error.fmt(f),
            Self::Missing => f.write_str("the request has no access token"),
            Self::Target(error) => write!(f, "the target of the request {error}"),
            Self::Unprotected => {
                f.write_str("no layer of a protected resource is around the handler")
            }
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Access(error) => Some(error),
            Self::Authorization(error) => Some(error),
            Self::Dpop(error) => Some(error),
            Self::Entra(error) => Some(error),
            Self::Keys(error) => Some(error),
            Self::Target(error) => Some(error),
            Self::DpopRequired | Self::Missing | Self::Unprotected => None,
        }
    }
}
