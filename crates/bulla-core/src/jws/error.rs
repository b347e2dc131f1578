use core::fmt;

use crate::fault::Fault;
use crate::header::{HeaderError, MalformedToken};
use crate::jwa::AlgName;
use crate::key::{CheckError, InputError, SelectError, SignError};
use crate::trust::ResolveError;

/// Why a JWS is not accepted.
#[derive(Debug)]
#[non_exhaustive]
pub enum VerifyError {
    /// No key may be used with the token's algorithm; `none` always ends here.
    AlgorithmNotAllowed {
        /// The token's `alg`.
        alg: AlgName,
    },
    /// `crit` names a parameter that the application did not say it understands (RFC 7515 §4.1.11).
    CriticalUnknown {
        /// The parameter.
        name: String,
    },
    /// A streamed payload could not be read, or the algorithm needs it whole.
    Input(InputError),
    /// No key of the set answers to the token's `kid` or certificate thumbprint.
    KeyNotFound {
        /// The token's `kid`, if it has one.
        kid: Option<String>,
    },
    /// The token is larger, longer or deeper than [`Limits`](crate::Limits) allows.
    LimitExceeded {
        /// What is too large.
        what: &'static str,
    },
    /// Not a JWS as RFC 7515 describes it.
    Malformed(MalformedToken),
    /// The token is detached and no payload was supplied, or it carries a payload and another was supplied.
    Payload {
        /// Whether the token carries one itself.
        attached: bool,
    },
    /// No trusted key was found by what the token says.
    Resolve(Box<ResolveError>),
    /// Several keys or several signatures were tried and none held; the errors are in the order of the tries.
    Several(Vec<VerifyError>),
    /// The signature is not the key's. There is no more detail on purpose.
    SignatureInvalid,
}

impl VerifyError {
    pub(crate) const fn malformed(what: &'static str, why: &'static str) -> Self {
        Self::Malformed(MalformedToken { what, why })
    }

    pub(crate) const fn limit(what: &'static str) -> Self {
        Self::LimitExceeded { what }
    }

    /// One error as it is, several together. `errors` is not empty.
    pub(crate) fn several(mut errors: Vec<Self>) -> Self {
        match (errors.pop(), errors.is_empty()) {
            (Some(only), true) => only,
            (Some(last), false) => {
                errors.push(last);
                Self::Several(errors)
            }
            (None, _) => Self::SignatureInvalid,
        }
    }

    /// The stable code. Of several errors the one that came furthest speaks: a signature that did not hold
    /// before a key that was not found.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlgorithmNotAllowed { .. } => "jws.algorithm-not-allowed",
            Self::CriticalUnknown { .. } => "jws.critical-unknown",
            Self::Input(error) => error.code(),
            Self::KeyNotFound { .. } => "jwk.not-found",
            Self::Resolve(error) => error.code(),
            Self::LimitExceeded { .. } => "jws.limit-exceeded",
            Self::Malformed(_) => "jws.malformed",
            Self::Payload { .. } => "jws.payload-mismatch",
            Self::Several(_) => self.furthest().map_or("jws.signature-invalid", Self::code),
            Self::SignatureInvalid => "jws.signature-invalid",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::AlgorithmNotAllowed { .. }
            | Self::CriticalUnknown { .. }
            | Self::LimitExceeded { .. }
            | Self::Malformed(_)
            | Self::SignatureInvalid => Fault::Token,
            Self::Input(error) => error.fault(),
            Self::KeyNotFound { .. } => Fault::Key,
            Self::Resolve(error) => error.fault(),
            Self::Payload { .. } => Fault::Caller,
            Self::Several(_) => self.furthest().map_or(Fault::Token, Self::fault),
        }
    }

    fn furthest(&self) -> Option<&Self> {
        let Self::Several(errors) = self else {
            return None;
        };
        errors.iter().min_by_key(|error| match error {
            Self::Input(_) => 0,
            Self::SignatureInvalid | Self::Several(_) => 1,
            Self::Malformed(_) | Self::LimitExceeded { .. } | Self::Payload { .. } => 2,
            Self::CriticalUnknown { .. } => 3,
            Self::AlgorithmNotAllowed { .. } | Self::Resolve(_) => 4,
            Self::KeyNotFound { .. } => 5,
        })
    }
}

