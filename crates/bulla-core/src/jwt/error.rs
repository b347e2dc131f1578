use core::fmt;
use std::borrow::Cow;
use std::time::SystemTime;

use crate::fault::Fault;
use crate::json::JsonError;
use crate::{jwe, jws};

/// Why a JWT is not accepted.
#[derive(Debug)]
#[non_exhaustive]
pub enum VerifyError {
    /// The claims are not acceptable. The signature held.
    Claim(ClaimError),
    /// The token is no JWE, or does not decrypt. Nothing is known about the claims.
    Jwe(jwe::DecryptError),
    /// The token is no JWS, or its signature did not hold. Nothing is known about the claims.
    Jws(jws::VerifyError),
}

/// Why the claims of a token whose signature held are not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimError {
    /// The token is for somebody else (RFC 7519 §4.1.3).
    AudienceMismatch,
    /// A check of the application's own said no.
    Check {
        /// The check's name.
        name: Cow<'static, str>,
        /// What the check has to say.
        why: Cow<'static, str>,
    },
    /// The header's `cty` says that there is a token inside where claims are expected, or the other way round
    /// (RFC 7519 §5.2).
    ContentTypeMismatch {
        /// The token's `cty`.
        found: Option<String>,
    },
    /// Now is not before `exp` (RFC 7519 §4.1.4).
    Expired {
        /// The token's `exp`.
        at: SystemTime,
        /// The time it was judged by.
        now: SystemTime,
    },
    /// A registered claim has a value that RFC 7519 does not allow; whether it was expected does not matter.
    Invalid {
        /// The claim.
        claim: &'static str,
    },
    /// The token was made by somebody else (RFC 7519 §4.1.1).
    IssuerMismatch,
    /// The claims nest deeper than [`Limits::json_depth`](crate::Limits::json_depth) allows.
    LimitExceeded,
    /// The payload is not a claims set: not strict JSON, or not an object.
    Malformed(JsonError),
    /// A claim that is expected is not there.
    Missing {
        /// The claim.
        claim: Cow<'static, str>,
    },
    /// Now is before `nbf` (RFC 7519 §4.1.5).
    NotYetValid {
        /// The token's `nbf`.
        at: SystemTime,
        /// The time it was judged by.
        now: SystemTime,
    },
    /// The header of a JWE repeats a claim with another value (RFC 7519 §5.3).
    Repeated {
        /// The claim.
        claim: &'static str,
    },
    /// The token is about somebody else (RFC 7519 §4.1.2).
    SubjectMismatch,
    /// The claims are acceptable, but do not fit the type that the application reads them into.
    ///
    /// What that type said may quote the token, so it is not in the message but in
    /// [`source`](std::error::Error::source): for logs, not for whoever sent the token.
    Target(JsonError),
    /// `iat` is longer ago than the largest age that is expected, or in the future.
    TooOld {
        /// The token's `iat`.
        issued_at: SystemTime,
        /// The time it was judged by.
        now: SystemTime,
    },
    /// The header's `typ` is not the one expected (RFC 8725 §3.11).
    TypeMismatch {
        /// The token's `typ`; only the beginning of a long one.
        found: Option<String>,
    },
    /// A JWT must not leave its payload unencoded (RFC 7797 §7).
    Unencoded,
}

impl VerifyError {
    /// The stable code: `jwt.*` for claims, else that of the JWS error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Claim(error) => error.code(),
            Self::Jwe(error) => error.code(),
            Self::Jws(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Claim(error) => error.fault(),
            Self::Jwe(error) => error.fault(),
            Self::Jws(error) => error.fault(),
        }
    }
}

impl ClaimError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AudienceMismatch => "jwt.audience-mismatch",
            Self::Check { .. } | Self::Invalid { .. } | Self::Repeated { .. } | Self::Target(_) => {
                "jwt.claim-invalid"
            }
            Self::Expired { .. } => "jwt.expired",
            Self::IssuerMismatch => "jwt.issuer-mismatch",
            Self::LimitExceeded => "jwt.limit-exceeded",
            Self::Malformed(_) | Self::Unencoded => "jwt.malformed",
            Self::Missing { .. } => "jwt.claim-missing",
            Self::NotYetValid { .. } => "jwt.not-yet-valid",
            Self::SubjectMismatch => "jwt.subject-mismatch",
            Self::TooOld { .. } => "jwt.too-old",
            Self::ContentTypeMismatch { .. } | Self::TypeMismatch { .. } => "jwt.type-mismatch",
        }
    }

    /// Whose doing it is: always the token's.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Token
    }
}

impl From<jwe::DecryptError> for VerifyError {
    fn from(error: jwe::DecryptError) -> Self {
        Self::Jwe(error)
    }
}

impl From<jws::VerifyError> for VerifyError {
    fn from(error: jws::VerifyError) -> Self {
        Self::Jws(error)
    }
}

