use core::fmt;

use bulla_core::{Fault, Limits, json};
use serde::Deserialize;
use url::Url;

/// What an issuer says about itself: OpenID Connect Discovery §3, RFC 8414 §2. Only what leads to its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// Who it is.
    pub issuer: String,
    /// Where its keys are.
    pub jwks_uri: Url,
}

/// Why metadata is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetadataError {
    /// It is somebody else's (RFC 8414 §3.3).
    IssuerMismatch {
        /// Whose it says it is; only the beginning of a long name.
        found: Box<str>,
    },
    /// Not strict JSON, or `issuer` or `jwks_uri` is missing or no text.
    Malformed,
    /// `jwks_uri` is no URL.
    JwksUri,
}

impl Metadata {
    /// Reads metadata. Whose it should be is for [`expect_issuer`](Self::expect_issuer).
    ///
    /// # Errors
    ///
    /// [`MetadataError::Malformed`], [`MetadataError::JwksUri`].
    ///
    /// ```
    /// use bulla_jwks::source::Metadata;
    /// let read = Metadata::parse(br#"{"issuer":"https://a.example","jwks_uri":"https://a.example/jwks"}"#)?;
    /// assert!(read.expect_issuer("https://a.example").is_ok());
    /// assert!(read.expect_issuer("https://a.example/").is_err()); // another one
    /// # Ok::<(), bulla_jwks::source::MetadataError>(())
    /// ```
    pub fn parse(octets: &[u8]) -> Result<Self, MetadataError> {
        let read: Members = json::from_slice(octets, Limits::DEFAULT.json_depth)
            .map_err(|_| MetadataError::Malformed)?;
        Ok(Self {
            jwks_uri: read.jwks_uri.parse().map_err(|_| MetadataError::JwksUri)?,
            issuer: read.issuer,
        })
    }

    /// Whether it is this issuer's, octet for octet.
    ///
    /// # Errors
    ///
    /// [`MetadataError::IssuerMismatch`].
    pub fn expect_issuer(&self, issuer: &str) -> Result<(), MetadataError> {
        if self.issuer == issuer {
            return Ok(());
        }
        let found: String = self.issuer.chars().take(LONGEST_SHOWN).collect();
        Err(MetadataError::IssuerMismatch {
            found: found.into(),
        })
    }
}

impl MetadataError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::IssuerMismatch { .. } => "jwks.issuer-mismatch",
            Self::Malformed | Self::JwksUri => "jwks.metadata-malformed",
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
            Self::IssuerMismatch { found } => {
                write!(f, "the metadata is of another issuer: {found:?}")
            }
            Self::Malformed => {
                f.write_str("the metadata is not strict JSON with `issuer` and `jwks_uri`")
            }
            Self::JwksUri => f.write_str("the `jwks_uri` of the metadata is no URL"),
        }
    }
}

impl std::error::Error for MetadataError {}

#[derive(Deserialize)]
struct Members {
    issuer: String,
    jwks_uri: String,
}

const LONGEST_SHOWN: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_strict_json_with_two_texts() {
        for (octets, error) in [
            ("", MetadataError::Malformed),
            ("[]", MetadataError::Malformed),
            (
                r#"{"issuer":"https://a.example"}"#,
                MetadataError::Malformed,
            ),
            (
                r#"{"issuer":1,"jwks_uri":"https://a.example/"}"#,
                MetadataError::Malformed,
            ),
            (
                r#"{"issuer":"a","issuer":"b","jwks_uri":"https://a.example/"}"#,
                MetadataError::Malformed,
            ),
            (
                r#"{"issuer":"a","jwks_uri":"/keys"}"#,
                MetadataError::JwksUri,
            ),
        ] {
            assert_eq!(Metadata::parse(octets.as_bytes()), Err(error), "{octets}");
        }
    }
}
