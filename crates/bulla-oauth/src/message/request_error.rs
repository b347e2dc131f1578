use core::fmt;

use bulla_core::Fault;
use http::header::ALLOW;
use http::{HeaderValue, Response, StatusCode};

use super::{ErrorCode, ErrorResponse, FormError};

/// Why a token request is refused, whoever sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenRequestError {
    /// `client_assertion` and `client_assertion_type` are not both there, or the type is not that of a JWT
    /// (RFC 7521 §4.2).
    AssertionType,
    /// More than one way to authenticate (RFC 6749 §2.3).
    AuthenticationRepeated,
    /// Not form-encoded by its `Content-Type` (RFC 6749 §3.2).
    ContentType,
    /// The body is no form.
    Form(FormError),
    /// No `grant_type`, or one without what it needs.
    GrantMissing,
    /// The client may not use this grant.
    GrantNotAllowed,
    /// A `grant_type` that the server does not know.
    GrantUnsupported,
    /// Not POST (RFC 6749 §3.2).
    Method,
    /// A `scope` that is malformed, unknown, or more than the client may have.
    Scope,
    /// A `resource` that is malformed, unknown, or not for this client (RFC 8707 §2).
    Target,
}

impl TokenRequestError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AssertionType => "oauth.assertion-type-invalid",
            Self::AuthenticationRepeated => "oauth.authentication-repeated",
            Self::ContentType | Self::Method => "oauth.request-malformed",
            Self::Form(error) => error.code(),
            Self::GrantMissing => "oauth.grant-missing",
            Self::GrantNotAllowed => "oauth.grant-not-allowed",
            Self::GrantUnsupported => "oauth.grant-unsupported",
            Self::Scope => "oauth.scope-not-allowed",
            Self::Target => "oauth.target-not-allowed",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::GrantNotAllowed | Self::Scope | Self::Target => Fault::Policy,
            _ => Fault::Token,
        }
    }

    /// The error object of the answer.
    #[must_use]
    pub fn response(&self) -> ErrorResponse {
        let code = match self {
            Self::AssertionType
            | Self::AuthenticationRepeated
            | Self::ContentType
            | Self::Form(_)
            | Self::GrantMissing
            | Self::Method => ErrorCode::InvalidRequest,
            Self::GrantNotAllowed => ErrorCode::UnauthorizedClient,
            Self::GrantUnsupported => ErrorCode::UnsupportedGrantType,
            Self::Scope => ErrorCode::InvalidScope,
            Self::Target => ErrorCode::InvalidTarget,
        };
        ErrorResponse::new(code).description(self.to_string())
    }

    /// The answer: that of [`response`](Self::response), but 405 with `Allow` for a method that is not POST.
    #[must_use]
    pub fn to_http(&self) -> Response<Vec<u8>> {
        let mut response = self.response().to_http();
        if matches!(self, Self::Method) {
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }
}

impl From<FormError> for TokenRequestError {
    fn from(error: FormError) -> Self {
        Self::Form(error)
    }
}

impl fmt::Display for TokenRequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AssertionType => {
                "client_assertion and client_assertion_type of a JWT bearer are needed together"
            }
            Self::AuthenticationRepeated => "more than one way to authenticate",
            Self::ContentType => "the body has to be application/x-www-form-urlencoded",
            Self::Form(error) => return error.fmt(f),
            Self::GrantMissing => "grant_type, or what it needs, is missing",
            Self::GrantNotAllowed => "the client may not use this grant",
            Self::GrantUnsupported => "the grant is not supported",
            Self::Method => "the method has to be POST",
            Self::Scope => "the scope is malformed, unknown or not for this client",
            Self::Target => "the resource is malformed, unknown or not for this client",
        })
    }
}

impl std::error::Error for TokenRequestError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Form(error) => Some(error),
            _ => None,
        }
    }
}
