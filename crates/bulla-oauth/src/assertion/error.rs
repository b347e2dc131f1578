use core::fmt;

use bulla_core::{Fault, jwt};

use crate::message::{ErrorCode, ErrorResponse};

/// Why an assertion is refused, and by which check. For the audit log; the sender gets [`response`](Self::response),
/// which does not tell.
#[derive(Debug)]
pub struct AssertionError {
    check: &'static str,
    refusal: AssertionRefusal,
}

/// Why an assertion is refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum AssertionRefusal {
    /// The client is switched off.
    ClientDisabled,
    /// There is no client of that name.
    ClientUnknown,
    /// The client's keys cannot be had at the moment.
    KeysUnavailable,
    /// The client is registered for another method of authentication.
    Method,
    /// `iss`, `sub` and the parameter `client_id` do not name one client (RFC 7523 §3 items 1 and 2).
    Parties,
    /// The `jti` was used before (RFC 7523 §3 item 7).
    Replayed,
    /// The store of used `jti` does not answer.
    ReplayUnknown,
    /// The token itself: its form, its signature or its claims.
    Token(jwt::VerifyError),
}

impl AssertionError {
    pub(crate) fn new(check: &'static str, refusal: impl Into<AssertionRefusal>) -> Self {
        Self {
            check,
            refusal: refusal.into(),
        }
    }

    /// For a server that cannot get the client's keys.
    #[must_use]
    pub const fn keys_unavailable() -> Self {
        Self {
            check: "signature",
            refusal: AssertionRefusal::KeysUnavailable,
        }
    }

    /// The name of the check that said no; [`AssertionPolicy`](super::AssertionPolicy) lists them.
    #[must_use]
    pub const fn check(&self) -> &'static str {
        self.check
    }

    /// What the check says.
    #[must_use]
    pub const fn refusal(&self) -> &AssertionRefusal {
        &self.refusal
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.refusal {
            AssertionRefusal::ClientDisabled => "oauth.client-disabled",
            AssertionRefusal::ClientUnknown => "oauth.client-unknown",
            AssertionRefusal::KeysUnavailable => "oauth.keys-unavailable",
            AssertionRefusal::Method => "oauth.client-method",
            AssertionRefusal::Parties => "oauth.parties-mismatch",
            AssertionRefusal::Replayed => "oauth.replayed",
            AssertionRefusal::ReplayUnknown => "oauth.replay-unknown",
            AssertionRefusal::Token(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match &self.refusal {
            AssertionRefusal::ClientDisabled | AssertionRefusal::Method => Fault::Policy,
            AssertionRefusal::ClientUnknown
            | AssertionRefusal::Parties
            | AssertionRefusal::Replayed => Fault::Token,
            AssertionRefusal::KeysUnavailable | AssertionRefusal::ReplayUnknown => Fault::Remote,
            AssertionRefusal::Token(error) => error.fault(),
        }
    }

    /// What the sender is told: 401 `invalid_client` whatever check it was (RFC 6749 §5.2, RFC 7521 §4.2.1), 400
    /// `invalid_request` for what is too large to look at, and 503 where it is our own doing.
    #[must_use]
    pub fn response(&self) -> ErrorResponse {
        match &self.refusal {
            AssertionRefusal::KeysUnavailable | AssertionRefusal::ReplayUnknown => {
                ErrorResponse::unavailable()
            }
            _ if self.check == "size" => ErrorResponse::new(ErrorCode::InvalidRequest)
                .description("the client assertion is too large"),
            _ => ErrorResponse::new(ErrorCode::InvalidClient)
                .description("client authentication failed"),
        }
    }
}

impl From<jwt::VerifyError> for AssertionRefusal {
    fn from(error: jwt::VerifyError) -> Self {
        Self::Token(error)
    }
}

impl fmt::Display for AssertionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the client assertion is refused by the check {}: ",
            self.check
        )?;
        match &self.refusal {
            AssertionRefusal::ClientDisabled => f.write_str("the client is disabled"),
            AssertionRefusal::ClientUnknown => f.write_str("there is no such client"),
            AssertionRefusal::KeysUnavailable => f.write_str("the client's keys are not available"),
            AssertionRefusal::Method => f.write_str("the client is registered for another method"),
            AssertionRefusal::Parties => {
                f.write_str("iss, sub and client_id do not name one client")
            }
            AssertionRefusal::Replayed => f.write_str("it was used before"),
            AssertionRefusal::ReplayUnknown => {
                f.write_str("the store of used ones does not answer")
            }
            AssertionRefusal::Token(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for AssertionError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.refusal {
            AssertionRefusal::Token(error) => Some(error),
            _ => None,
        }
    }
}
