use core::fmt;
use std::time::SystemTime;

use bulla_core::Fault;
use bulla_core::jwk::{KeyError, PublicKeyUse};

use super::Position;
use crate::{CertificateError, Oid};

/// Why a chain of certificates is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathError {
    /// The leaf is itself an anchor, nothing else vouches for it, and the policy does not accept that.
    AnchoredLeaf,
    /// The leaf is of an authority, which signs certificates and not tokens.
    AuthorityAsLeaf,
    /// This certificate does not certify the one before it.
    ChainOrder(usize),
    /// There is no certificate in the chain.
    Empty,
    /// The time is after the certificate's last.
    Expired {
        /// Which certificate.
        position: Position,
        /// Its last second.
        not_after: SystemTime,
    },
    /// The purposes that the certificate is restricted to are not the policy's.
    ExtendedKeyUsage {
        /// Which certificate.
        position: Position,
        /// What the certificate lists.
        found: Vec<Oid>,
    },
    /// The leaf's key is malformed, or of a kind that has no place in JOSE.
    Key(KeyError),
    /// The leaf is of another key than the one it is to stand beside.
    KeyMismatch,
    /// The certificate's `keyUsage` forbids what it is here for.
    KeyUsage {
        /// Which certificate.
        position: Position,
        /// What the leaf's key was to be used for, where the policy says; `None` where no use of it is left, or for an
        /// authority that may not sign certificates.
        asked: Option<PublicKeyUse>,
    },
    /// More, longer or costlier than the policy allows.
    LimitExceeded(&'static str),
    /// A certificate cannot be read.
    Malformed {
        /// Which certificate of the chain; the leaf is 0.
        certificate: usize,
        /// What is wrong with it.
        error: CertificateError,
    },
    /// A name is outside what an authority may vouch for, or constrained in a way that is not implemented: of names
    /// only DNS names and IP addresses are compared, everything else that is constrained is refused.
    NameConstraint,
    /// A certificate of the chain issued another, and is not of an authority.
    NotAnAuthority,
    /// The time is before the certificate's first.
    NotYetValid {
        /// Which certificate.
        position: Position,
        /// Its first second.
        not_before: SystemTime,
    },
    /// More authorities in the path than one of them allows.
    PathLength,
    /// A revocation list cannot be believed: its signature does not hold, or its issuer may not sign such lists.
    RevocationListInvalid,
    /// The revocation list is due to have been replaced.
    RevocationListOutdated,
    /// No revocation list speaks of a certificate.
    RevocationUnknown,
    /// A certificate of the path has been revoked.
    Revoked,
    /// A signature in the chain does not hold.
    SignatureInvalid,
    /// A certificate was signed in a way that is not implemented.
    SignatureUnsupported,
    /// A critical extension is not understood.
    UnknownCriticalExtension {
        /// Which certificate.
        position: Position,
        /// The extension.
        extension: Oid,
    },
    /// No anchor vouches for the chain.
    UntrustedIssuer,
}

impl PathError {
    /// The stable code, `x509.<kebab-case>`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AnchoredLeaf => "x509.anchored-leaf",
            Self::AuthorityAsLeaf => "x509.authority-as-leaf",
            Self::ChainOrder(_) => "x509.chain-order",
            Self::Empty => "x509.empty-chain",
            Self::Expired { .. } => "x509.expired",
            Self::ExtendedKeyUsage { .. } => "x509.extended-key-usage",
            Self::Key(error) => error.code(),
            Self::KeyMismatch => "x509.key-mismatch",
            Self::KeyUsage { .. } => "x509.key-usage",
            Self::LimitExceeded(_) => "x509.limit-exceeded",
            Self::Malformed { .. } => "x509.malformed",
            Self::NameConstraint => "x509.name-constraint",
            Self::NotAnAuthority => "x509.not-an-authority",
            Self::NotYetValid { .. } => "x509.not-yet-valid",
            Self::PathLength => "x509.path-length",
            Self::RevocationListInvalid => "x509.revocation-list-invalid",
            Self::RevocationListOutdated => "x509.revocation-list-outdated",
            Self::RevocationUnknown => "x509.revocation-unknown",
            Self::Revoked => "x509.revoked",
            Self::SignatureInvalid => "x509.signature-invalid",
            Self::SignatureUnsupported => "x509.signature-unsupported",
            Self::UnknownCriticalExtension { .. } => "x509.critical-extension",
            Self::UntrustedIssuer => "x509.untrusted-issuer",
        }
    }

    /// Whose doing it is: of whoever sent the chain, or of the policy and the revocation lists that it was given.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::AnchoredLeaf
            | Self::ExtendedKeyUsage { .. }
            | Self::RevocationListInvalid
            | Self::RevocationListOutdated
            | Self::RevocationUnknown
            | Self::UntrustedIssuer => Fault::Policy,
            Self::Key(error) => error.fault(),
            Self::KeyMismatch => Fault::Key,
            _ => Fault::Token,
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnchoredLeaf => {
                f.write_str("the leaf is a trust anchor itself, which was not said to be enough")
            }
            Self::AuthorityAsLeaf => {
                f.write_str("the leaf is of an authority, which signs certificates and not tokens")
            }
            Self::ChainOrder(at) => write!(
                f,
                "certificate {at} does not certify the one before it (RFC 7515 §4.1.6)"
            ),
            Self::Empty => f.write_str("there is no certificate"),
            Self::Expired { position, .. } => write!(f, "{position} has expired"),
            Self::ExtendedKeyUsage { position, found } => {
                write!(f, "{position} is not for this purpose; it lists")?;
                if found.is_empty() {
                    return f.write_str(" none");
                }
                found
                    .iter()
                    .take(SHOWN)
                    .try_for_each(|oid| write!(f, " {oid}"))
            }
            Self::Key(error) => error.fmt(f),
            Self::KeyMismatch => f.write_str("the leaf is of another key"),
            Self::KeyUsage { position, .. } => {
                write!(
                    f,
                    "the `keyUsage` of {position} forbids what it is here for"
                )
            }
            Self::LimitExceeded(what) => write!(f, "{what} exceeds the limit"),
            Self::Malformed { certificate, error } => {
                write!(f, "certificate {certificate}: {error}")
            }
            Self::NameConstraint => {
                f.write_str("a name is not among those that an authority may vouch for")
            }
            Self::NotAnAuthority => {
                f.write_str("a certificate was issued with a key that is not of an authority")
            }
            Self::NotYetValid { position, .. } => write!(f, "{position} is not yet valid"),
            Self::PathLength => f.write_str("more authorities than one of them allows"),
            Self::RevocationListInvalid => {
                f.write_str("a revocation list is not signed by who may sign it")
            }
            Self::RevocationListOutdated => f.write_str("a revocation list is out of date"),
            Self::RevocationUnknown => f.write_str("no revocation list speaks of a certificate"),
            Self::Revoked => f.write_str("a certificate has been revoked"),
            Self::SignatureInvalid => f.write_str("a signature in the chain does not hold"),
            Self::SignatureUnsupported => {
                f.write_str("a certificate is signed in a way that is not supported")
            }
            Self::UnknownCriticalExtension {
                position,
                extension,
            } => write!(
                f,
                "{position} has the critical extension {extension}, which is not understood"
            ),
            Self::UntrustedIssuer => f.write_str("no trust anchor vouches for the chain"),
        }
    }
}

impl std::error::Error for PathError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            Self::Malformed { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// A certificate may list thousands of purposes; a message should not.
const SHOWN: usize = 8;
