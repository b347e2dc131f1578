use core::fmt;

use bulla_core::Fault;
use http::{Response, StatusCode};

use super::{ErrorCode, ErrorResponse, TokenResponse};

/// What the token endpoint answered.
///
/// ```
/// use bulla_oauth::message::{ErrorResponse, TokenOutcome};
/// // A server that wants a nonce says which. The request is sent again with a new proof and a new assertion.
/// let answer = ErrorResponse::use_dpop_nonce("n-1").to_http();
/// assert!(matches!(TokenOutcome::read(&answer)?, TokenOutcome::NonceNeeded { nonce } if nonce == "n-1"));
/// # Ok::<(), bulla_oauth::message::ResponseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenOutcome {
    /// A token.
    Granted(TokenResponse),
    /// The proof needs this nonce (RFC 9449 §8).
    NonceNeeded {
        /// The nonce.
        nonce: String,
    },
    /// An error.
    Refused(ErrorResponse),
}

impl TokenOutcome {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// [`ResponseError`] where it is not one of a token endpoint.
    pub fn read(response: &Response<impl AsRef<[u8]>>) -> Result<Self, ResponseError> {
        let status = response.status();
        if status == StatusCode::OK {
            return TokenResponse::read(response)
                .map(Self::Granted)
                .ok_or(ResponseError { status });
        }
        let error = ErrorResponse::read(response)
            .filter(|_| status.is_client_error() || status.is_server_error());
        let error = error.ok_or(ResponseError { status })?;
        Ok(match error.nonce() {
            Some(nonce) if *error.code() == ErrorCode::UseDpopNonce => Self::NonceNeeded {
                nonce: nonce.to_owned(),
            },
            _ => Self::Refused(error),
        })
    }
}

/// An answer that is not one of a token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseError {
    status: StatusCode,
}

impl ResponseError {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "oauth.response-malformed"
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Remote
    }
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the answer ({}) is not one of a token endpoint",
            self.status.as_u16()
        )
    }
}

impl std::error::Error for ResponseError {}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::message::TokenType;
    use crate::scope::Scopes;

    fn ok(body: &str) -> Response<Vec<u8>> {
        Response::new(body.as_bytes().to_vec())
    }

    #[test]
    fn rfc6749_5_1_what_is_written_is_read() {
        let sent = TokenResponse::new("2YotnFZFEjr1zCsicMWpAA", TokenType::Dpop)
            .expires_in(Duration::from_secs(600))
            .scopes(Scopes::parse("a b").unwrap())
            .dpop_nonce("n-2");
        let http = sent.to_http();
        assert_eq!(http.headers()["cache-control"], "no-store");
        assert_eq!(TokenOutcome::read(&http), Ok(TokenOutcome::Granted(sent)));
    }

    #[test]
    fn answers_of_other_servers_are_read() {
        let body =
            r#"{"access_token":"x","token_type":"bearer","expires_in":"3600","id_token":"?"}"#;
        let Ok(TokenOutcome::Granted(token)) = TokenOutcome::read(&ok(body)) else {
            unreachable!("a token");
        };
        assert_eq!(
            (token.token_type(), token.lifetime()),
            (TokenType::Bearer, Some(Duration::from_secs(3600)))
        );
    }

    #[test]
    fn what_is_no_token_answer_is_none() {
        for body in [
            "",
            "{}",
            "<html>",
            r#"{"access_token":"x"}"#,
            r#"{"access_token":"","token_type":"Bearer"}"#,
            r#"{"access_token":"a\nb","token_type":"Bearer"}"#,
            r#"{"access_token":"x","token_type":"mac"}"#,
            r#"{"access_token":"x","access_token":"y","token_type":"Bearer"}"#,
            r#"{"access_token":"x","token_type":"Bearer","expires_in":-1}"#,
        ] {
            assert!(TokenOutcome::read(&ok(body)).is_err(), "{body}");
        }
        let mut page = ok("<html>");
        *page.status_mut() = StatusCode::BAD_GATEWAY;
        assert_eq!(TokenOutcome::read(&page).unwrap_err().status(), 502);
    }
}
