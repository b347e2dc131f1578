use core::fmt;

use crate::fault::Fault;
use crate::header::{HeaderError, MalformedToken};
use crate::jwa::AlgName;
use crate::key::{BackendError, SelectError, UnwrapError, WrapError};
use crate::trust::ResolveError;

/// Why a JWE is not accepted.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecryptError {
    /// No key may be used with the token's algorithm.
    AlgorithmNotAllowed {
        /// The token's `alg`.
        alg: AlgName,
    },
    /// The policy does not allow the token's content encryption, or the key is for another.
    ContentEncryptionNotAllowed {
        /// The token's `enc`.
        enc: AlgName,
    },
    /// `crit` names a parameter that the application did not say it understands (RFC 7516 §4.1.13).
    CriticalUnknown {
        /// The parameter.
        name: String,
    },
    /// The key does not decrypt it, or it was changed. Unwrapping, the length of the content encryption key, the
    /// tag and the padding are one error on purpose.
    DecryptionFailed,
    /// No key of the set answers to the token's `kid`.
    KeyNotFound {
        /// The token's `kid`, if it has one.
        kid: Option<String>,
    },
    /// The token is larger, longer, deeper or costlier than [`Limits`](crate::Limits) allows.
    LimitExceeded {
        /// What is too large.
        what: &'static str,
    },
    /// Not a JWE as RFC 7516 describes it.
    Malformed(MalformedToken),
    /// A remote key failed to answer; it says nothing about the token.
    Remote {
        /// The stable code, `remote.<kebab-case>`.
        code: &'static str,
        /// What the adapter knows.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No trusted key was found by what the token says.
    Resolve(Box<ResolveError>),
    /// Several keys or several recipients were tried in vain; the errors are in the order of the tries.
    Several(Vec<DecryptError>),
    /// The content is compressed with something that the policy has no codec for.
    ZipUnsupported,
    /// The decrypted content does not inflate: the stream is broken, cut off, or something follows it.
    ZipMalformed,
}

impl DecryptError {
    pub(crate) const fn malformed(what: &'static str, why: &'static str) -> Self {
        Self::Malformed(MalformedToken { what, why })
    }

    pub(crate) const fn limit(what: &'static str) -> Self {
        Self::LimitExceeded { what }
    }

    /// One error as it is, several together.
    pub(crate) fn several(mut errors: Vec<Self>) -> Self {
        match (errors.pop(), errors.is_empty()) {
            (Some(only), true) => only,
            (Some(last), false) => {
                errors.push(last);
                Self::Several(errors)
            }
            (None, _) => Self::DecryptionFailed,
        }
    }

    /// The stable code. Of several errors the one that came furthest speaks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlgorithmNotAllowed { .. } | Self::ContentEncryptionNotAllowed { .. } => {
                "jwe.algorithm-not-allowed"
            }
            Self::CriticalUnknown { .. } => "jwe.critical-unknown",
            Self::DecryptionFailed => "jwe.decryption-failed",
            Self::KeyNotFound { .. } => "jwk.not-found",
            Self::Resolve(error) => error.code(),
            Self::LimitExceeded { .. } => "jwe.limit-exceeded",
            Self::Malformed(_) => "jwe.malformed",
            Self::Remote { code, .. } => code,
            Self::Several(_) => self.furthest().map_or("jwe.decryption-failed", Self::code),
            Self::ZipUnsupported => "jwe.zip-unsupported",
            Self::ZipMalformed => "jwe.zip-malformed",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::KeyNotFound { .. } => Fault::Key,
            Self::Resolve(error) => error.fault(),
            Self::Remote { .. } => Fault::Remote,
            Self::Several(_) => self.furthest().map_or(Fault::Token, Self::fault),
            _ => Fault::Token,
        }
    }

    fn furthest(&self) -> Option<&Self> {
        let Self::Several(errors) = self else {
            return None;
        };
        errors.iter().min_by_key(|error| match error {
            Self::Remote { .. } => 0,
            Self::ZipUnsupported | Self::ZipMalformed => 1,
            Self::DecryptionFailed | Self::Several(_) => 2,
            Self::Malformed(_) | Self::LimitExceeded { .. } => 3,
            Self::CriticalUnknown { .. } => 4,
            Self::AlgorithmNotAllowed { .. }
            | Self::ContentEncryptionNotAllowed { .. }
            | Self::Resolve(_) => 5,
            Self::KeyNotFound { .. } => 6,
        })
    }
}

impl From<HeaderError> for DecryptError {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::CriticalUnknown(name) => Self::CriticalUnknown { name },
            HeaderError::Limit(what) => Self::LimitExceeded { what },
            HeaderError::Malformed(malformed) => Self::Malformed(malformed),
        }
    }
}

/// What a caller would look for in any case keeps its name.
impl From<ResolveError> for DecryptError {
    fn from(error: ResolveError) -> Self {
        match error {
            ResolveError::AlgorithmNotAllowed { alg, .. } => Self::AlgorithmNotAllowed { alg },
            ResolveError::NotFound { kid } => Self::KeyNotFound { kid },
            other => Self::Resolve(Box::new(other)),
        }
    }
}

