use core::fmt;

use super::jose::media_type;
use super::text::text;
use super::{Codec, Decode, PayloadError};
use crate::jwe::{Decrypted, Jwe, Policy};
use crate::jws::Serialization;
use crate::key::DecryptionKeys;

/// Reads a JWE that is another token's payload: decrypts it, and gives it with its own content to be decoded in turn.
/// Made by [`Jose::jwe`](super::Jose::jwe) and [`JoseJson`](super::JoseJson).
///
/// Reading opens this one layer, as [`InnerJws`](super::InnerJws) does. For a key that is far away, read the payload
/// as [`Text`](super::Text) and call [`Jwe::decrypt_async`].
#[derive(Clone)]
pub struct InnerJwe<K> {
    serialization: Serialization,
    keys: K,
    policy: Policy,
}

impl<K> InnerJwe<K> {
    pub(super) fn new(serialization: Serialization, keys: K) -> Self {
        Self {
            serialization,
            keys,
            policy: Policy::new(),
        }
    }

    /// Content encryptions, limits, compressions and critical parameters.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }
}

impl<K> Codec for InnerJwe<K> {
    fn media_type(&self) -> &str {
        media_type(self.serialization)
    }
}

impl<K: DecryptionKeys> Decode for InnerJwe<K> {
    type Value = Jwe<'static, Decrypted>;

    fn decode(&self, octets: &[u8]) -> Result<Self::Value, PayloadError> {
        let policy = self.policy.clone();
        let jwe = match self.serialization {
            Serialization::Compact => Jwe::parse_compact_with(text(octets)?, policy),
            Serialization::Flattened => Jwe::parse_flattened_with(octets, policy),
            Serialization::General => Jwe::parse_general_with(octets, policy),
        }?;
        Ok(jwe.decrypt(&self.keys)?.into_owned())
    }
}

/// Keys are not shown.
impl<K> fmt::Debug for InnerJwe<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InnerJwe")
            .field("serialization", &self.serialization)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
