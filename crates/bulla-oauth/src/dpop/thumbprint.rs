use core::fmt;

use bulla_core::base64url;
use bulla_core::jwa::HashAlg;
use bulla_core::jwk::PublicJwk;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The key that a token is bound to: its RFC 7638 thumbprint with SHA-256, as `cnf.jkt` has it, [RFC 9449
/// §6.1](https://www.rfc-editor.org/rfc/rfc9449#section-6.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thumbprint([u8; 32]);

impl Thumbprint {
    /// The thumbprint of a key.
    #[must_use]
    pub fn of(key: &PublicJwk) -> Self {
        let digest = bulla_core::jwk::thumbprint::of_public(key.key(), HashAlg::Sha256);
        let mut octets = [0; 32];
        octets
            .iter_mut()
            .zip(digest.as_ref())
            .for_each(|(to, from)| *to = *from);
        Self(octets)
    }

    /// Reads a value of `jkt`; none where it is not 32 octets in base64url.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let octets = base64url::decode(text).ok()?;
        octets.try_into().ok().map(Self)
    }

    /// The octets.
    #[must_use]
    pub const fn octets(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::encode(self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Thumbprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Thumbprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a thumbprint"))
    }
}
