//! The key management algorithms tried, one row for each with each kind of key it takes, and the
//! content encryptions.

/// One row: the JOSE name and the key.
#[derive(Debug)]
pub(super) struct Encryption {
    /// How cases name it.
    pub(super) name: &'static str,
    /// The `alg` header parameter.
    pub(super) alg: &'static str,
    pub(super) key: Kind,
}

/// The kind of key a row takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As long as the content encryption wants it.
    Content,
    /// Of so many bits.
    Octets(u16),
    /// A password, which travels as an `oct` key of its octets.
    Password,
    Rsa,
    Ec(&'static str),
    Okp(&'static str),
}

/// A content encryption and the bits of its key.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) enc: &'static str,
    pub(super) bits: u16,
}

pub(super) const CONTENTS: &[Content] = &[
    Content {
        enc: "A128CBC-HS256",
        bits: 256,
    },
    Content {
        enc: "A192CBC-HS384",
        bits: 384,
    },
    Content {
        enc: "A256CBC-HS512",
        bits: 512,
    },
    Content {
        enc: "A128GCM",
        bits: 128,
    },
    Content {
        enc: "A192GCM",
        bits: 192,
    },
    Content {
        enc: "A256GCM",
        bits: 256,
    },
];

/// A row with one kind of key.
const fn row(alg: &'static str, key: Kind) -> Encryption {
    Encryption {
        name: alg,
        alg,
        key,
    }
}

/// The rows of one agreement: a curve each.
const fn agreed(name: &'static str, alg: &'static str, key: Kind) -> Encryption {
    Encryption { name, alg, key }
}

pub(super) const ALL: &[Encryption] = &[
    row("dir", Kind::Content),
    row("A128KW", Kind::Octets(128)),
    row("A192KW", Kind::Octets(192)),
    row("A256KW", Kind::Octets(256)),
    row("A128GCMKW", Kind::Octets(128)),
    row("A192GCMKW", Kind::Octets(192)),
    row("A256GCMKW", Kind::Octets(256)),
    agreed("ECDH-ES-P-256", "ECDH-ES", Kind::Ec("P-256")),
    agreed("ECDH-ES-P-384", "ECDH-ES", Kind::Ec("P-384")),
    agreed("ECDH-ES-P-521", "ECDH-ES", Kind::Ec("P-521")),
    agreed("ECDH-ES-X25519", "ECDH-ES", Kind::Okp("X25519")),
    agreed("ECDH-ES-X448", "ECDH-ES", Kind::Okp("X448")),
    agreed("ECDH-ES+A128KW-P-256", "ECDH-ES+A128KW", Kind::Ec("P-256")),
    agreed("ECDH-ES+A128KW-P-384", "ECDH-ES+A128KW", Kind::Ec("P-384")),
    agreed("ECDH-ES+A128KW-P-521", "ECDH-ES+A128KW", Kind::Ec("P-521")),
    agreed(
        "ECDH-ES+A128KW-X25519",
        "ECDH-ES+A128KW",
        Kind::Okp("X25519"),
    ),
    agreed("ECDH-ES+A128KW-X448", "ECDH-ES+A128KW", Kind::Okp("X448")),
    agreed("ECDH-ES+A192KW-P-256", "ECDH-ES+A192KW", Kind::Ec("P-256")),
    agreed("ECDH-ES+A192KW-P-384", "ECDH-ES+A192KW", Kind::Ec("P-384")),
    agreed("ECDH-ES+A192KW-P-521", "ECDH-ES+A192KW", Kind::Ec("P-521")),
    agreed(
        "ECDH-ES+A192KW-X25519",
        "ECDH-ES+A192KW",
        Kind::Okp("X25519"),
    ),
    agreed("ECDH-ES+A192KW-X448", "ECDH-ES+A192KW", Kind::Okp("X448")),
    agreed("ECDH-ES+A256KW-P-256", "ECDH-ES+A256KW", Kind::Ec("P-256")),
    agreed("ECDH-ES+A256KW-P-384", "ECDH-ES+A256KW", Kind::Ec("P-384")),
    agreed("ECDH-ES+A256KW-P-521", "ECDH-ES+A256KW", Kind::Ec("P-521")),
    agreed(
        "ECDH-ES+A256KW-X25519",
        "ECDH-ES+A256KW",
        Kind::Okp("X25519"),
    ),
    agreed("ECDH-ES+A256KW-X448", "ECDH-ES+A256KW", Kind::Okp("X448")),
    row("PBES2-HS256+A128KW", Kind::Password),
    row("PBES2-HS384+A192KW", Kind::Password),
    row("PBES2-HS512+A256KW", Kind::Password),
    row("RSA-OAEP", Kind::Rsa),
    row("RSA-OAEP-256", Kind::Rsa),
    row("RSA-OAEP-384", Kind::Rsa),
    row("RSA-OAEP-512", Kind::Rsa),
    row("RSA1_5", Kind::Rsa),
];
