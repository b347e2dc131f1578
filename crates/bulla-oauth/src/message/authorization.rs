use core::fmt;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use url::form_urlencoded;

use super::{Challenge, TokenType};

/// The schemes of the `Authorization` header that carry access tokens.
pub type TokenScheme = TokenType;

/// An access token as a request presents it: in the `Authorization` header, RFC 6750 §2.1 and RFC 9449 §7.1. Nowhere
/// else: FAPI 2.0 Security Profile §5.3.4 has tokens in the header alone.
///
/// ```
/// use bulla_oauth::message::{PresentedToken, TokenScheme};
/// # use http::{HeaderMap, header::AUTHORIZATION};
/// let mut headers = HeaderMap::new();
/// assert!(PresentedToken::read(&headers, None)?.is_none());
/// headers.insert(AUTHORIZATION, "dpop eyJ.e30.c2ln".parse().unwrap());
/// let presented = PresentedToken::read(&headers, None)?.unwrap();
/// assert_eq!((presented.scheme(), presented.token()), (TokenScheme::Dpop, "eyJ.e30.c2ln"));
/// # Ok::<(), bulla_oauth::message::AuthorizationError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PresentedToken<'a> {
    scheme: TokenScheme,
    token: &'a str,
}

impl<'a> PresentedToken<'a> {
    /// Reads the header; none where there is none, or one of another scheme. `query` is that of the request's URL.
    ///
    /// # Errors
    ///
    /// [`AuthorizationError`]: 400 `invalid_request`.
    pub fn read(
        headers: &'a HeaderMap,
        query: Option<&str>,
    ) -> Result<Option<Self>, AuthorizationError> {
        if query.is_some_and(|query| {
            form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token")
        }) {
            return Err(AuthorizationError::Query);
        }
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(value), second) = (values.next(), values.next()) else {
            return Ok(None);
        };
        if second.is_some() {
            return Err(AuthorizationError::Repeated);
        }
        let value = value.to_str().map_err(|_| AuthorizationError::Malformed)?;
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        let Some(scheme) = TokenScheme::from_wire(scheme) else {
            return Ok(None);
        };
        let token = token.trim_start_matches(' ');
        if is_token68(token) {
            Ok(Some(Self { scheme, token }))
        } else {
            Err(AuthorizationError::Malformed)
        }
    }

    /// How it is presented.
    #[must_use]
    pub const fn scheme(&self) -> TokenScheme {
        self.scheme
    }

    /// The token. A secret: not for logs.
    #[must_use]
    pub const fn token(&self) -> &'a str {
        self.token
    }
}

/// `b64token` of RFC 6750 §2.1.
fn is_token68(text: &str) -> bool {
    let text = text.trim_end_matches('=');
    let allowed = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~+/".contains(&octet);
    !text.is_empty() && text.bytes().all(allowed)
}

/// Without the token.
impl fmt::Debug for PresentedToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresentedToken")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}

/// Why a request presents no access token that could be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// The header is not `Bearer` or `DPoP` and a token.
    Malformed,
    /// A token stands in the URL, where logs and referrers show it (RFC 9700 §4.3.2).
    Query,
    /// There are several headers.
    Repeated,
}

impl AuthorizationError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "oauth.authorization-malformed"
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> bulla_core::Fault {
        bulla_core::Fault::Token
    }

    /// The answer: 400 `invalid_request` (RFC 6750 §3.1).
    #[must_use]
    pub fn challenge(&self, scheme: TokenScheme) -> Challenge {
        Challenge::invalid_request(scheme).description(self.to_string())
    }
}

impl fmt::Display for AuthorizationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the Authorization header is malformed",
            Self::Query => "an access token does not belong into the URL",
            Self::Repeated => "there are several Authorization headers",
        })
    }
}

impl std::error::Error for AuthorizationError {}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(
        values: &[&'static str],
        query: Option<&str>,
    ) -> Result<Option<TokenScheme>, AuthorizationError> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        PresentedToken::read(&headers, query).map(|token| token.map(|token| token.scheme()))
    }

    #[test]
    fn schemes_are_case_insensitive_and_others_are_none() {
        for value in ["Bearer x", "bearer x", "BEARER  x", "DPoP x.y-z_~+/=="] {
            assert!(read(&[value], Some("a=b")).unwrap().is_some(), "{value}");
        }
        assert_eq!(read(&["Basic Og=="], None), Ok(None));
        assert_eq!(read(&[], None), Ok(None));
    }

    #[test]
    fn what_is_malformed_is_told() {
        for value in [
            "Bearer",
            "Bearer ",
            "Bearer a b",
            "Bearer a,b",
            "Bearer =",
            "Bearer \"a\"",
        ] {
            assert_eq!(
                read(&[value], None),
                Err(AuthorizationError::Malformed),
                "{value}"
            );
        }
        assert_eq!(
            read(&["Bearer a", "Bearer b"], None),
            Err(AuthorizationError::Repeated)
        );
        assert_eq!(
            read(&["Bearer a"], Some("access%5Ftoken=b")),
            Err(AuthorizationError::Query)
        );
        assert_eq!(
            read(&[], Some("access_token=b")),
            Err(AuthorizationError::Query)
        );
    }
}
