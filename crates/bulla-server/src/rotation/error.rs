use core::fmt;

use bulla::Fault;
use bulla::jwk::KeyError;
use bulla::key::RotationError;

use crate::store::StoreError;

/// Why the signing keys cannot be had or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningKeysError {
    /// Others change the keys all the time.
    Contended,
    /// The keys are one that is given, and not kept here.
    Fixed,
    /// A key cannot be made or bound.
    Key(KeyError),
    /// The keys do not follow one another so: one is announced already, for example.
    Rotation(RotationError),
    /// What is stored does not open with the key encryption key: it is another, or what is stored was changed.
    Sealed {
        /// What it is: a `kid`, or the name of a secret.
        name: String,
    },
    /// The store does not answer.
    Store(StoreError),
    /// There is no such key.
    Unknown {
        /// The `kid`.
        kid: String,
    },
}

impl SigningKeysError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Contended => "rotation.contended",
            Self::Fixed => "rotation.fixed",
            Self::Key(error) => error.code(),
            Self::Rotation(error) => error.code(),
            Self::Sealed { .. } => "rotation.sealed",
            Self::Store(error) => error.code(),
            Self::Unknown { .. } => "jwk.not-found",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Contended => Fault::Remote,
            Self::Fixed => Fault::Caller,
            Self::Key(error) => error.fault(),
            Self::Rotation(error) => error.fault(),
            Self::Sealed { .. } | Self::Unknown { .. } => Fault::Key,
            Self::Store(error) => error.fault(),
        }
    }
}

impl From<KeyError> for SigningKeysError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<RotationError> for SigningKeysError {
    fn from(error: RotationError) -> Self {
        Self::Rotation(error)
    }
}

impl From<StoreError> for SigningKeysError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for SigningKeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contended => f.write_str("others change the signing keys all the time"),
            Self::Fixed => f.write_str("the signing key is given, and not rotated here"),
            Self::Key(error) => write!(f, "a signing key: {error}"),
            Self::Rotation(error) => error.fmt(f),
            Self::Sealed { name } => write!(
                f,
                "{name:?} in the store does not open with the key encryption key"
            ),
            Self::Store(error) => error.fmt(f),
            Self::Unknown { kid } => write!(f, "there is no signing key {kid:?}"),
        }
    }
}

impl std::error::Error for SigningKeysError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            Self::Rotation(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::Contended | Self::Fixed | Self::Sealed { .. } | Self::Unknown { .. } => None,
        }
    }
}
