use super::table::lookups;
use super::{AlgName, HashAlg, Status};
use crate::jwk::{EcCurve, OkpCurve};

/// A digital signature algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlg {
    /// ECDSA on P-256 with SHA-256, [RFC 7518 §3.4](https://www.rfc-editor.org/rfc/rfc7518#section-3.4).
    Es256,
    /// ECDSA on P-384 with SHA-384, [RFC 7518 §3.4](https://www.rfc-editor.org/rfc/rfc7518#section-3.4).
    Es384,
    /// ECDSA on P-521 with SHA-512, [RFC 7518 §3.4](https://www.rfc-editor.org/rfc/rfc7518#section-3.4).
    Es512,
    /// ECDSA on secp256k1 with SHA-256, [RFC 8812 §3.2](https://www.rfc-editor.org/rfc/rfc8812#section-3.2).
    Es256k,
    /// EdDSA on the curve of the key, Ed25519 or Ed448, [RFC 8037 §3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1).
    EdDsa,
    /// EdDSA on Ed25519 and nothing else, [RFC 9864 §2.2](https://www.rfc-editor.org/rfc/rfc9864#section-2.2).
    Ed25519,
    /// EdDSA on Ed448 and nothing else, [RFC 9864 §2.2](https://www.rfc-editor.org/rfc/rfc9864#section-2.2).
    Ed448,
    /// ML-DSA-44, [RFC 9964](https://www.rfc-editor.org/rfc/rfc9964).
    MlDsa44,
    /// ML-DSA-65, [RFC 9964](https://www.rfc-editor.org/rfc/rfc9964).
    MlDsa65,
    /// ML-DSA-87, [RFC 9964](https://www.rfc-editor.org/rfc/rfc9964).
    MlDsa87,
    /// RSASSA-PSS with SHA-256 and a 32-octet salt, [RFC 7518 §3.5](https://www.rfc-editor.org/rfc/rfc7518#section-3.5).
    Ps256,
    /// RSASSA-PSS with SHA-384 and a 48-octet salt, [RFC 7518 §3.5](https://www.rfc-editor.org/rfc/rfc7518#section-3.5).
    Ps384,
    /// RSASSA-PSS with SHA-512 and a 64-octet salt, [RFC 7518 §3.5](https://www.rfc-editor.org/rfc/rfc7518#section-3.5).
    Ps512,
    /// RSASSA-PKCS1-v1_5 with SHA-256, [RFC 7518 §3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3).
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384, [RFC 7518 §3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3).
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512, [RFC 7518 §3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3).
    Rs512,
}

/// How a signature is made, and with what kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// ECDSA; the signature is R‖S, each as long as the field (RFC 7518 §3.4).
    Ecdsa(EcCurve, HashAlg),
    /// EdDSA on one of the curves named.
    EdDsa(&'static [OkpCurve]),
    /// ML-DSA, pure and with an empty context (RFC 9964).
    MlDsa(MlDsaParameters),
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(HashAlg),
    /// RSASSA-PSS; MGF1 with the same hash, salt as long as the hash (RFC 7518 §3.5).
    RsaPss(HashAlg),
}

/// A parameter set of FIPS 204.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MlDsaParameters {
    /// Security category 2.
    MlDsa44,
    /// Security category 3.
    MlDsa65,
    /// Security category 5.
    MlDsa87,
}

impl MlDsaParameters {
    /// The length of an encoded public key in octets (FIPS 204, table 2).
    #[must_use]
    pub const fn public_key_len(self) -> usize {
        match self {
            Self::MlDsa44 => 1312,
            Self::MlDsa65 => 1952,
            Self::MlDsa87 => 2592,
        }
    }

    /// The length of a signature in octets (FIPS 204, table 2).
    #[must_use]
    pub const fn signature_len(self) -> usize {
        match self {
            Self::MlDsa44 => 2420,
            Self::MlDsa65 => 3309,
            Self::MlDsa87 => 4627,
        }
    }

    /// The length of the private seed in octets.
    pub const SEED_LEN: usize = 32;
}

