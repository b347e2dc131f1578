use core::fmt;
use std::path::PathBuf;

use bulla::Fault;
use bulla::jwks::StartError;
use bulla::oauth::UrlError;

use super::{KeyRefError, Problem};
use crate::grants::TrustedIssuersError;
use crate::rotation::SigningKeysError;
use crate::store::StoreError;

/// Why a configuration cannot be opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The store has keys, and the key that they are encrypted with is not where it was.
    EncryptionKeyGone {
        /// Where it was.
        path: PathBuf,
    },
    /// Keys of a client or an issuer cannot be fetched.
    Jwks {
        /// Whose.
        of: String,
        /// Why.
        error: StartError,
    },
    /// The signing key of a KEYREF.
    KeyRef(KeyRefError),
    /// The signing keys of the store.
    Keys(SigningKeysError),
    /// What the configuration names is not as it should be.
    Problems(Vec<Problem>),
    /// The store.
    Store(StoreError),
    /// Two issuers could speak of one subject.
    Trusted(TrustedIssuersError),
    /// The address that is listened on makes no identifier.
    Url(UrlError),
}

impl OpenError {
    pub(super) fn problem(problem: Problem) -> Self {
        Self::Problems(vec![problem])
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::EncryptionKeyGone { .. } => "rotation.encryption-key-gone",
            Self::Jwks { error, .. } => error.code(),
            Self::KeyRef(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Problems(_) => "config.invalid",
            Self::Store(error) => error.code(),
            Self::Trusted(error) => error.code(),
            Self::Url(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::EncryptionKeyGone { .. } => Fault::Key,
            Self::Jwks { error, .. } => error.fault(),
            Self::KeyRef(error) => error.fault(),
            Self::Keys(error) => error.fault(),
            Self::Problems(_) => Fault::Caller,
            Self::Store(error) => error.fault(),
            Self::Trusted(error) => error.fault(),
            Self::Url(error) => error.fault(),
        }
    }
}

impl From<KeyRefError> for OpenError {
    fn from(error: KeyRefError) -> Self {
        Self::KeyRef(error)
    }
}

impl From<SigningKeysError> for OpenError {
    fn from(error: SigningKeysError) -> Self {
        Self::Keys(error)
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<TrustedIssuersError> for OpenError {
    fn from(error: TrustedIssuersError) -> Self {
        Self::Trusted(error)
    }
}

impl From<UrlError> for OpenError {
    fn from(error: UrlError) -> Self {
        Self::Url(error)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EncryptionKeyGone { path } => write!(
                f,
                "the store has signing keys, and {}, which they are encrypted with, is gone",
                path.display()
            ),
            Self::Jwks { of, error } => write!(f, "the keys of {of:?}: {error}"),
            Self::KeyRef(error) => error.fmt(f),
            Self::Keys(error) => error.fmt(f),
            Self::Problems(problems) => {
                for (index, problem) in problems.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}{problem}")?;
                }
                Ok(())
            }
            Self::Store(error) => error.fmt(f),
            Self::Trusted(error) => error.fmt(f),
            Self::Url(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {}
