use core::fmt;

use bulla_core::Fault;
use bulla_core::json::JsonError;

use crate::issuer::Issuer;
use crate::url_error::UrlError;

/// Why a document is not the metadata of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetadataError {
    /// It is that of another issuer (RFC 8414 §3.3).
    IssuerMismatch {
        /// Whose it says it is.
        found: Issuer,
    },
    /// It is not strict JSON, or not of this form.
    Malformed(JsonError),
    /// More than 256 KiB.
    TooLarge,
    /// An endpoint is no URL that credentials may be sent to.
    Url(UrlError),
}

impl MetadataError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IssuerMismatch { .. } => "oauth.metadata-issuer-mismatch",
            Self::Malformed(_) | Self::TooLarge => "oauth.metadata-malformed",
            Self::Url(error) => error.code(),
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Remote
    }
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IssuerMismatch { found } => write!(f, "the metadata is that of {found:?}"),
            Self::Malformed(error) => write!(f, "the metadata is malformed: {error}"),
            Self::TooLarge => f.write_str("the metadata is too large"),
            Self::Url(error) => write!(f, "an endpoint of the metadata: {error}"),
        }
    }
}

impl std::error::Error for MetadataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            Self::Url(error) => Some(error),
            _ => None,
        }
    }
}
