use core::fmt;
use core::time::Duration;

use bulla_core::Fault;
use bulla_core::key::{SignError, UnwrapError, WrapError};

/// Why a vault did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VaultError {
    /// Too many requests; later there is room again.
    Throttled {
        /// When to come back, if the vault says so.
        retry_after: Option<Duration>,
    },
    /// The vault cannot be reached, does not answer in time, or says that it is broken.
    Unavailable {
        /// What happened, for people.
        detail: Detail,
    },
    /// The vault does not let this caller do it with this key.
    Denied {
        /// What the vault says.
        detail: Detail,
    },
    /// The name stands for several keys.
    Ambiguous {
        /// Which.
        detail: Detail,
    },
    /// There is no such key, or no such version.
    NotFound {
        /// What the vault says.
        detail: Detail,
    },
    /// The key is there and switched off, not valid yet or any more, or about to be deleted.
    Disabled {
        /// What the vault says.
        detail: Detail,
    },
    /// The key or the vault cannot do this.
    Unsupported {
        /// What is not supported.
        what: Detail,
    },
    /// The vault takes fewer octets than were to be signed as they are.
    TooLarge {
        /// The most octets that it takes.
        limit: usize,
        /// The octets there are.
        found: usize,
    },
    /// The vault answered, and the answer is wrong: another version, a signature that does not verify, a form that is none.
    Integrity {
        /// What is wrong.
        what: &'static str,
    },
    /// The vault does not decrypt what it was given. There is no more detail on purpose.
    Refused,
}

/// A sentence for people, one line and not long, whatever a vault sends.
#[derive(Clone, PartialEq, Eq)]
pub struct Detail(Box<str>);

impl VaultError {
    /// [`Unavailable`](Self::Unavailable).
    pub fn unavailable(detail: impl Into<Detail>) -> Self {
        Self::Unavailable {
            detail: detail.into(),
        }
    }

    /// [`Unsupported`](Self::Unsupported).
    pub fn unsupported(what: impl Into<Detail>) -> Self {
        Self::Unsupported { what: what.into() }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Throttled { .. } => "remote.throttled",
            Self::Unavailable { .. } => "remote.unavailable",
            Self::Denied { .. } => "remote.denied",
            Self::Ambiguous { .. } => "remote.ambiguous",
            Self::NotFound { .. } => "remote.not-found",
            Self::Disabled { .. } => "remote.disabled",
            Self::Unsupported { .. } => "remote.unsupported",
            Self::TooLarge { .. } => "remote.too-large",
            Self::Integrity { .. } => "remote.integrity",
            Self::Refused => "remote.refused",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Unsupported { .. } => Fault::Key,
            Self::Ambiguous { .. } | Self::TooLarge { .. } => Fault::Caller,
            Self::Refused => Fault::Token,
            _ => Fault::Remote,
        }
    }

    /// What [`code`](Self::code) says after the point, for metrics.
    pub(crate) fn outcome(&self) -> &'static str {
        self.code().trim_start_matches("remote.")
    }

    /// Whether the same call may do better a moment later.
    pub(crate) const fn is_passing(&self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unavailable { .. })
    }
}

impl Detail {
    /// The sentence.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What others send is cut to its first line and 300 characters; control characters become spaces.
impl<S: AsRef<str>> From<S> for Detail {
    fn from(text: S) -> Self {
        let line = text.as_ref().trim().lines().next().unwrap_or_default();
        let plain = line.chars().map(|c| if c.is_control() { ' ' } else { c });
        Self(plain.take(300).collect::<String>().into())
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<VaultError> for SignError {
    fn from(error: VaultError) -> Self {
        Self::Remote {
            code: error.code(),
            source: Box::new(error),
        }
    }
}

impl From<VaultError> for WrapError {
    fn from(error: VaultError) -> Self {
        Self::Remote {
            code: error.code(),
            source: Box::new(error),
        }
    }
}

/// What the token decides is one error without detail; that the vault is away says nothing about the token.
impl From<VaultError> for UnwrapError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Refused | VaultError::TooLarge { .. } => Self::Failed,
            other => Self::Remote {
                code: other.code(),
                source: Box::new(other),
            },
        }
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throttled { retry_after: None } => {
                f.write_str("the vault gets too many requests")
            }
            Self::Throttled {
                retry_after: Some(after),
            } => write!(
                f,
                "the vault gets too many requests; it asks to come back after {} s",
                after.as_secs_f32().ceil()
            ),
            Self::Unavailable { detail } => write!(f, "the vault does not answer: {detail}"),
            Self::Denied { detail } => write!(f, "the vault does not allow it: {detail}"),
            Self::Ambiguous { detail } => {
                write!(f, "the key reference stands for several: {detail}")
            }
            Self::NotFound { detail } => write!(f, "the vault has no such key: {detail}"),
            Self::Disabled { detail } => write!(f, "the key is switched off: {detail}"),
            Self::Unsupported { what } => write!(f, "the key cannot do this: {what}"),
            Self::TooLarge { limit, found } => write!(
                f,
                "the vault signs {limit} octets at most with this algorithm, and there are {found}"
            ),
            Self::Integrity { what } => write!(f, "the vault's answer is wrong: {what}"),
            Self::Refused => f.write_str("the vault does not decrypt it"),
        }
    }
}

impl std::error::Error for VaultError {}

#[cfg(test)]
mod tests {
    use super::Detail;

    #[test]
    fn what_a_vault_sends_stays_one_short_line() {
        assert_eq!(Detail::from("a\u{1b}[2Jb\nsecond").as_str(), "a [2Jb");
        assert_eq!(Detail::from("x".repeat(9_999)).as_str().len(), 300);
    }
}
