use core::fmt;
use std::error::Error;
use std::sync::Arc;

use crate::fault::Fault;
use crate::jwk::PublicJwk;

/// Judges whether a certificate chain leads to a trust anchor (RFC 5280 §6).
///
/// The implementation has the anchors, the time, the purposes and the revocation lists; nothing of them is taken
/// from the token. `PathPolicy` of the crate `bulla-x509` is one.
pub trait ValidatePath: Send + Sync {
    /// Validates a chain: DER, the key's own certificate first, each certified by the next (RFC 7515 §4.1.6).
    ///
    /// # Errors
    ///
    /// [`PathRefused`] with the implementation's reason.
    fn validate(&self, chain: &[Vec<u8>]) -> Result<TrustedPath, PathRefused>;
}

/// A chain that leads to a trust anchor: the key that it vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrustedPath {
    /// The key of the first certificate. Where that has a key usage extension (RFC 5280 §4.2.1.3), `use` or `key_ops`
    /// says what it permits, so that binding the key holds to it.
    pub key: PublicJwk,
    /// The subject of the anchor, for people.
    pub anchor: String,
}

impl TrustedPath {
    /// A path that was validated.
    #[must_use]
    pub const fn new(key: PublicJwk, anchor: String) -> Self {
        Self { key, anchor }
    }
}

/// Why a certificate chain earns no trust.
#[derive(Clone, Debug)]
pub struct PathRefused {
    code: &'static str,
    fault: Fault,
    source: Arc<dyn Error + Send + Sync>,
}

impl PathRefused {
    /// Carries an implementation's own error: its stable code, `x509.<kebab-case>`, and whose doing it is.
    #[must_use]
    pub fn new(
        code: &'static str,
        fault: Fault,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            code,
            fault,
            source: source.into().into(),
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        self.fault
    }
}

impl fmt::Display for PathRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the certificate path is not accepted: {}", self.source)
    }
}

impl Error for PathRefused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
