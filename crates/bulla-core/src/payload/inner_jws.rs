use core::fmt;

use super::jose::media_type;
use super::text::text;
use super::{Codec, Decode, PayloadError};
use crate::jws::{Jws, Policy, Serialization, Verified};
use crate::key::Keys;

/// Reads a JWS that is another token's payload: verifies it, and gives it with its own payload to be decoded in turn.
/// Made by [`Jose::jws`](super::Jose::jws) and [`JoseJson`](super::JoseJson).
///
/// Reading opens this one layer. What is inside is opened only when the caller asks for it, with keys of its own, so a
/// token cannot nest deeper than the program that reads it.
#[derive(Clone)]
pub struct InnerJws<K> {
    serialization: Serialization,
    keys: K,
    policy: Policy,
    all: bool,
}

impl<K> InnerJws<K> {
    pub(super) const fn new(serialization: Serialization, keys: K) -> Self {
        Self {
            serialization,
            keys,
            policy: Policy::new(),
            all: false,
        }
    }

    /// Limits and critical parameters.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Demands that every signature holds, as [`Jws::verify_all`] does.
    #[must_use]
    pub fn all(mut self) -> Self {
        self.all = true;
        self
    }
}

impl<K> Codec for InnerJws<K> {
    fn media_type(&self) -> &str {
        media_type(self.serialization)
    }
}

impl<K: Keys> Decode for InnerJws<K> {
    type Value = Jws<'static, Verified>;

    fn decode(&self, octets: &[u8]) -> Result<Self::Value, PayloadError> {
        let policy = self.policy.clone();
        let jws = match self.serialization {
            Serialization::Compact => Jws::parse_compact_with(text(octets)?, policy),
            Serialization::Flattened => Jws::parse_flattened_with(octets, policy),
            Serialization::General => Jws::parse_general_with(octets, policy),
        }?;
        let verified = if self.all {
            jws.verify_all(&self.keys)
        } else {
            jws.verify(&self.keys)
        }?;
        Ok(verified.into_owned())
    }
}

/// Keys are not shown.
impl<K> fmt::Debug for InnerJws<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InnerJws")
            .field("serialization", &self.serialization)
            .field("policy", &self.policy)
            .field("all", &self.all)
            .finish_non_exhaustive()
    }
}