impl From<SelectError> for DecryptError {
    fn from(error: SelectError) -> Self {
        match error {
            SelectError::AlgorithmNotAllowed { alg } => Self::AlgorithmNotAllowed { alg },
            SelectError::NotFound { kid } => Self::KeyNotFound { kid },
            SelectError::Resolve(error) => (*error).into(),
        }
    }
}

impl From<UnwrapError> for DecryptError {
    fn from(error: UnwrapError) -> Self {
        match error {
            UnwrapError::Failed => Self::DecryptionFailed,
            UnwrapError::Remote { code, source } => Self::Remote { code, source },
        }
    }
}

impl From<BackendError> for DecryptError {
    fn from(_: BackendError) -> Self {
        Self::DecryptionFailed
    }
}

impl fmt::Display for DecryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlgorithmNotAllowed { alg } => {
                SelectError::AlgorithmNotAllowed { alg: alg.clone() }.fmt(f)
            }
            Self::ContentEncryptionNotAllowed { enc } => {
                write!(
                    f,
                    "the content encryption {:?} is not allowed",
                    enc.as_str()
                )
            }
            Self::CriticalUnknown { name } => {
                write!(
                    f,
                    "the critical header parameter {name:?} is not understood"
                )
            }
            Self::DecryptionFailed => f.write_str("decryption failed"),
            Self::KeyNotFound { kid } => SelectError::NotFound { kid: kid.clone() }.fmt(f),
            Self::Resolve(error) => error.fmt(f),
            Self::LimitExceeded { what } => write!(f, "{what} exceeds the limit"),
            Self::Malformed(malformed) => malformed.fmt(f),
            Self::Remote { source, .. } => write!(f, "the remote key failed: {source}"),
            Self::Several(errors) => {
                write!(f, "none of {} attempts held: ", errors.len())?;
                for (index, error) in errors.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}{error}")?;
                }
                Ok(())
            }
            Self::ZipUnsupported => {
                f.write_str("the content is compressed with an unknown algorithm")
            }
            Self::ZipMalformed => f.write_str("the compressed content is broken"),
        }
    }
}

impl std::error::Error for DecryptError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Remote { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}

/// Why a JWE could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum EncryptError {
    /// `alg` or `enc` was set by hand to something that is not so.
    Algorithm {
        /// The algorithm that cannot be.
        alg: AlgName,
    },
    /// A `dir` key is not as long as the content encryption requires, or is for another.
    ContentKey {
        /// The content encryption asked for.
        enc: AlgName,
    },
    /// Compressing failed.
    Zip,
    /// The header would be refused by whoever decrypts it, or sets a parameter that the algorithm makes.
    Header(MalformedToken),
    /// The compact serialization has no place for `aad` or an unprotected header.
    NotCompact,
    /// `dir` and `ECDH-ES` admit one recipient only (RFC 7516 §7.2.1).
    OneRecipientOnly,
    /// No recipient was given.
    NoRecipient,
    /// The key operation failed.
    Wrap(WrapError),
}

impl EncryptError {
    pub(crate) const fn header(what: &'static str, why: &'static str) -> Self {
        Self::Header(MalformedToken { what, why })
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Algorithm { .. } => "jwe.algorithm-not-allowed",
            Self::ContentKey { .. } => "jwk.usage-mismatch",
            Self::Zip => "jwe.zip-failed",
            Self::Header(_) => "jwe.header-invalid",
            Self::NotCompact => "jwe.not-compact",
            Self::OneRecipientOnly => "jwe.one-recipient-only",
            Self::NoRecipient => "jwe.no-recipient",
            Self::Wrap(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Wrap(error) => error.fault(),
            Self::ContentKey { .. } => Fault::Key,
            Self::Zip => Fault::Bug,
            _ => Fault::Caller,
        }
    }
}

impl From<WrapError> for EncryptError {
    fn from(error: WrapError) -> Self {
        Self::Wrap(error)
    }
}

impl From<BackendError> for EncryptError {
    fn from(error: BackendError) -> Self {
        Self::Wrap(error.into())
    }
}

impl fmt::Display for EncryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm { alg } => {
                write!(
                    f,
                    "the header cannot name {:?}, which is not what is used",
                    alg.as_str()
                )
            }
            Self::ContentKey { enc } => write!(f, "the shared key is not one for {enc}"),
            Self::Zip => f.write_str("compressing failed"),
            Self::Header(malformed) => malformed.fmt(f),
            Self::NotCompact => f.write_str(
                "the compact serialization has no place for aad or an unprotected header",
            ),
            Self::OneRecipientOnly => f.write_str("dir and ECDH-ES admit one recipient only"),
            Self::NoRecipient => f.write_str("no recipient was given"),
            Self::Wrap(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EncryptError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Wrap(error) => Some(error),
            _ => None,
        }
    }
}
