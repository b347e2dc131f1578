use core::fmt;

use crate::fault::Fault;

/// Why a key does not take part in a rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RotationError {
    /// The key has no `kid`, or signer and public key have different ones. Verifiers find a key by its `kid` alone.
    Kid,
    /// The `kid` is that of a key of the rotation, or of one that was replaced. A `kid` names one key for ever, and a key
    /// that others may have does not come back.
    KidReused {
        /// The `kid`.
        kid: String,
    },
    /// Of keys that were stored not exactly one is active, or several are pending.
    Phases,
    /// Another key is announced already and does not sign yet.
    Pending {
        /// Its `kid`.
        kid: String,
    },
}

impl RotationError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Kid => "jwk.kid-missing",
            Self::KidReused { .. } => "jwk.kid-reused",
            Self::Pending { .. } => "jwk.rotation-pending",
            Self::Phases => "jwk.rotation-phases",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Kid | Self::KidReused { .. } | Self::Phases => Fault::Key,
            Self::Pending { .. } => Fault::Caller,
        }
    }
}

impl fmt::Display for RotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kid => f.write_str("the key has no kid, or another than its public half"),
            Self::Phases => {
                f.write_str("of the stored keys not one is active, or several are pending")
            }
            Self::KidReused { kid } => write!(
                f,
                "the kid {kid:?} names a key of the rotation, or one that was replaced"
            ),
            Self::Pending { kid } => {
                write!(f, "the key {kid:?} is announced and does not sign yet")
            }
        }
    }
}

impl std::error::Error for RotationError {}