/// What there is to know about a [`SignatureAlg`]: one row of the table.
#[derive(Debug)]
#[non_exhaustive]
pub struct SignatureFacts {
    /// The algorithm that this row describes.
    pub alg: SignatureAlg,
    /// The registered name.
    pub name: AlgName,
    /// The operation and the key it needs.
    pub scheme: SignatureScheme,
    /// The section that defines it.
    pub rfc: &'static str,
    /// What we advise.
    pub status: Status,
}

/// The table. Nothing below it enumerates algorithms.
static TABLE: [SignatureFacts; 16] = {
    use HashAlg::{Sha256, Sha384, Sha512};
    use SignatureAlg as A;
    use SignatureScheme::{Ecdsa, EdDsa, MlDsa, RsaPkcs1, RsaPss};
    use Status::{Allowed, Recommended};
    const fn row(
        alg: SignatureAlg,
        name: &'static str,
        scheme: SignatureScheme,
        rfc: &'static str,
        status: Status,
    ) -> SignatureFacts {
        SignatureFacts {
            alg,
            name: AlgName::from_static(name),
            scheme,
            rfc,
            status,
        }
    }
    const BOTH: &[OkpCurve] = &[OkpCurve::Ed25519, OkpCurve::Ed448];
    [
        row(
            A::Es256,
            "ES256",
            Ecdsa(EcCurve::P256, Sha256),
            "RFC 7518 §3.4",
            Recommended,
        ),
        row(
            A::Es384,
            "ES384",
            Ecdsa(EcCurve::P384, Sha384),
            "RFC 7518 §3.4",
            Recommended,
        ),
        row(
            A::Es512,
            "ES512",
            Ecdsa(EcCurve::P521, Sha512),
            "RFC 7518 §3.4",
            Recommended,
        ),
        row(
            A::Es256k,
            "ES256K",
            Ecdsa(EcCurve::Secp256k1, Sha256),
            "RFC 8812 §3.2",
            Allowed,
        ),
        row(A::EdDsa, "EdDSA", EdDsa(BOTH), "RFC 8037 §3.1", Allowed),
        row(
            A::Ed25519,
            "Ed25519",
            EdDsa(&[OkpCurve::Ed25519]),
            "RFC 9864 §2.2",
            Recommended,
        ),
        row(
            A::Ed448,
            "Ed448",
            EdDsa(&[OkpCurve::Ed448]),
            "RFC 9864 §2.2",
            Recommended,
        ),
        row(
            A::MlDsa44,
            "ML-DSA-44",
            MlDsa(MlDsaParameters::MlDsa44),
            "RFC 9964 §3",
            Recommended,
        ),
        row(
            A::MlDsa65,
            "ML-DSA-65",
            MlDsa(MlDsaParameters::MlDsa65),
            "RFC 9964 §3",
            Recommended,
        ),
        row(
            A::MlDsa87,
            "ML-DSA-87",
            MlDsa(MlDsaParameters::MlDsa87),
            "RFC 9964 §3",
            Recommended,
        ),
        row(
            A::Ps256,
            "PS256",
            RsaPss(Sha256),
            "RFC 7518 §3.5",
            Recommended,
        ),
        row(
            A::Ps384,
            "PS384",
            RsaPss(Sha384),
            "RFC 7518 §3.5",
            Recommended,
        ),
        row(
            A::Ps512,
            "PS512",
            RsaPss(Sha512),
            "RFC 7518 §3.5",
            Recommended,
        ),
        row(
            A::Rs256,
            "RS256",
            RsaPkcs1(Sha256),
            "RFC 7518 §3.3",
            Allowed,
        ),
        row(
            A::Rs384,
            "RS384",
            RsaPkcs1(Sha384),
            "RFC 7518 §3.3",
            Allowed,
        ),
        row(
            A::Rs512,
            "RS512",
            RsaPkcs1(Sha512),
            "RFC 7518 §3.3",
            Allowed,
        ),
    ]
};

lookups! {
    /// ```
    /// use bulla_core::jwa::SignatureAlg;
    /// assert_eq!(SignatureAlg::from_name("ES256"), Some(SignatureAlg::Es256));
    /// assert_eq!(SignatureAlg::from_name("HS256"), None); // a MAC, not a signature
    /// ```
    SignatureAlg, SignatureFacts
}
