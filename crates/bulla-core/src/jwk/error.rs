use core::fmt;

use crate::fault::Fault;
use crate::json::JsonError;
use crate::jwa::AlgName;

/// Why a key could not be read, or could not be bound to an algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// Not a JWK, PEM or DER key as the standards describe it; the text names what was found and what was expected.
    Malformed(Malformed),
    /// Not strict JSON.
    Json(JsonError),
    /// A key type, curve or feature that we do not implement.
    Unsupported(&'static str),
    /// A `kty`, `crv` or `alg` that names something we do not implement.
    UnsupportedValue {
        /// The member.
        member: &'static str,
        /// Its value; only the beginning of a long one.
        value: Box<str>,
    },
    /// A key of another kind than was asked for, such as a public key where a private one is needed.
    WrongKind {
        /// What was found, for example `a public key`.
        found: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// A password-protected file made with an algorithm that we do not implement.
    Reencrypt {
        /// What the algorithm is for.
        what: &'static str,
        /// Its name and number.
        value: Box<str>,
    },
    /// The file is protected by a password, and none was given.
    PasswordMissing,
    /// The password does not open the file, or the file is damaged; nothing tells one from the other.
    PasswordWrong,
    /// Shorter than its algorithm requires.
    TooWeak {
        /// The bits the key has.
        bits: usize,
        /// The bits it must have.
        required: usize,
    },
    /// `use`, `key_ops`, `alg`, type or curve do not fit the algorithm or operation asked for.
    UsageMismatch(UsageMismatch),
    /// No key answers to what was asked for.
    NotFound,
    /// Several keys, or several algorithms, would do; the caller must say which.
    Ambiguous,
    /// The key came with a token and nobody has vouched for it.
    Untrusted,
    /// More, longer or deeper than [`Limits`](crate::Limits) allows.
    LimitExceeded(&'static str),
    /// The backend failed.
    Backend,
}

/// What is wrong with a malformed key: facts, never key material.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Malformed {
    /// The member or structure that is wrong.
    pub what: &'static str,
    /// What is wrong with it.
    pub why: &'static str,
}

/// In what a key does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UsageMismatch {
    /// Its `alg` names another algorithm.
    Alg {
        /// The key's `alg`.
        key: AlgName,
        /// The algorithm asked for.
        asked: AlgName,
    },
    /// Its `alg` is for another kind of operation, or unknown.
    Operation(AlgName),
    /// Its `use` forbids the operation.
    Use,
    /// Its `key_ops` do not list the operation.
    KeyOps,
    /// The `keyUsage` of its certificate does not allow the operation (RFC 5280 §4.2.1.3).
    Certificate,
    /// Its type or curve is not the algorithm's.
    Type {
        /// What the key is, for example `EC P-384`.
        found: &'static str,
        /// What the algorithm needs, for example `EC P-256`.
        expected: &'static str,
    },
}

impl KeyError {
    /// [`KeyError::Malformed`]: the member or structure, and what is wrong with it.
    #[must_use]
    pub const fn malformed(what: &'static str, why: &'static str) -> Self {
        Self::Malformed(Malformed { what, why })
    }

    pub(crate) fn unsupported_value(member: &'static str, value: &str) -> Self {
        Self::UnsupportedValue {
            member,
            value: value.chars().take(VALUE_SHOWN).collect(),
        }
    }

    /// The stable code, `jwk.<kebab-case>`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) | Self::Json(_) => "jwk.malformed",
            Self::Unsupported(_) | Self::UnsupportedValue { .. } | Self::Reencrypt { .. } => {
                "jwk.unsupported"
            }
            Self::PasswordMissing => "jwk.password-missing",
            Self::PasswordWrong => "jwk.password-wrong",
            Self::TooWeak { .. } => "jwk.too-weak",
            Self::UsageMismatch(_) | Self::WrongKind { .. } => "jwk.usage-mismatch",
            Self::NotFound => "jwk.not-found",
            Self::Ambiguous => "jwk.ambiguous",
            Self::Untrusted => "jwk.untrusted",
            Self::LimitExceeded(_) => "jwk.limit-exceeded",
            Self::Backend => "jwk.backend",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::PasswordMissing | Self::PasswordWrong => Fault::Caller,
            Self::Backend => Fault::Bug,
            _ => Fault::Key,
        }
    }
}

/// A `kty` may be a megabyte; an error should not.
const VALUE_SHOWN: usize = 64;

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(Malformed { what, why }) => write!(f, "{what}: {why}"),
            Self::Json(error) => error.fmt(f),
            Self::Unsupported(what) => write!(f, "{what} is not supported"),
            Self::UnsupportedValue { member, value } => {
                write!(f, "`{member}` {value:?} is not supported")
            }
            Self::Reencrypt { what, value } => write!(
                f,
                "{value} as {what} is not supported; \
                 `openssl pkcs8 -in FILE | openssl pkcs8 -topk8 -v2 aes-256-cbc` encrypts it anew"
            ),
            Self::PasswordMissing => {
                f.write_str("the key is protected by a password, and none was given")
            }
            Self::PasswordWrong => {
                f.write_str("the password does not open the key, or the file is damaged")
            }
            Self::WrongKind { found, expected } => {
                write!(f, "found {found}, expected {expected}")
            }
            Self::TooWeak { bits, required } => {
                write!(
                    f,
                    "the key has {bits} bits, its algorithm requires {required}"
                )
            }
            Self::UsageMismatch(mismatch) => mismatch.fmt(f),
            Self::NotFound => f.write_str("no key answers to what was asked for"),
            Self::Ambiguous => f.write_str("more than one key or algorithm would do"),
            Self::Untrusted => f.write_str("nobody has vouched for the key"),
            Self::LimitExceeded(what) => write!(f, "{what} exceeds the limit"),
            Self::Backend => f.write_str("the backend failed"),
        }
    }
}

impl fmt::Display for UsageMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alg { key, asked } => write!(f, "the key is for {key}, not for {asked}"),
            Self::Operation(alg) => write!(
                f,
                "the key is for {alg}, which is of another kind or unknown"
            ),
            Self::Use => f.write_str("the key's `use` forbids the operation"),
            Self::KeyOps => f.write_str("the key's `key_ops` do not list the operation"),
            Self::Certificate => {
                f.write_str("the `keyUsage` of the key's certificate does not allow the operation")
            }
            Self::Type { found, expected } => {
                write!(f, "the key is {found}, the algorithm needs {expected}")
            }
        }
    }
}

impl std::error::Error for KeyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            _ => None,
        }
    }
}