impl From<HeaderError> for VerifyError {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::CriticalUnknown(name) => Self::CriticalUnknown { name },
            HeaderError::Limit(what) => Self::LimitExceeded { what },
            HeaderError::Malformed(malformed) => Self::Malformed(malformed),
        }
    }
}

/// What a caller would look for in any case keeps its name.
impl From<ResolveError> for VerifyError {
    fn from(error: ResolveError) -> Self {
        match error {
            ResolveError::AlgorithmNotAllowed { alg, .. } => Self::AlgorithmNotAllowed { alg },
            ResolveError::NotFound { kid } => Self::KeyNotFound { kid },
            other => Self::Resolve(Box::new(other)),
        }
    }
}

impl From<SelectError> for VerifyError {
    fn from(error: SelectError) -> Self {
        match error {
            SelectError::AlgorithmNotAllowed { alg } => Self::AlgorithmNotAllowed { alg },
            SelectError::NotFound { kid } => Self::KeyNotFound { kid },
            SelectError::Resolve(error) => (*error).into(),
        }
    }
}

impl From<CheckError> for VerifyError {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::SignatureInvalid => Self::SignatureInvalid,
            CheckError::Input(error) => Self::Input(error),
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlgorithmNotAllowed { alg } => {
                SelectError::AlgorithmNotAllowed { alg: alg.clone() }.fmt(f)
            }
            Self::CriticalUnknown { name } => {
                write!(
                    f,
                    "the critical header parameter {name:?} is not understood"
                )
            }
            Self::Input(error) => error.fmt(f),
            Self::KeyNotFound { kid } => SelectError::NotFound { kid: kid.clone() }.fmt(f),
            Self::Resolve(error) => error.fmt(f),
            Self::LimitExceeded { what } => write!(f, "{what} exceeds the limit"),
            Self::Malformed(malformed) => malformed.fmt(f),
            Self::Payload { attached: true } => {
                f.write_str("the token carries its own payload and another was supplied")
            }
            Self::Payload { attached: false } => {
                f.write_str("the token's payload is detached and none was supplied")
            }
            Self::Several(errors) => {
                write!(f, "none of {} attempts held: ", errors.len())?;
                for (index, error) in errors.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}{error}")?;
                }
                Ok(())
            }
            Self::SignatureInvalid => f.write_str("the signature is not valid"),
        }
    }
}

impl std::error::Error for VerifyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Input(error) => Some(error),
            _ => None,
        }
    }
}

/// Why a JWS could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// `alg` was set to something else than the key's algorithm, or the key's algorithm is `none`.
    Algorithm {
        /// The algorithm that cannot be.
        alg: AlgName,
    },
    /// The header would be refused by whoever verifies it.
    Header(MalformedToken),
    /// An unprotected header cannot stand in the compact serialization.
    HeaderUnprotected,
    /// An unencoded payload cannot stand in the serialization asked for (RFC 7797 §5.2); detach it.
    PayloadUnencodable,
    /// All signatures of a JWS must agree on `b64` (RFC 7797 §3).
    PayloadEncodingMixed,
    /// No signer was given.
    NoSigner,
    /// The key operation failed.
    Sign(SignError),
}

impl BuildError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Algorithm { .. } => "jws.algorithm-not-allowed",
            Self::Header(_) => "jws.header-invalid",
            Self::HeaderUnprotected => "jws.header-unprotected",
            Self::PayloadUnencodable => "jws.payload-unencodable",
            Self::PayloadEncodingMixed => "jws.payload-encoding-mixed",
            Self::NoSigner => "jws.no-signer",
            Self::Sign(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Sign(error) => error.fault(),
            _ => Fault::Caller,
        }
    }

    pub(crate) const fn header(what: &'static str, why: &'static str) -> Self {
        Self::Header(MalformedToken { what, why })
    }
}

impl From<SignError> for BuildError {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm { alg } => {
                write!(
                    f,
                    "the header cannot name {:?}, the key is bound to another algorithm",
                    alg.as_str()
                )
            }
            Self::Header(malformed) => malformed.fmt(f),
            Self::HeaderUnprotected => {
                f.write_str("the compact serialization has no place for an unprotected header")
            }
            Self::PayloadUnencodable => {
                f.write_str("the unencoded payload cannot stand in this serialization; detach it")
            }
            Self::PayloadEncodingMixed => f.write_str("all signatures must agree on `b64`"),
            Self::NoSigner => f.write_str("no signer was given"),
            Self::Sign(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            _ => None,
        }
    }
}
