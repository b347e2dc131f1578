use core::fmt;

use bulla::Fault;

use super::TrustedIssuer;

/// The issuers whose assertions are accepted as grants. No two of them can speak of the same subject.
#[derive(Clone, Debug, Default)]
pub struct TrustedIssuers(Vec<TrustedIssuer>);

impl TrustedIssuers {
    /// These issuers.
    ///
    /// # Errors
    ///
    /// [`TrustedIssuersError`] where two could speak of one subject.
    pub fn new(
        issuers: impl IntoIterator<Item = TrustedIssuer>,
    ) -> Result<Self, TrustedIssuersError> {
        let issuers: Vec<_> = issuers.into_iter().collect();
        for (index, one) in issuers.iter().enumerate() {
            for other in issuers.iter().skip(index + 1) {
                if one.issuer() == other.issuer() {
                    return Err(TrustedIssuersError::Twice(one.issuer().to_owned()));
                }
                let (a, b) = (one.subject_prefix(), other.subject_prefix());
                if a.starts_with(b) || b.starts_with(a) {
                    return Err(TrustedIssuersError::Prefix {
                        one: one.issuer().to_owned(),
                        other: other.issuer().to_owned(),
                    });
                }
            }
        }
        Ok(Self(issuers))
    }

    /// The issuer of this identifier. It is compared octet for octet.
    #[must_use]
    pub fn find(&self, issuer: &str) -> Option<&TrustedIssuer> {
        self.0.iter().find(|known| known.issuer() == issuer)
    }

    /// Whether there are none, and no such grant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why issuers cannot be trusted side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustedIssuersError {
    /// The subject prefixes of two are the same, or one begins the other: the first could name the second's subjects.
    Prefix {
        /// An issuer.
        one: String,
        /// The other.
        other: String,
    },
    /// An issuer stands twice.
    Twice(String),
}

impl TrustedIssuersError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "oauth.trusted-issuers-overlap"
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for TrustedIssuersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix { one, other } => write!(
                f,
                "the issuers {one} and {other} could name each other's subjects: each needs a subject_prefix, and none may begin another"
            ),
            Self::Twice(issuer) => write!(f, "the issuer {issuer} stands twice"),
        }
    }
}

impl std::error::Error for TrustedIssuersError {}
