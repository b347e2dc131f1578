use std::time::SystemTime;

use bulla_core::jwa::HashAlg;

/// What may be used once: the `jti` of an assertion or a proof, of whom, and until when it must be remembered.
///
/// The caller's store inserts [`key`](Self::key) **if it is absent, in one atomic step**, keeps it until
/// [`until`](Self::until) by the store's own clock, and answers with [`Recorded`]. Looking first and inserting
/// later lets two requests through that come at the same time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleUse {
    kind: &'static str,
    realm: String,
    party: String,
    id: String,
    until: SystemTime,
}

/// What the store says about a [`SingleUse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is no fourth answer")]
pub enum Recorded {
    /// It was not there and is now.
    New,
    /// It was there already.
    Before,
    /// The store did not answer, or has no room. Nothing may be accepted then.
    Unavailable,
}

impl SingleUse {
    pub(crate) fn new(
        kind: &'static str,
        realm: impl Into<String>,
        party: impl Into<String>,
        id: impl Into<String>,
        until: SystemTime,
    ) -> Self {
        Self {
            kind,
            realm: realm.into(),
            party: party.into(),
            id: id.into(),
            until,
        }
    }

    /// The key to insert: SHA-256 of what, for whom, by whom and which, each with its length. So the same `jti` of
    /// two clients is two keys, and no choice of names makes two uses one.
    #[must_use]
    pub fn key(&self) -> [u8; 32] {
        let mut text = Vec::new();
        for part in [self.kind, &self.realm, &self.party, &self.id] {
            text.extend_from_slice(&(part.len() as u64).to_be_bytes());
            text.extend_from_slice(part.as_bytes());
        }
        let mut key = [0; 32];
        let digest = HashAlg::Sha256.digest(&text);
        key.iter_mut()
            .zip(digest.as_ref())
            .for_each(|(to, from)| *to = *from);
        key
    }

    /// What is used once: `assertion`, `grant` or `dpop`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Who made it: a client, an issuer, or the thumbprint of a key.
    #[must_use]
    pub fn party(&self) -> &str {
        &self.party
    }

    /// The `jti`, for logs.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Until when it must be remembered; later it is refused for its age.
    #[must_use]
    pub const fn until(&self) -> SystemTime {
        self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_uses_have_one_key() {
        let key = |kind, realm: &str, party: &str, id: &str| {
            SingleUse::new(kind, realm, party, id, SystemTime::UNIX_EPOCH).key()
        };
        let all = [
            key("assertion", "r", "a", "b"),
            key("grant", "r", "a", "b"),
            key("assertion", "r", "ab", ""),
            key("assertion", "r", "", "ab"),
            key("assertion", "ra", "", "b"),
        ];
        for (index, one) in all.iter().enumerate() {
            assert!(!all[..index].contains(one), "{index}");
        }
        assert_eq!(all[0], key("assertion", "r", "a", "b"));
    }
}
