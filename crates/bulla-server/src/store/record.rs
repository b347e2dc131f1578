use core::fmt;
use std::time::SystemTime;

use bulla::jwa::SignatureAlg;
use bulla::key::KeyPhase;

/// The signing keys of a realm as they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredKeys {
    /// Counts every change; 0 before the first.
    pub generation: u64,
    /// The keys, in the order in which they are published.
    pub keys: Vec<KeyRecord>,
}

impl StoredKeys {
    /// Keys and their generation.
    #[must_use]
    pub const fn new(generation: u64, keys: Vec<KeyRecord>) -> Self {
        Self { generation, keys }
    }
}

/// A signing key as it is stored.
#[derive(Clone, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "stores outside this crate make and read it"
)]
pub struct KeyRecord {
    /// The `kid`.
    pub kid: String,
    /// What it signs with.
    pub alg: SignatureAlg,
    /// Where it stands.
    pub phase: KeyPhase,
    /// Since when, by the store's clock.
    pub since: SystemTime,
    /// When it was made, by the store's clock.
    pub made: SystemTime,
    /// The private key, encrypted: a compact JWE. A store never sees it open.
    pub sealed: String,
}

/// Without the key, encrypted or not: what is not printed is not copied.
impl fmt::Debug for KeyRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRecord")
            .field("kid", &self.kid)
            .field("alg", &self.alg)
            .field("phase", &self.phase)
            .field("since", &self.since)
            .field("made", &self.made)
            .finish_non_exhaustive()
    }
}
