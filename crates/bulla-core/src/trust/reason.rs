use core::fmt;

use super::FoundBy;
use crate::base64url;

/// Why a key is trusted: what an audit asks of a verified token.
///
/// `Display` is one line for logs:
///
/// ```
/// use bulla_core::trust::{FoundBy, Trust};
/// let why = Trust::Store { found_by: FoundBy::Kid, because: Box::new(Trust::Caller) };
/// assert_eq!(why.to_string(), "the key store (found by kid), which has it from the caller");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trust {
    /// The calling program chose it: it read or made the key itself, or called [`Untrusted::trust`](super::Untrusted::trust).
    #[default]
    Caller,
    /// A [`KeyStore`](super::KeyStore) had it.
    Store {
        /// By which of its names it was found.
        found_by: FoundBy,
        /// Why it was put there.
        because: Box<Trust>,
    },
    /// A [`ResolveKey`](super::ResolveKey) found it.
    Resolver {
        /// The resolver's [name](super::ResolveKey::name).
        name: String,
        /// By which of its names it was found.
        found_by: FoundBy,
    },
    /// It stands in a certificate with a valid path to a trust anchor, in `x5c`.
    CertificatePath {
        /// The anchor at the end of the path: its subject, for people.
        anchor: String,
    },
    /// It stands in a certificate with a valid path to a trust anchor, at an `x5u` that is listed.
    CertificateUrl {
        /// The URL.
        url: String,
        /// The anchor at the end of the path: its subject, for people.
        anchor: String,
    },
    /// It stands in a JWK Set at a URL that is listed: a `jku`, or one that the program was configured with.
    JwkSetUrl {
        /// The URL.
        url: String,
    },
    /// It came in the token's `jwk`, and its thumbprint is that of a key trusted already.
    HeaderJwk {
        /// The RFC 7638 thumbprint with SHA-256.
        thumbprint: [u8; 32],
        /// Why the key of that thumbprint is trusted.
        by: Box<Trust>,
    },
}

impl Trust {
    /// The kind of the reason, a word for metrics and JSON: `caller`, `store`, `resolver`, `certificate-path`,
    /// `certificate-url`, `jwk-set-url`, `header-jwk`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Store { .. } => "store",
            Self::Resolver { .. } => "resolver",
            Self::CertificatePath { .. } => "certificate-path",
            Self::CertificateUrl { .. } => "certificate-url",
            Self::JwkSetUrl { .. } => "jwk-set-url",
            Self::HeaderJwk { .. } => "header-jwk",
        }
    }
}

/// Subjects and URLs are quoted: whoever wrote them must not write lines of a log.
impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caller => f.write_str("the caller"),
            Self::Store { found_by, because } => {
                write!(
                    f,
                    "the key store (found by {found_by}), which has it from {because}"
                )
            }
            Self::Resolver { name, found_by } => {
                write!(f, "the key resolver {name:?} (found by {found_by})")
            }
            Self::CertificatePath { anchor } => write!(f, "a certificate path to {anchor:?}"),
            Self::CertificateUrl { url, anchor } => {
                write!(f, "a certificate path to {anchor:?}, from the x5u {url:?}")
            }
            Self::JwkSetUrl { url } => write!(f, "the JWK Set at {url:?}"),
            Self::HeaderJwk { thumbprint, by } => {
                let thumbprint = base64url::encode(thumbprint);
                write!(f, "the header's jwk {thumbprint}, vouched for by {by}")
            }
        }
    }
}
