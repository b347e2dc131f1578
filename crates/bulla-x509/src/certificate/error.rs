use core::fmt;

use bulla_core::Fault;

/// Why certificates, trust anchors or revocation lists could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateError {
    /// Not what RFC 5280 describes, or not PEM.
    Malformed {
        /// The structure that is wrong.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Longer or more than is read here.
    LimitExceeded(&'static str),
    /// There is nothing of the kind that was looked for.
    Missing(&'static str),
    /// A well-formed structure of a kind that we do not implement.
    Unsupported(&'static str),
}

impl CertificateError {
    /// The stable code, `x509.<kebab-case>`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "x509.file-malformed",
            Self::LimitExceeded(_) => "x509.file-limit-exceeded",
            Self::Missing(_) => "x509.file-empty",
            Self::Unsupported(_) => "x509.file-unsupported",
        }
    }

    /// Whose doing it is: that of a file, as with keys. In a chain that came with a token the same is
    /// [`PathError::Malformed`](crate::PathError::Malformed), and the token's.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Key
    }

    pub(crate) const fn malformed(what: &'static str, why: &'static str) -> Self {
        Self::Malformed { what, why }
    }
}

impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { what, why } => write!(f, "{what}: {why}"),
            Self::LimitExceeded(what) => write!(f, "{what} exceeds the limit"),
            Self::Missing(what) => write!(f, "there is no {what}"),
            Self::Unsupported(what) => write!(f, "{what} is not supported"),
        }
    }
}

impl std::error::Error for CertificateError {}
