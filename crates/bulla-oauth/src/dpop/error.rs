use core::fmt;

use bulla_core::jwk::KeyError;
use bulla_core::jwt::{self, ClaimError};
use bulla_core::{Fault, jws};

use crate::message::{Challenge, ErrorCode, ErrorResponse};

/// Why a proof is not accepted, and by which check.
#[derive(Debug)]
pub struct DpopCheckError {
    check: &'static str,
    error: DpopError,
}

/// Why a proof is not accepted.
#[derive(Debug)]
#[non_exhaustive]
pub enum DpopError {
    /// `jwk` is missing, private, unreadable, or unfit for the algorithm; none where it is missing.
    Key(Option<KeyError>),
    /// The proof is of another key than the token is bound to (RFC 9449 §7.1).
    KeyMismatch,
    /// The header is not ASCII.
    Malformed,
    /// `htm` is missing or another method.
    MethodMismatch,
    /// There is no proof, and one is needed.
    Missing,
    /// The server wants a nonce, and the proof has none, or one that is not the server's or too old; the nonce to use.
    Nonce {
        /// The nonce to use.
        next: String,
    },
    /// The server wants a nonce and cannot make one.
    NonceUnavailable,
    /// The `jti` was used before.
    Replayed,
    /// The store of used `jti` does not answer.
    ReplayUnknown,
    /// Several headers `DPoP`.
    Several,
    /// The token itself: its form, its algorithm, its signature, its type, its times.
    Token(jwt::VerifyError),
    /// `ath` is missing or the hash of another access token.
    TokenMismatch,
    /// `htu` is missing or another URL.
    UrlMismatch,
}

impl DpopCheckError {
    pub(super) const fn new(check: &'static str, error: DpopError) -> Self {
        Self { check, error }
    }

    /// The name of the check that said no; [`DpopPolicy`](super::DpopPolicy) lists them.
    #[must_use]
    pub const fn check(&self) -> &'static str {
        self.check
    }

    /// What it says.
    #[must_use]
    pub const fn error(&self) -> &DpopError {
        &self.error
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.error.code()
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        self.error.fault()
    }

    /// What the token endpoint answers.
    #[must_use]
    pub fn response(&self) -> ErrorResponse {
        self.error.response()
    }

    /// What a protected resource answers.
    #[must_use]
    pub fn challenge(&self) -> Option<Challenge> {
        self.error.challenge()
    }
}

impl DpopError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Key(_) => "oauth.dpop-key-invalid",
            Self::KeyMismatch => "oauth.dpop-key-mismatch",
            Self::Malformed | Self::Several => "oauth.dpop-malformed",
            Self::MethodMismatch => "oauth.dpop-method-mismatch",
            Self::Missing => "oauth.dpop-missing",
            Self::Nonce { .. } => "oauth.dpop-nonce-needed",
            Self::NonceUnavailable => "jws.signing-failed",
            Self::Replayed => "oauth.replayed",
            Self::ReplayUnknown => "oauth.replay-unknown",
            Self::Token(error) => error.code(),
            Self::TokenMismatch => "oauth.dpop-token-mismatch",
            Self::UrlMismatch => "oauth.dpop-url-mismatch",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::ReplayUnknown => Fault::Remote,
            Self::NonceUnavailable => Fault::Bug,
            Self::Token(error) => error.fault(),
            _ => Fault::Token,
        }
    }

    /// What the token endpoint answers: 400 `invalid_dpop_proof` (RFC 9449 §5), 400 `use_dpop_nonce` with the nonce
    /// (§8), 503 where it is our own doing.
    #[must_use]
    pub fn response(&self) -> ErrorResponse {
        match self {
            Self::ReplayUnknown | Self::NonceUnavailable => ErrorResponse::unavailable(),
            Self::Nonce { next } => ErrorResponse::use_dpop_nonce(next.clone()),
            error => ErrorResponse::new(ErrorCode::InvalidDpopProof).description(error.public()),
        }
    }

    /// What a protected resource answers: 401 `invalid_dpop_proof`, 401 `use_dpop_nonce` with the nonce (RFC 9449 §9),
    /// 401 `invalid_token` where the token is another key's. None where it is our own doing, which is a 503.
    #[must_use]
    pub fn challenge(&self) -> Option<Challenge> {
        match self {
            Self::ReplayUnknown | Self::NonceUnavailable => None,
            Self::Nonce { next } => Some(Challenge::use_dpop_nonce(next.clone())),
            Self::KeyMismatch => {
                let challenge = Challenge::invalid_token(crate::message::TokenScheme::Dpop);
                Some(challenge.description(self.public()))
            }
            error => Some(Challenge::invalid_dpop_proof().description(error.public())),
        }
    }

    /// What the sender is told: a proof is the client's own, and whose developer reads this.
    const fn public(&self) -> &'static str {
        match self {
            Self::Key(_) => "the proof has no public key that fits its algorithm",
            Self::KeyMismatch => "the token is bound to another key than that of the proof",
            Self::Malformed => "the DPoP header is malformed",
            Self::MethodMismatch => "htm is not the method of the request",
            Self::Missing => "a DPoP proof is needed",
            Self::Nonce { .. } => "the proof needs the nonce of this answer",
            Self::NonceUnavailable | Self::ReplayUnknown => "not available",
            Self::Replayed => "the proof was used before",
            Self::Several => "there are several DPoP headers",
            Self::Token(jwt::VerifyError::Claim(ClaimError::TypeMismatch { .. })) => {
                "typ is not dpop+jwt"
            }
            Self::Token(jwt::VerifyError::Claim(_)) => {
                "a claim of the proof is missing, malformed or out of time"
            }
            Self::Token(jwt::VerifyError::Jws(jws::VerifyError::AlgorithmNotAllowed {
                ..
            })) => "the algorithm of the proof is not accepted",
            Self::Token(_) => "the proof is malformed or its signature not valid",
            Self::TokenMismatch => "ath is not the hash of the access token",
            Self::UrlMismatch => "htu is not the URL of the request",
        }
    }
}

impl From<DpopError> for DpopCheckError {
    fn from(error: DpopError) -> Self {
        Self::new("header", error)
    }
}

impl From<ClaimError> for DpopError {
    fn from(error: ClaimError) -> Self {
        Self::Token(error.into())
    }
}

impl fmt::Display for DpopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(error) => error.fmt(f),
            Self::Key(Some(error)) => write!(f, "the key of the proof: {error}"),
            error => f.write_str(error.public()),
        }
    }
}

impl fmt::Display for DpopCheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the DPoP proof is refused by the check {}: {}",
            self.check, self.error
        )
    }
}

impl std::error::Error for DpopError {}

impl std::error::Error for DpopCheckError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
