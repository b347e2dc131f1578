use core::fmt;
use std::io;
use std::time::Duration;

use bulla_core::Fault;
use bulla_core::jwk::KeyError;

use super::MetadataError;
use crate::http::FetchError;

/// Why a set could not be had.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SourceError {
    /// The document could not be fetched.
    Fetch(FetchError),
    /// The file could not be read.
    File(io::ErrorKind),
    /// The document is not a JWK Set, or larger than allowed.
    Malformed(KeyError),
    /// The issuer's metadata is of no use.
    Metadata(MetadataError),
    /// The set has no key that may be used.
    NoUsableKey {
        /// How many it has that may not.
        rejected: usize,
    },
    /// The source did not come to an end.
    Overdue,
    /// All sources of a failover failed; the errors are in their order.
    Several(Vec<SourceError>),
}

impl SourceError {
    /// The stable code. Of several the first source speaks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fetch(error) => error.code(),
            Self::File(io::ErrorKind::NotFound) => "io.not-found",
            Self::File(io::ErrorKind::PermissionDenied) => "io.permission-denied",
            Self::File(_) => "io.read",
            Self::Malformed(_) => "jwks.malformed",
            Self::Metadata(error) => error.code(),
            Self::NoUsableKey { .. } => "jwks.no-usable-key",
            Self::Overdue => "remote.unavailable",
            Self::Several(errors) => errors.first().map_or("remote.unavailable", Self::code),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Fetch(error) => error.fault(),
            Self::Several(errors) => errors.first().map_or(Fault::Remote, Self::fault),
            _ => Fault::Remote,
        }
    }

    /// When to come again, if the issuer says so. Of several the soonest.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fetch(error) => error.retry_after(),
            // A source that says nothing may be asked at any time.
            Self::Several(errors) => {
                let all: Option<Vec<Duration>> = errors.iter().map(Self::retry_after).collect();
                all?.into_iter().min()
            }
            _ => None,
        }
    }
}

impl From<FetchError> for SourceError {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fetch(error) => error.fmt(f),
            Self::File(kind) => write!(f, "the file of keys cannot be read: {kind}"),
            Self::Malformed(error) => write!(f, "not a JWK Set: {error}"),
            Self::Metadata(error) => error.fmt(f),
            Self::NoUsableKey { rejected } => {
                write!(
                    f,
                    "the set has no key that may be used ({rejected} that may not)"
                )
            }
            Self::Overdue => f.write_str("the source of keys did not come to an end"),
            Self::Several(errors) => {
                f.write_str("no source of keys could be used: ")?;
                for (index, error) in errors.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "; " };
                    write!(f, "{comma}{error}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for SourceError {}
