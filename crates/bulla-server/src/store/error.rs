use core::fmt;
use std::path::PathBuf;

use bulla::Fault;

/// Why the store does not do what it should. To whoever sent a request it is 503 in each case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// What is stored cannot be read as what it should be.
    Damaged(String),
    /// The file is a database of something else.
    Foreign,
    /// The file was written by a newer version.
    Newer {
        /// The version of its tables.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// Others than the owner may read or write the file.
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The store does not answer, is locked, or has no room.
    Unavailable(String),
}

impl StoreError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Damaged(_) => "store.damaged",
            Self::Foreign => "store.foreign",
            Self::Newer { .. } => "store.newer",
            Self::Permissions { .. } => "store.permissions",
            Self::Unavailable(_) => "store.unavailable",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Damaged(_) | Self::Unavailable(_) => Fault::Remote,
            Self::Foreign | Self::Newer { .. } | Self::Permissions { .. } => Fault::Caller,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(what) => write!(f, "the store is damaged: {what}"),
            Self::Foreign => f.write_str("the file is a database of something else"),
            Self::Newer { found, known } => write!(
                f,
                "the store has version {found}, and this program knows versions up to {known}"
            ),
            Self::Permissions { path, mode } => write!(
                f,
                "{} has mode {mode:04o}: others than its owner may use it",
                path.display()
            ),
            Self::Unavailable(why) => write!(f, "the store is not available: {why}"),
        }
    }
}

impl std::error::Error for StoreError {}
