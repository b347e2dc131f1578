use core::fmt;
use std::borrow::Cow;

use bulla_core::jwa::SignatureAlg;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

use super::TokenScheme;
use super::header::{DPOP_NONCE, is_described};
use crate::scope::Scopes;

/// What a protected resource answers instead of the resource: status and `WWW-Authenticate`, RFC 6750 §3 and RFC 9449
/// §7.1 and §9.
///
/// ```
/// use bulla_oauth::message::{Challenge, TokenScheme};
/// use bulla_oauth::Scopes;
/// let bare = Challenge::new(TokenScheme::Bearer).to_http();
/// assert_eq!((bare.status().as_u16(), &bare.headers()["www-authenticate"]), (401, &"Bearer".parse().unwrap()));
/// let scope = Challenge::insufficient_scope(TokenScheme::Bearer, &Scopes::parse("invoices:read")?);
/// assert_eq!(scope.status(), 403);
/// assert_eq!(scope.to_string(), r#"Bearer error="insufficient_scope", scope="invoices:read""#);
/// # Ok::<(), bulla_oauth::ScopeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    scheme: TokenScheme,
    status: StatusCode,
    realm: Option<String>,
    error: Option<&'static str>,
    description: Option<Cow<'static, str>>,
    scope: Option<String>,
    algs: Option<String>,
    nonce: Option<String>,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
}

impl Challenge {
    /// 401 without an error: the request has no credentials (RFC 6750 §3.1).
    #[must_use]
    pub const fn new(scheme: TokenScheme) -> Self {
        Self {
            scheme,
            status: StatusCode::UNAUTHORIZED,
            realm: None,
            error: None,
            description: None,
            scope: None,
            algs: None,
            nonce: None,
        }
    }

    /// 400 `invalid_request`.
    #[must_use]
    pub const fn invalid_request(scheme: TokenScheme) -> Self {
        Self::new(scheme).error(StatusCode::BAD_REQUEST, "invalid_request")
    }

    /// 401 `invalid_token`.
    #[must_use]
    pub const fn invalid_token(scheme: TokenScheme) -> Self {
        Self::new(scheme).error(StatusCode::UNAUTHORIZED, "invalid_token")
    }

    /// 403 `insufficient_scope`, with the scopes that are needed, if it is scopes.
    #[must_use]
    pub fn insufficient_scope(scheme: TokenScheme, needed: &Scopes) -> Self {
        let challenge = Self::new(scheme).error(StatusCode::FORBIDDEN, "insufficient_scope");
        Self {
            scope: (!needed.is_empty()).then(|| needed.to_string()),
            ..challenge
        }
    }

    /// 401 `invalid_dpop_proof`.
    #[must_use]
    pub const fn invalid_dpop_proof() -> Self {
        Self::new(TokenScheme::Dpop).error(StatusCode::UNAUTHORIZED, "invalid_dpop_proof")
    }

    /// 401 `use_dpop_nonce`, with the nonce to use.
    #[must_use]
    pub fn use_dpop_nonce(nonce: impl Into<String>) -> Self {
        Self::new(TokenScheme::Dpop)
            .error(StatusCode::UNAUTHORIZED, "use_dpop_nonce")
            .dpop_nonce(nonce)
    }

    const fn error(mut self, status: StatusCode, error: &'static str) -> Self {
        self.status = status;
        self.error = Some(error);
        self
    }

    /// Names the realm. Characters that have no place in a quoted string become `?`.
    #[must_use]
    pub fn realm(mut self, realm: &str) -> Self {
        self.realm = Some(described(realm));
        self
    }

    /// Says more, for the developer of the client.
    #[must_use]
    pub fn description(mut self, text: impl AsRef<str>) -> Self {
        self.description = Some(described(text.as_ref()).into());
        self
    }

    /// Names the algorithms that proofs may have (RFC 9449 §7.1).
    #[must_use]
    pub fn algs(mut self, algs: &[SignatureAlg]) -> Self {
        let names: Vec<&str> = algs.iter().map(|alg| alg.name().as_str()).collect();
        self.algs = Some(names.join(" "));
        self
    }

    /// Sends a nonce along (RFC 9449 §9).
    #[must_use]
    pub fn dpop_nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The scheme.
    #[must_use]
    pub const fn scheme(&self) -> TokenScheme {
        self.scheme
    }

    /// The `error`, if there is one.
    #[must_use]
    pub const fn error_code(&self) -> Option<&'static str> {
        self.error
    }

    /// The answer, with the error as JSON; without a body where there is no error. RFC 6750 leaves the body to the resource.
    #[must_use]
    pub fn to_http_with_body(&self) -> Response<Vec<u8>> {
        let mut response = self.to_http();
        if let Some(error) = self.error {
            let body = Body {
                error,
                error_description: self.description.as_deref(),
                scope: self.scope.as_deref(),
            };
            *response.body_mut() = serde_json::to_vec(&body).unwrap_or_default();
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, json);
        }
        response
    }

    /// The answer, without a body.
    #[must_use]
    pub fn to_http(&self) -> Response<Vec<u8>> {
        let mut response = Response::new(Vec::new());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(challenge) = HeaderValue::from_str(&self.to_string()) {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(nonce) = self
            .nonce
            .as_deref()
            .and_then(|nonce| HeaderValue::from_str(nonce).ok())
        {
            headers.insert(DPOP_NONCE, nonce);
        }
        response
    }
}

/// Text that needs no escape in a quoted string.
fn described(text: &str) -> String {
    let allowed = |character: &char| u8::try_from(*character).is_ok_and(is_described);
    text.chars()
        .map(|character| if allowed(&character) { character } else { '?' })
        .collect()
}

/// The value of `WWW-Authenticate`.
impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scheme.as_str())?;
        let parameters = [
            ("realm", self.realm.as_deref()),
            ("error", self.error),
            ("error_description", self.description.as_deref()),
            ("scope", self.scope.as_deref()),
            ("algs", self.algs.as_deref()),
        ];
        let mut separator = " ";
        for (name, value) in parameters {
            if let Some(value) = value {
                write!(f, "{separator}{name}=\"{value}\"")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}
