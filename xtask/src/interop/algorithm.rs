//! The algorithms tried, one row each; `EdDSA` stands for two.

/// One row: a name for the case, the JOSE name, and the key it takes.
#[derive(Debug)]
pub(super) struct Algorithm {
    /// How cases name it.
    pub(super) name: &'static str,
    /// The `alg` header parameter.
    pub(super) alg: &'static str,
    /// The curve, where the key has one.
    pub(super) crv: Option<&'static str>,
    /// Arguments of `bulla jwk generate`.
    pub(super) generate: &'static [&'static str],
}

impl Algorithm {
    /// Whether both sides hold the same key.
    pub(super) fn is_mac(&self) -> bool {
        self.alg.starts_with("HS")
    }

    /// The row of a name; the tables name each other's rows.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|row| row.name == name)
    }
}

/// A row whose key is fixed by the algorithm.
const fn row(
    alg: &'static str,
    crv: Option<&'static str>,
    generate: &'static [&'static str],
) -> Algorithm {
    Algorithm {
        name: alg,
        alg,
        crv,
        generate,
    }
}

pub(super) const ALL: &[Algorithm] = &[
    row("HS256", None, &["--alg", "HS256"]),
    row("HS384", None, &["--alg", "HS384"]),
    row("HS512", None, &["--alg", "HS512"]),
    row("RS256", None, &["--alg", "RS256"]),
    row("RS384", None, &["--alg", "RS384"]),
    row("RS512", None, &["--alg", "RS512"]),
    row("PS256", None, &["--alg", "PS256"]),
    row("PS384", None, &["--alg", "PS384"]),
    row("PS512", None, &["--alg", "PS512"]),
    row("ES256", Some("P-256"), &["--alg", "ES256"]),
    row("ES384", Some("P-384"), &["--alg", "ES384"]),
    row("ES512", Some("P-521"), &["--alg", "ES512"]),
    row("ES256K", Some("secp256k1"), &["--alg", "ES256K"]),
    Algorithm {
        name: "EdDSA-Ed25519",
        alg: "EdDSA",
        crv: Some("Ed25519"),
        generate: &["--kty", "OKP", "--crv", "Ed25519"],
    },
    Algorithm {
        name: "EdDSA-Ed448",
        alg: "EdDSA",
        crv: Some("Ed448"),
        generate: &["--kty", "OKP", "--crv", "Ed448"],
    },
    row("Ed25519", Some("Ed25519"), &["--alg", "Ed25519"]),
    row("Ed448", Some("Ed448"), &["--alg", "Ed448"]),
    row("ML-DSA-44", None, &["--alg", "ML-DSA-44"]),
    row("ML-DSA-65", None, &["--alg", "ML-DSA-65"]),
    row("ML-DSA-87", None, &["--alg", "ML-DSA-87"]),
];
