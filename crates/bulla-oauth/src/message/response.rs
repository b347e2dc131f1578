use core::fmt;
use core::time::Duration;

use http::{HeaderValue, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::header::{self, DPOP_NONCE};
use crate::scope::Scopes;

/// What kind of token an access token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenType {
    /// Whoever holds it may use it, [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750).
    Bearer,
    /// Bound to a key, [RFC 9449 §5](https://www.rfc-editor.org/rfc/rfc9449#section-5).
    Dpop,
}

impl TokenType {
    /// The value of `token_type`, and the scheme of the `Authorization` header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }

    /// The type of a name, whose case does not matter (RFC 6749 §5.1).
    #[must_use]
    pub fn from_wire(name: &str) -> Option<Self> {
        [Self::Bearer, Self::Dpop]
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(name))
    }
}

/// A successful answer of the token endpoint, [RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1).
#[derive(Clone, PartialEq, Eq)]
pub struct TokenResponse {
    access_token: String,
    token_type: TokenType,
    expires_in: Option<Duration>,
    scopes: Option<Scopes>,
    nonce: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    access_token: String,
    token_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<Scopes>,
}

/// A number, or, as some servers have it, a number in quotation marks.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(u64),
    Text(String),
}

impl TokenResponse {
    /// An answer that carries a token.
    #[must_use]
    pub fn new(access_token: impl Into<String>, token_type: TokenType) -> Self {
        Self {
            access_token: access_token.into(),
            token_type,
            expires_in: None,
            scopes: None,
            nonce: None,
        }
    }

    /// Says how long the token is valid, in whole seconds.
    #[must_use]
    pub const fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_in = Some(lifetime);
        self
    }

    /// Says which scopes were granted: required where they are not those that were asked for.
    #[must_use]
    pub fn scopes(mut self, scopes: Scopes) -> Self {
        self.scopes = Some(scopes);
        self
    }

    /// Sends a nonce along, for the next proof (RFC 9449 §8.2).
    #[must_use]
    pub fn dpop_nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// The token. A secret: not for logs.
    #[must_use]
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// The kind of token.
    #[must_use]
    pub const fn token_type(&self) -> TokenType {
        self.token_type
    }

    /// How long it is valid from the answer on.
    #[must_use]
    pub const fn lifetime(&self) -> Option<Duration> {
        self.expires_in
    }

    /// The scopes that were granted; none where they are those that were asked for.
    #[must_use]
    pub const fn granted(&self) -> Option<&Scopes> {
        self.scopes.as_ref()
    }

    /// The nonce for the next proof.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// The answer: 200, JSON, `no-store`.
    #[must_use]
    pub fn to_http(&self) -> Response<Vec<u8>> {
        let body = Body {
            access_token: self.access_token.clone(),
            token_type: self.token_type.as_str().to_owned(),
            expires_in: self
                .expires_in
                .map(|lifetime| Seconds::Number(lifetime.as_secs())),
            scope: self.scopes.clone().filter(|scopes| !scopes.is_empty()),
        };
        let mut response = header::json(StatusCode::OK, &body);
        if let Some(nonce) = self
            .nonce
            .as_deref()
            .and_then(|nonce| HeaderValue::from_str(nonce).ok())
        {
            response.headers_mut().insert(DPOP_NONCE, nonce);
        }
        response
    }

    /// What a server answered; none where it is not of this form.
    pub(super) fn read(response: &Response<impl AsRef<[u8]>>) -> Option<Self> {
        let body: Body =
            bulla_core::json::from_slice(response.body().as_ref(), header::DEPTH).ok()?;
        let seconds = match body.expires_in {
            None => None,
            Some(Seconds::Number(seconds)) => Some(seconds),
            Some(Seconds::Text(text)) => Some(text.parse().ok()?),
        };
        let is_sendable = HeaderValue::from_str(&body.access_token).is_ok();
        (is_sendable && !body.access_token.is_empty()).then_some(())?;
        Some(Self {
            token_type: TokenType::from_wire(&body.token_type)?,
            access_token: body.access_token,
            expires_in: seconds.map(Duration::from_secs),
            scopes: body.scope,
            nonce: header::nonce(response.headers()),
        })
    }
}

/// Without the token.
impl fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenResponse")
            .field("token_type", &self.token_type)
            .field("expires_in", &self.expires_in)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
