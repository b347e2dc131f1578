use core::fmt;

use bulla_core::{Fault, jwt};

use crate::message::{ErrorCode, ErrorResponse};

/// Why an assertion is refused as a grant, and by which check.
#[derive(Debug)]
pub struct GrantError {
    check: &'static str,
    refusal: GrantRefusal,
}

/// Why an assertion is refused as a grant.
#[derive(Debug)]
#[non_exhaustive]
pub enum GrantRefusal {
    /// The server does not trust who made it.
    IssuerUnknown,
    /// The issuer's keys cannot be had at the moment.
    KeysUnavailable,
    /// The `jti` was used before.
    Replayed,
    /// The store of used `jti` does not answer.
    ReplayUnknown,
    /// The token itself: its form, its signature or its claims.
    Token(jwt::VerifyError),
}

impl GrantError {
    pub(super) fn new(check: &'static str, refusal: impl Into<GrantRefusal>) -> Self {
        Self {
            check,
            refusal: refusal.into(),
        }
    }

    /// For a server that does not know the issuer.
    #[must_use]
    pub const fn issuer_unknown() -> Self {
        Self {
            check: "issuer",
            refusal: GrantRefusal::IssuerUnknown,
        }
    }

    /// For a server that cannot get the issuer's keys.
    #[must_use]
    pub const fn keys_unavailable() -> Self {
        Self {
            check: "signature",
            refusal: GrantRefusal::KeysUnavailable,
        }
    }

    /// The name of the check that said no; [`GrantPolicy`](super::GrantPolicy) lists them.
    #[must_use]
    pub const fn check(&self) -> &'static str {
        self.check
    }

    /// What the check says.
    #[must_use]
    pub const fn refusal(&self) -> &GrantRefusal {
        &self.refusal
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.refusal {
            GrantRefusal::IssuerUnknown => "oauth.issuer-unknown",
            GrantRefusal::KeysUnavailable => "oauth.keys-unavailable",
            GrantRefusal::Replayed => "oauth.replayed",
            GrantRefusal::ReplayUnknown => "oauth.replay-unknown",
            GrantRefusal::Token(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match &self.refusal {
            GrantRefusal::IssuerUnknown => Fault::Policy,
            GrantRefusal::Replayed => Fault::Token,
            GrantRefusal::KeysUnavailable | GrantRefusal::ReplayUnknown => Fault::Remote,
            GrantRefusal::Token(error) => error.fault(),
        }
    }

    /// What the sender is told: 400 `invalid_grant` (RFC 7521 §4.1.1), 503 where it is our own doing.
    #[must_use]
    pub fn response(&self) -> ErrorResponse {
        match &self.refusal {
            GrantRefusal::KeysUnavailable | GrantRefusal::ReplayUnknown => {
                ErrorResponse::unavailable()
            }
            _ => ErrorResponse::new(ErrorCode::InvalidGrant)
                .description("the assertion is not acceptable"),
        }
    }
}

impl From<jwt::VerifyError> for GrantRefusal {
    fn from(error: jwt::VerifyError) -> Self {
        Self::Token(error)
    }
}

impl fmt::Display for GrantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the assertion is refused by the check {}: ", self.check)?;
        match &self.refusal {
            GrantRefusal::IssuerUnknown => f.write_str("its issuer is not trusted"),
            GrantRefusal::KeysUnavailable => f.write_str("its issuer's keys are not available"),
            GrantRefusal::Replayed => f.write_str("it was used before"),
            GrantRefusal::ReplayUnknown => f.write_str("the store of used ones does not answer"),
            GrantRefusal::Token(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for GrantError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.refusal {
            GrantRefusal::Token(error) => Some(error),
            _ => None,
        }
    }
}