impl From<ClaimError> for VerifyError {
    fn from(error: ClaimError) -> Self {
        Self::Claim(error)
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claim(error) => error.fmt(f),
            Self::Jwe(error) => error.fmt(f),
            Self::Jws(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AudienceMismatch => f.write_str("the token is for another audience"),
            Self::Check { name, why } => write!(f, "the check {name:?} failed: {why}"),
            Self::ContentTypeMismatch { found: Some(found) } => {
                write!(
                    f,
                    "the token's content is not what is expected: its cty is {found:?}"
                )
            }
            Self::ContentTypeMismatch { found: None } => {
                f.write_str("the token's content is not a token: it has no cty")
            }
            Self::Repeated { claim } => {
                write!(f, "the header repeats the claim {claim} with another value")
            }
            Self::Expired { at, now } => {
                write!(f, "the token expired {} ago", Ago(*at, *now))
            }
            Self::Invalid { claim } => {
                write!(
                    f,
                    "the claim {claim} has a value that RFC 7519 does not allow"
                )
            }
            Self::IssuerMismatch => f.write_str("the token was made by another issuer"),
            Self::LimitExceeded => f.write_str("the nesting of the claims exceeds the limit"),
            Self::Malformed(error) => write!(f, "the payload is not a claims set: {error}"),
            Self::Missing { claim } => write!(f, "the claim {claim:?} is missing"),
            Self::NotYetValid { at, now } => {
                write!(f, "the token is not valid for another {}", Ago(*now, *at))
            }
            Self::SubjectMismatch => f.write_str("the token is about another subject"),
            Self::Target(_) => {
                f.write_str("the claims do not fit the type the application reads them into")
            }
            Self::TooOld { issued_at, now } if issued_at <= now => {
                write!(
                    f,
                    "the token was made {} ago, too long ago",
                    Ago(*issued_at, *now)
                )
            }
            Self::TooOld { issued_at, now } => {
                write!(
                    f,
                    "the token was made {} in the future",
                    Ago(*now, *issued_at)
                )
            }
            Self::TypeMismatch { found: Some(found) } => {
                write!(f, "the token is of another type: {found:?}")
            }
            Self::TypeMismatch { found: None } => f.write_str("the token does not state its type"),
            Self::Unencoded => f.write_str("the payload is not base64url-encoded (b64 is false)"),
        }
    }
}

/// How far from one time to another, in seconds.
struct Ago(SystemTime, SystemTime);

impl fmt::Display for Ago {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let distance = self.1.duration_since(self.0).unwrap_or_default();
        write!(f, "{} s", distance.as_secs())
    }
}

impl std::error::Error for VerifyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Claim(error) => error.source(),
            Self::Jwe(error) => error.source(),
            Self::Jws(error) => error.source(),
        }
    }
}

impl std::error::Error for ClaimError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Target(error) => Some(error),
            _ => None,
        }
    }
}

/// Why a JWT could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum IssueError {
    /// The caller's claims could not be written as JSON, or not as strict JSON.
    Claims(JsonError),
    /// A claim would stand twice: set by the builder and by the caller's claims, or twice by those.
    Duplicate {
        /// The claim.
        claim: String,
    },
    /// A registered claim has a value that RFC 7519 does not allow.
    Invalid {
        /// The claim.
        claim: &'static str,
    },
    /// The caller's claims are not a JSON object.
    NotAnObject,
    /// A time is further off than 64 bits of seconds reach.
    Time,
    /// The token could not be encrypted.
    Jwe(jwe::EncryptError),
    /// The header could not be made, or the key operation failed.
    Jws(jws::BuildError),
}

impl IssueError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Claims(_) | Self::Invalid { .. } | Self::NotAnObject | Self::Time => {
                "jwt.claim-invalid"
            }
            Self::Duplicate { .. } => "jwt.claim-duplicate",
            Self::Jwe(error) => error.code(),
            Self::Jws(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Jwe(error) => error.fault(),
            Self::Jws(error) => error.fault(),
            _ => Fault::Caller,
        }
    }
}

impl From<jwe::EncryptError> for IssueError {
    fn from(error: jwe::EncryptError) -> Self {
        Self::Jwe(error)
    }
}

impl From<jws::BuildError> for IssueError {
    fn from(error: jws::BuildError) -> Self {
        Self::Jws(error)
    }
}

impl fmt::Display for IssueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Claims(error) => write!(f, "the claims are not strict JSON: {error}"),
            Self::Duplicate { claim } => write!(f, "the claim {claim:?} is set twice"),
            Self::Invalid { claim } => {
                write!(
                    f,
                    "the claim {claim} has a value that RFC 7519 does not allow"
                )
            }
            Self::NotAnObject => f.write_str("the claims are not a JSON object"),
            Self::Time => f.write_str("a time is too far off"),
            Self::Jwe(error) => error.fmt(f),
            Self::Jws(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for IssueError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Jwe(error) => error.source(),
            Self::Jws(error) => error.source(),
            _ => None,
        }
    }
}
