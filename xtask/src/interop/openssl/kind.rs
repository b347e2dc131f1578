//! The kinds of keys both sides know.

/// One kind of key: how each side makes it, and what it signs with.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// Arguments of `openssl genpkey`.
    pub(super) genpkey: &'static [&'static str],
    /// Arguments of `bulla jwk generate`.
    pub(super) generate: &'static [&'static str],
    /// The algorithm a token is signed with.
    pub(super) alg: &'static str,
    /// The format older than PKCS#8 that carries its private key, as `bulla jwk convert` names it.
    pub(super) traditional: Option<&'static str>,
}

pub(super) const ALL: &[Kind] = &[
    Kind {
        name: "RSA-2048",
        genpkey: &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        generate: &["--kty", "RSA", "--size", "2048"],
        alg: "RS256",
        traditional: Some("pkcs1"),
    },
    Kind {
        name: "RSA-3072",
        genpkey: &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
        generate: &["--kty", "RSA", "--size", "3072"],
        alg: "PS384",
        traditional: Some("pkcs1"),
    },
    Kind {
        name: "P-256",
        genpkey: &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        generate: &["--kty", "EC", "--crv", "P-256"],
        alg: "ES256",
        traditional: Some("sec1"),
    },
    Kind {
        name: "P-384",
        genpkey: &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        generate: &["--kty", "EC", "--crv", "P-384"],
        alg: "ES384",
        traditional: Some("sec1"),
    },
    Kind {
        name: "P-521",
        genpkey: &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
        generate: &["--kty", "EC", "--crv", "P-521"],
        alg: "ES512",
        traditional: Some("sec1"),
    },
    Kind {
        name: "secp256k1",
        genpkey: &[
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:secp256k1",
        ],
        generate: &["--kty", "EC", "--crv", "secp256k1"],
        alg: "ES256K",
        traditional: Some("sec1"),
    },
    Kind {
        name: "Ed25519",
        genpkey: &["-algorithm", "ED25519"],
        generate: &["--kty", "OKP", "--crv", "Ed25519"],
        alg: "EdDSA",
        traditional: None,
    },
    Kind {
        name: "Ed448",
        genpkey: &["-algorithm", "ED448"],
        generate: &["--kty", "OKP", "--crv", "Ed448"],
        alg: "EdDSA",
        traditional: None,
    },
];
