use std::sync::Arc;

use bulla_core::jwk::JwkSet;
use bulla_core::key::{Candidates, HeaderCache, KeyHint, KeySet, Keys, SelectError, Verifier};

use crate::machine::Now;

/// The keys as they are at one moment. It does not change; take another for the next token.
///
/// A token that names no key, neither by `kid` nor by the thumbprint of a certificate, is verified only where exactly
/// one key is for its algorithm: who publishes several must say which. [`key_set`](Self::key_set) tries several.
///
/// # Security
///
/// Whoever keeps a snapshot keeps keys that the issuer may have withdrawn since.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(super) keys: Arc<KeySet>,
    pub(super) set: Arc<JwkSet>,
    pub(super) rejected: Arc<[Rejected]>,
    pub(super) until: Now,
    /// Not that of the set, which also lets tokens through that name no key.
    pub(super) headers: Arc<HeaderCache>,
}

/// A key of the set that is not used, and why. It spoils nothing but itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// Its `kid`.
    pub kid: Option<String>,
    /// The stable code of the reason: `jwk.unsupported`, `jwk.too-weak`, `jwk.usage-mismatch`, `jwk.malformed`; and
    /// `jwks.private-key` for private and symmetric keys, which nobody should publish.
    pub code: &'static str,
}

impl Snapshot {
    /// The set as it was published, private and symmetric keys left out.
    #[must_use]
    pub fn set(&self) -> &JwkSet {
        &self.set
    }

    /// What tokens are verified with.
    #[must_use]
    pub fn key_set(&self) -> &KeySet {
        &self.keys
    }

    /// The keys that are not used.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }
}

impl Keys for Snapshot {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        let named = hint.kid.is_some() || hint.x5t.is_some() || hint.x5t_s256.is_some();
        let fits = |key: &&Verifier| key.alg() == hint.alg;
        if !named && self.keys.verifiers().filter(fits).nth(1).is_some() {
            return Err(SelectError::NotFound { kid: None });
        }
        self.keys.select(hint)
    }

    fn header_cache(&self) -> Option<&HeaderCache> {
        Some(&self.headers)
    }
}
