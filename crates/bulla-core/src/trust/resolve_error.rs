use core::fmt;
use std::error::Error;
use std::sync::Arc;

use super::{FetchError, PathRefused};
use crate::fault::Fault;
use crate::jwa::AlgName;
use crate::jwk::KeyError;
use crate::key::SelectError;

/// Why no trusted key was found for a token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ResolveError {
    /// The application does not allow the token's algorithm; `none` always ends here, and so does a token without `alg`.
    AlgorithmNotAllowed {
        /// The token's `alg`.
        alg: AlgName,
        /// Whether the token is encrypted, and not signed.
        encrypted: bool,
    },
    /// A key or certificate that stands in the token cannot be read, or is none that may stand there.
    Brought {
        /// The header parameter: `jwk` or `x5c`.
        parameter: &'static str,
        /// What is wrong with it.
        error: KeyError,
    },
    /// Two things that were said about the key contradict each other (RFC 7517 §4.7 to §4.9).
    Disagrees(Contradiction),
    /// A URL that the application listed could not be fetched.
    Fetch {
        /// The URL.
        url: String,
        /// Why.
        error: FetchError,
    },
    /// A key was found but may not be used: its `alg`, `use` or `key_ops` are others, it is too weak, or cannot be read.
    Key(KeyError),
    /// Longer, or more of them, than [`Limits`](crate::Limits) allows.
    LimitExceeded {
        /// What there is too much of.
        what: &'static str,
    },
    /// No store and no resolver has a key of the token's names.
    NotFound {
        /// The token's `kid`, if it has one.
        kid: Option<String>,
    },
    /// A certificate chain that came with the token does not lead to a trust anchor.
    Path(PathRefused),
    /// A resolver could not look.
    Resolver {
        /// The resolver's name.
        name: String,
        /// The stable code, `<noun>.<kebab-case>`.
        code: &'static str,
        /// Whose doing it is.
        fault: Fault,
        /// What the resolver knows.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// Several things were tried and none gave a key; the errors are in the order of the tries.
    Several(Vec<ResolveError>),
    /// The token brought a key of its own, or says where one is, and nothing here may trust that.
    Untrusted {
        /// The header parameter: `jwk`, `jku`, `x5c` or `x5u`.
        parameter: &'static str,
    },
}

/// Two names or values of one key that exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contradiction {
    /// What contradicts: a header parameter, or `the key found`.
    pub one: &'static str,
    /// What it contradicts.
    pub other: &'static str,
}

impl Contradiction {
    /// `one` and `other` exclude each other.
    #[must_use]
    pub const fn new(one: &'static str, other: &'static str) -> Self {
        Self { one, other }
    }
}

impl ResolveError {
    /// [`ResolveError::Resolver`]: carries a resolver's own error with its stable code and whose doing it is.
    #[must_use]
    pub fn resolver(
        name: impl Into<String>,
        code: &'static str,
        fault: Fault,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Resolver {
            name: name.into(),
            code,
            fault,
            source: source.into().into(),
        }
    }

    /// One error as it is, several together; none at all is a key that was not found.
    #[must_use]
    pub fn several(mut errors: Vec<Self>) -> Self {
        match (errors.pop(), errors.is_empty()) {
            (Some(only), true) => only,
            (Some(last), false) => {
                errors.push(last);
                Self::Several(errors)
            }
            (None, _) => Self::NotFound { kid: None },
        }
    }

    /// The stable code. Of several errors the one that came furthest speaks: a key that could not be used before
    /// one that could not be fetched, and that before one that was not there.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlgorithmNotAllowed {
                encrypted: true, ..
            } => "jwe.algorithm-not-allowed",
            Self::AlgorithmNotAllowed { .. } => "jws.algorithm-not-allowed",
            Self::Brought { error, .. } | Self::Key(error) => error.code(),
            Self::Disagrees(_) => "jwk.disagrees",
            Self::Fetch { error, .. } => error.code(),
            Self::LimitExceeded { .. } => "jwk.limit-exceeded",
            Self::NotFound { .. } => "jwk.not-found",
            Self::Path(error) => error.code(),
            Self::Resolver { code, .. } => code,
            Self::Several(_) => self.furthest().map_or("jwk.not-found", Self::code),
            Self::Untrusted { .. } => "jwk.untrusted",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::AlgorithmNotAllowed { .. } | Self::Brought { .. } | Self::Disagrees(_) => {
                Fault::Token
            }
            Self::Fetch { error, .. } => error.fault(),
            Self::Key(error) => error.fault(),
            Self::LimitExceeded { .. } | Self::NotFound { .. } | Self::Untrusted { .. } => {
                Fault::Key
            }
            Self::Path(error) => error.fault(),
            Self::Resolver { fault, .. } => *fault,
            Self::Several(_) => self.furthest().map_or(Fault::Key, Self::fault),
        }
    }

    fn furthest(&self) -> Option<&Self> {
        let Self::Several(errors) = self else {
            return None;
        };
        errors.iter().min_by_key(|error| match error {
            Self::Disagrees(_) | Self::AlgorithmNotAllowed { .. } => 0,
            Self::Brought { .. } | Self::Key(_) | Self::Several(_) => 1,
            Self::Path(_) => 2,
            Self::Fetch { .. } | Self::Resolver { .. } => 3,
            Self::LimitExceeded { .. } => 4,
            Self::Untrusted { .. } => 5,
            Self::NotFound { .. } => 6,
        })
    }
}

impl From<KeyError> for ResolveError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<PathRefused> for ResolveError {
    fn from(error: PathRefused) -> Self {
        Self::Path(error)
    }
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlgorithmNotAllowed { alg, .. } => {
                SelectError::AlgorithmNotAllowed { alg: alg.clone() }.fmt(f)
            }
            Self::Brought { parameter, error } => {
                write!(f, "the token's `{parameter}` cannot be used: {error}")
            }
            Self::Disagrees(Contradiction { one, other }) => {
                write!(f, "{one} contradicts {other}")
            }
            Self::Fetch { url, error } => write!(f, "{url:?} could not be fetched: {error}"),
            Self::Key(error) => write!(f, "the key that was found cannot be used: {error}"),
            Self::LimitExceeded { what } => write!(f, "{what} exceeds the limit"),
            Self::NotFound { kid: Some(kid) } => write!(f, "no trusted key has the kid {kid:?}"),
            Self::NotFound { kid: None } => f.write_str("no trusted key is named by the token"),
            Self::Path(error) => error.fmt(f),
            Self::Resolver { name, source, .. } => {
                write!(f, "the key resolver {name:?} failed: {source}")
            }
            Self::Several(errors) => {
                write!(f, "{} things were tried", errors.len())?;
                errors.iter().try_for_each(|error| write!(f, "; {error}"))
            }
            Self::Untrusted { parameter } => {
                write!(f, "nothing here may trust what `{parameter}` brings")
            }
        }
    }
}

impl Error for ResolveError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Fetch { error, .. } => Some(error),
            Self::Brought { error, .. } | Self::Key(error) => Some(error),
            Self::Path(error) => Some(error),
            Self::Resolver { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}
