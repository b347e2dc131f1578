//! The key management algorithms with the keys they take, one row each, and the content encryptions.

use std::fmt;

/// A key management algorithm and a kind of key for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyManagement {
    /// The `alg` header parameter.
    pub(super) alg: &'static str,
    pub(super) key: KeyKind,
}

/// The kinds of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyKind {
    /// Octets, this many bits.
    Octets(u32),
    /// Octets, as many as the content encryption takes: `dir`.
    Content,
    /// A password, as the octets of a symmetric JWK.
    Password,
    Rsa,
    Ec(&'static str),
    Okp(&'static str),
}

impl KeyKind {
    /// The curve, where it has one.
    pub(super) const fn curve(self) -> Option<&'static str> {
        match self {
            Self::Ec(curve) | Self::Okp(curve) => Some(curve),
            _ => None,
        }
    }

    /// Whether both sides hold the same key.
    pub(super) const fn is_shared(self) -> bool {
        matches!(self, Self::Octets(_) | Self::Content | Self::Password)
    }

    /// The key for a content encryption.
    pub(super) const fn with(self, enc: &ContentEncryption) -> Self {
        match self {
            Self::Content => Self::Octets(enc.bits),
            other => other,
        }
    }
}

impl KeyManagement {
    /// The row of an algorithm, and of a curve where it has several.
    pub(super) fn named(alg: &str, curve: Option<&str>) -> Option<&'static Self> {
        ALL.iter()
            .find(|row| row.alg == alg && row.key.curve() == curve)
    }

    /// Whether an exact algorithm or curve is in a list.
    pub(super) fn is_in(&self, names: &[&str]) -> bool {
        names.contains(&self.alg) || self.key.curve().is_some_and(|curve| names.contains(&curve))
    }

    /// Whether the caller of ECDH-ES may name the parties.
    pub(super) const fn names_parties(&self) -> bool {
        self.key.curve().is_some()
    }
}

/// How cases name it: `A128KW`, `ECDH-ES/X25519`.
impl fmt::Display for KeyManagement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.alg)?;
        self.key
            .curve()
            .map_or(Ok(()), |curve| write!(f, "/{curve}"))
    }
}

/// A content encryption.
#[derive(Debug)]
pub(super) struct ContentEncryption {
    /// The `enc` header parameter.
    pub(super) enc: &'static str,
    /// The size of its key in bits.
    pub(super) bits: u32,
}

impl ContentEncryption {
    pub(super) fn named(enc: &str) -> Option<&'static Self> {
        CONTENT.iter().find(|row| row.enc == enc)
    }
}

const fn content(enc: &'static str, bits: u32) -> ContentEncryption {
    ContentEncryption { enc, bits }
}

pub(super) const CONTENT: &[ContentEncryption] = &[
    content("A128CBC-HS256", 256),
    content("A192CBC-HS384", 384),
    content("A256CBC-HS512", 512),
    content("A128GCM", 128),
    content("A192GCM", 192),
    content("A256GCM", 256),
];

const fn row(alg: &'static str, key: KeyKind) -> KeyManagement {
    KeyManagement { alg, key }
}

pub(super) const ALL: &[KeyManagement] = &[
    row("dir", KeyKind::Content),
    row("A128KW", KeyKind::Octets(128)),
    row("A192KW", KeyKind::Octets(192)),
    row("A256KW", KeyKind::Octets(256)),
    row("A128GCMKW", KeyKind::Octets(128)),
    row("A192GCMKW", KeyKind::Octets(192)),
    row("A256GCMKW", KeyKind::Octets(256)),
    row("RSA1_5", KeyKind::Rsa),
    row("RSA-OAEP", KeyKind::Rsa),
    row("RSA-OAEP-256", KeyKind::Rsa),
    row("RSA-OAEP-384", KeyKind::Rsa),
    row("RSA-OAEP-512", KeyKind::Rsa),
    row("ECDH-ES", KeyKind::Ec("P-256")),
    row("ECDH-ES", KeyKind::Ec("P-384")),
    row("ECDH-ES", KeyKind::Ec("P-521")),
    row("ECDH-ES", KeyKind::Okp("X25519")),
    row("ECDH-ES", KeyKind::Okp("X448")),
    row("ECDH-ES+A128KW", KeyKind::Ec("P-256")),
    row("ECDH-ES+A128KW", KeyKind::Ec("P-384")),
    row("ECDH-ES+A128KW", KeyKind::Ec("P-521")),
    row("ECDH-ES+A128KW", KeyKind::Okp("X25519")),
    row("ECDH-ES+A128KW", KeyKind::Okp("X448")),
    row("ECDH-ES+A192KW", KeyKind::Ec("P-256")),
    row("ECDH-ES+A192KW", KeyKind::Ec("P-384")),
    row("ECDH-ES+A192KW", KeyKind::Ec("P-521")),
    row("ECDH-ES+A192KW", KeyKind::Okp("X25519")),
    row("ECDH-ES+A192KW", KeyKind::Okp("X448")),
    row("ECDH-ES+A256KW", KeyKind::Ec("P-256")),
    row("ECDH-ES+A256KW", KeyKind::Ec("P-384")),
    row("ECDH-ES+A256KW", KeyKind::Ec("P-521")),
    row("ECDH-ES+A256KW", KeyKind::Okp("X25519")),
    row("ECDH-ES+A256KW", KeyKind::Okp("X448")),
    row("PBES2-HS256+A128KW", KeyKind::Password),
    row("PBES2-HS384+A192KW", KeyKind::Password),
    row("PBES2-HS512+A256KW", KeyKind::Password),
];
