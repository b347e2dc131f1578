use core::fmt;

use crate::fault::Fault;
use crate::json::JsonError;
use crate::jwk::KeyError;
use crate::{jwe, jws, jwt};

/// Why a payload is not what it was asked to be, or cannot be written. The signature or the tag held.
#[derive(Debug)]
#[non_exhaustive]
pub enum PayloadError {
    /// The JWE inside is not accepted.
    Jwe(jwe::DecryptError),
    /// Not a JWK or a JWK Set.
    Jwk(KeyError),
    /// The JWS inside is not accepted.
    Jws(jws::VerifyError),
    /// The JWT inside is not accepted.
    Jwt(jwt::VerifyError),
    /// The JSON nests deeper than the limit.
    LimitExceeded,
    /// Not strict JSON.
    Malformed(JsonError),
    /// Not UTF-8.
    NotText {
        /// The offset of the first octet that is wrong.
        at: usize,
    },
    /// A decoder or encoder of the application's own failed.
    Own(Box<dyn std::error::Error + Send + Sync>),
    /// A private or secret key, which a JWS would show to everybody.
    Secret,
    /// Strict JSON, but not what the application's type is made of.
    ///
    /// What that type said may quote the payload, so it is not in the message but in
    /// [`source`](std::error::Error::source): for logs, not for whoever sent the token.
    Target(JsonError),
    /// The signatures that held state different content types.
    TypeAmbiguous,
    /// What should be a media type is none.
    TypeMalformed {
        /// What was stated; only the beginning of a long one.
        found: String,
        /// Who stated it.
        source: TypeSource,
    },
    /// Nobody stated the content type: the token has no protected `cty`.
    TypeMissing {
        /// Whether there is one that anybody may have changed.
        unprotected: bool,
    },
    /// No decoder reads the content type.
    TypeUnsupported {
        /// What was stated; only the beginning of a long one.
        found: String,
        /// Who stated it.
        source: TypeSource,
    },
    /// The application's value does not become strict JSON: it does not serialize, has a member twice, or nests
    /// deeper than the limit.
    Unwritable(Box<dyn std::error::Error + Send + Sync>),
}

/// Who stated a content type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TypeSource {
    /// The calling program.
    Caller,
    /// The token's `cty`.
    Token,
}

impl PayloadError {
    /// An error of a decoder or encoder of your own.
    pub fn own(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Own(error.into())
    }

    pub(super) fn type_malformed(found: &str, source: TypeSource) -> Self {
        let found = shown(found);
        Self::TypeMalformed { found, source }
    }

    pub(super) fn type_unsupported(found: &str, source: TypeSource) -> Self {
        let found = shown(found);
        Self::TypeUnsupported { found, source }
    }

    /// The stable code: `payload.*`, or that of the key or token inside.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Jwe(error) => error.code(),
            Self::Jwk(error) => error.code(),
            Self::Jws(error) => error.code(),
            Self::Jwt(error) => error.code(),
            Self::LimitExceeded => "payload.limit-exceeded",
            Self::Malformed(_) | Self::NotText { .. } => "payload.malformed",
            Self::Own(_) | Self::Target(_) => "payload.value-invalid",
            Self::Secret => "payload.secret",
            Self::TypeAmbiguous => "payload.type-ambiguous",
            Self::TypeMalformed { .. } => "payload.type-malformed",
            Self::TypeMissing { .. } => "payload.type-missing",
            Self::TypeUnsupported { .. } => "payload.type-unsupported",
            Self::Unwritable(_) => "payload.unwritable",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Jwe(error) => error.fault(),
            Self::Jwk(error) if error.fault() == Fault::Key => Fault::Token,
            Self::Jwk(error) => error.fault(),
            Self::Jws(error) => error.fault(),
            Self::Jwt(error) => error.fault(),
            Self::TypeMalformed { source, .. } | Self::TypeUnsupported { source, .. } => {
                match source {
                    TypeSource::Caller => Fault::Caller,
                    TypeSource::Token => Fault::Token,
                }
            }
            Self::Secret | Self::Unwritable(_) => Fault::Caller,
            _ => Fault::Token,
        }
    }
}

/// A header may be long; an error should not.
fn shown(found: &str) -> String {
    found.chars().take(64).collect()
}

impl From<JsonError> for PayloadError {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::TooDeep { .. } => Self::LimitExceeded,
            JsonError::WrongType { .. } => Self::Target(error),
            error => Self::Malformed(error),
        }
    }
}

impl From<KeyError> for PayloadError {
    fn from(error: KeyError) -> Self {
        Self::Jwk(error)
    }
}

impl From<jwe::DecryptError> for PayloadError {
    fn from(error: jwe::DecryptError) -> Self {
        Self::Jwe(error)
    }
}

impl From<jws::VerifyError> for PayloadError {
    fn from(error: jws::VerifyError) -> Self {
        Self::Jws(error)
    }
}

impl From<jwt::VerifyError> for PayloadError {
    fn from(error: jwt::VerifyError) -> Self {
        Self::Jwt(error)
    }
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jwe(error) => write!(f, "the JWE inside: {error}"),
            Self::Jwk(error) => error.fmt(f),
            Self::Jws(error) => write!(f, "the JWS inside: {error}"),
            Self::Jwt(error) => write!(f, "the JWT inside: {error}"),
            Self::LimitExceeded => f.write_str("the payload nests too deep"),
            Self::Malformed(error) => write!(f, "the payload is not strict JSON: {error}"),
            Self::NotText { at } => write!(f, "the payload is not UTF-8, at octet {at}"),
            Self::Own(error) => error.fmt(f),
            Self::Secret => f.write_str(
                "a private or secret key was to be signed in the clear; encrypt it instead",
            ),
            Self::Target(_) => f.write_str("the payload does not fit the application's type"),
            Self::TypeAmbiguous => {
                f.write_str("the signatures state different content types (cty)")
            }
            Self::TypeMalformed { found, .. } => write!(f, "{found:?} is not a media type"),
            Self::TypeMissing { unprotected: false } => {
                f.write_str("the token has no content type (cty), and none was given")
            }
            Self::TypeMissing { unprotected: true } => f.write_str(
                "the token's content type (cty) is not protected, and no other was given",
            ),
            Self::TypeUnsupported { found, .. } => {
                write!(f, "nothing was given that reads the content type {found:?}")
            }
            Self::Unwritable(_) => {
                f.write_str("the application's value cannot be written as strict JSON")
            }
        }
    }
}

impl std::error::Error for PayloadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Jwe(error) => Some(error),
            Self::Jwk(error) => Some(error),
            Self::Jws(error) => Some(error),
            Self::Jwt(error) => Some(error),
            Self::Malformed(error) | Self::Target(error) => Some(error),
            Self::Own(error) | Self::Unwritable(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}
