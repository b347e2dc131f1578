use core::fmt;

use bulla_core::{Fault, jwt};

use crate::message::{Challenge, TokenScheme};
use crate::scope::Scopes;

/// Why there is no access.
#[derive(Debug)]
#[non_exhaustive]
pub enum AccessError {
    /// The token is bound to a key, and presented without a proof of it (RFC 9449 §7.2).
    Bound,
    /// The token is bound to another key or certificate than it is presented with.
    BoundOtherwise,
    /// The token is presented with a proof, and is bound to no key (RFC 9449 §7.1).
    NotBound,
    /// A role that is needed was not given.
    Role {
        /// The role that is needed.
        needed: String,
    },
    /// Not all scopes that are needed were granted.
    Scope {
        /// The scopes that are needed.
        needed: Scopes,
    },
    /// The token's scopes are not of the form of RFC 6749 §3.3.
    ScopeMalformed,
    /// The token itself.
    Token(jwt::VerifyError),
    /// The token is bound to a certificate and presented without (RFC 8705 §3), or to what is not understood here (RFC
    /// 7800 §3.1).
    Unconfirmed,
}

impl AccessError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Bound | Self::Unconfirmed => "oauth.token-bound",
            Self::BoundOtherwise => "oauth.token-bound-otherwise",
            Self::NotBound => "oauth.token-not-bound",
            Self::Role { .. } => "oauth.role-insufficient",
            Self::Scope { .. } => "oauth.scope-insufficient",
            Self::ScopeMalformed => "oauth.scope-malformed",
            Self::Token(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Role { .. } | Self::Scope { .. } => Fault::Policy,
            Self::Token(error) => error.fault(),
            _ => Fault::Token,
        }
    }

    /// The answer: 403 `insufficient_scope`, and 401 `invalid_token` for all else (RFC 6750 §3.1). It does not tell
    /// what is wrong with a token.
    #[must_use]
    pub fn challenge(&self, scheme: TokenScheme) -> Challenge {
        match self {
            Self::Role { .. } => Challenge::insufficient_scope(scheme, &Scopes::none())
                .description("the token lacks a role"),
            Self::Scope { needed } => Challenge::insufficient_scope(scheme, needed),
            Self::Bound => Challenge::invalid_token(TokenScheme::Dpop)
                .description("the token is bound to a key and needs a proof of it"),
            Self::Unconfirmed => Challenge::invalid_token(scheme)
                .description("the token is bound, and presented without what it is bound to"),
            Self::BoundOtherwise | Self::NotBound | Self::ScopeMalformed | Self::Token(_) => {
                Challenge::invalid_token(scheme).description("the access token is not valid here")
            }
        }
    }
}

impl From<jwt::VerifyError> for AccessError {
    fn from(error: jwt::VerifyError) -> Self {
        Self::Token(error)
    }
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bound => f.write_str("the token is bound to a key and presented without it"),
            Self::BoundOtherwise => f.write_str("the token is bound to another key"),
            Self::NotBound => {
                f.write_str("the token is presented with a proof and bound to no key")
            }
            Self::Role { needed } => write!(f, "the token lacks the role {needed:?}"),
            Self::Scope { needed } => write!(f, "the token lacks some of the scopes {needed}"),
            Self::ScopeMalformed => f.write_str("the token's scopes are malformed"),
            Self::Token(error) => error.fmt(f),
            Self::Unconfirmed => f.write_str("the token is bound to what it is presented without"),
        }
    }
}

impl std::error::Error for AccessError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Token(error) => Some(error),
            _ => None,
        }
    }
}
