use core::fmt;

use bulla_core::Fault;
use bulla_core::jwk::KeyError;

use crate::{Detail, UriError, VaultError};

/// Why a key in a vault could not be opened.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// What the vault is reached with could not be made: an authority that is no certificate, credentials that are incomplete.
    Client {
        /// What is wrong, for people.
        detail: Detail,
    },
    /// The text is no key URI.
    Uri(UriError),
    /// The vault's feature of this crate is off.
    NotBuiltIn {
        /// The feature.
        feature: &'static str,
    },
    /// The vault.
    Vault(VaultError),
    /// The public half is unfit.
    Key(KeyError),
    /// Bulla itself.
    Bug(String),
}

impl OpenError {
    pub(crate) fn bug(error: &dyn fmt::Display) -> Self {
        Self::Bug(error.to_string())
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Client { .. } => "remote.client",
            Self::Uri(error) => error.code(),
            Self::NotBuiltIn { .. } => "remote.not-built-in",
            Self::Vault(error) => error.code(),
            Self::Key(error) => error.code(),
            Self::Bug(_) => "remote.bug",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Uri(error) => error.fault(),
            Self::Client { .. } | Self::NotBuiltIn { .. } => Fault::Caller,
            Self::Vault(error) => error.fault(),
            Self::Key(error) => error.fault(),
            Self::Bug(_) => Fault::Bug,
        }
    }
}

impl From<UriError> for OpenError {
    fn from(error: UriError) -> Self {
        Self::Uri(error)
    }
}

impl From<VaultError> for OpenError {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<KeyError> for OpenError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client { detail } => write!(f, "the vault's client cannot be made: {detail}"),
            Self::Uri(error) => error.fmt(f),
            Self::NotBuiltIn { feature } => {
                write!(f, "this vault needs the feature {feature}, which is off")
            }
            Self::Vault(error) => error.fmt(f),
            Self::Key(error) => write!(f, "the vault's public key: {error}"),
            Self::Bug(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Uri(error) => Some(error),
            Self::Vault(error) => Some(error),
            Self::Key(error) => Some(error),
            Self::Client { .. } | Self::NotBuiltIn { .. } | Self::Bug(_) => None,
        }
    }
}
