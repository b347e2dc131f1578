use super::table::lookups;
use super::{AlgName, HashAlg, Status};

/// How a content encryption key comes to the recipient (RFC 7518 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyManagementAlg {
    /// The shared key is the content encryption key, [RFC 7518 §4.5](https://www.rfc-editor.org/rfc/rfc7518#section-4.5).
    Dir,
    /// AES Key Wrap with a 128-bit key, [RFC 7518 §4.4](https://www.rfc-editor.org/rfc/rfc7518#section-4.4).
    A128Kw,
    /// AES Key Wrap with a 192-bit key, [RFC 7518 §4.4](https://www.rfc-editor.org/rfc/rfc7518#section-4.4).
    A192Kw,
    /// AES Key Wrap with a 256-bit key, [RFC 7518 §4.4](https://www.rfc-editor.org/rfc/rfc7518#section-4.4).
    A256Kw,
    /// Key wrapping with AES-GCM and a 128-bit key, [RFC 7518 §4.7](https://www.rfc-editor.org/rfc/rfc7518#section-4.7).
    A128GcmKw,
    /// Key wrapping with AES-GCM and a 192-bit key, [RFC 7518 §4.7](https://www.rfc-editor.org/rfc/rfc7518#section-4.7).
    A192GcmKw,
    /// Key wrapping with AES-GCM and a 256-bit key, [RFC 7518 §4.7](https://www.rfc-editor.org/rfc/rfc7518#section-4.7).
    A256GcmKw,
    /// Key agreement whose result is the content encryption key, [RFC 7518 §4.6](https://www.rfc-editor.org/rfc/rfc7518#section-4.6).
    EcdhEs,
    /// Key agreement whose result wraps with A128KW, [RFC 7518 §4.6](https://www.rfc-editor.org/rfc/rfc7518#section-4.6).
    EcdhEsA128Kw,
    /// Key agreement whose result wraps with A192KW, [RFC 7518 §4.6](https://www.rfc-editor.org/rfc/rfc7518#section-4.6).
    EcdhEsA192Kw,
    /// Key agreement whose result wraps with A256KW, [RFC 7518 §4.6](https://www.rfc-editor.org/rfc/rfc7518#section-4.6).
    EcdhEsA256Kw,
    /// A password, PBKDF2 with HMAC SHA-256, A128KW, [RFC 7518 §4.8](https://www.rfc-editor.org/rfc/rfc7518#section-4.8).
    Pbes2Hs256A128Kw,
    /// A password, PBKDF2 with HMAC SHA-384, A192KW, [RFC 7518 §4.8](https://www.rfc-editor.org/rfc/rfc7518#section-4.8).
    Pbes2Hs384A192Kw,
    /// A password, PBKDF2 with HMAC SHA-512, A256KW, [RFC 7518 §4.8](https://www.rfc-editor.org/rfc/rfc7518#section-4.8).
    Pbes2Hs512A256Kw,
    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1, [RFC 7518 §4.3](https://www.rfc-editor.org/rfc/rfc7518#section-4.3).
    RsaOaep,
    /// RSAES-OAEP with SHA-256 and MGF1 with SHA-256, [RFC 7518 §4.3](https://www.rfc-editor.org/rfc/rfc7518#section-4.3).
    RsaOaep256,
    /// RSAES-OAEP with SHA-384 and MGF1 with SHA-384, [the registry](https://www.iana.org/assignments/jose/jose.xhtml).
    RsaOaep384,
    /// RSAES-OAEP with SHA-512 and MGF1 with SHA-512, [the registry](https://www.iana.org/assignments/jose/jose.xhtml).
    RsaOaep512,
    /// RSAES-PKCS1-v1_5, [RFC 7518 §4.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.2). Legacy: padding oracles.
    Rsa1_5,
}

/// How a content encryption key is determined, and with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyManagementScheme {
    /// The shared key itself. No encrypted key; one recipient.
    Direct,
    /// AES Key Wrap (RFC 3394) with a key of this many octets.
    AesKw {
        /// Octets of the wrapping key.
        key_len: usize,
    },
    /// AES-GCM over the content encryption key, with a wrapping key of this many octets.
    AesGcmKw {
        /// Octets of the wrapping key.
        key_len: usize,
    },
    /// Ephemeral-static Diffie-Hellman with the Concat KDF. The result is the content encryption key, or wraps
    /// it with AES Key Wrap.
    EcdhEs {
        /// Octets of the wrapping key; none where the result is used directly.
        wrap_len: Option<usize>,
    },
    /// A key derived from a password by PBKDF2 wraps with AES Key Wrap.
    Pbes2 {
        /// The hash of the HMAC.
        hash: HashAlg,
        /// Octets of the wrapping key.
        key_len: usize,
    },
    /// RSAES-OAEP; MGF1 with the same hash. `None` is SHA-1.
    RsaOaep(Option<HashAlg>),
    /// RSAES-PKCS1-v1_5.
    RsaPkcs1,
}

/// What there is to know about a [`KeyManagementAlg`]: one row of the table.
#[derive(Debug)]
#[non_exhaustive]
pub struct KeyManagementFacts {
    /// The algorithm that this row describes.
    pub alg: KeyManagementAlg,
    /// The registered name.
    pub name: AlgName,
    /// The operation and the key it needs.
    pub scheme: KeyManagementScheme,
    /// The section that defines it.
    pub rfc: &'static str,
    /// What we advise.
    pub status: Status,
}

/// The table. Nothing below it enumerates algorithms.
static TABLE: [KeyManagementFacts; 19] = {
    use HashAlg::{Sha256, Sha384, Sha512};
    use KeyManagementAlg as A;
    use KeyManagementScheme::{AesGcmKw, AesKw, Direct, EcdhEs, Pbes2, RsaOaep, RsaPkcs1};
    use Status::{Allowed, Legacy, Recommended};
    const fn row(
        alg: KeyManagementAlg,
        name: &'static str,
        scheme: KeyManagementScheme,
        rfc: &'static str,
        status: Status,
    ) -> KeyManagementFacts {
        KeyManagementFacts {
            alg,
            name: AlgName::from_static(name),
            scheme,
            rfc,
            status,
        }
    }
    const fn ecdh(wrap_len: Option<usize>) -> KeyManagementScheme {
        EcdhEs { wrap_len }
    }
    const IANA: &str = "IANA registry";
    [
        row(A::Dir, "dir", Direct, "RFC 7518 §4.5", Recommended),
        row(
            A::A128Kw,
            "A128KW",
            AesKw { key_len: 16 },
            "RFC 7518 §4.4",
            Recommended,
        ),
        row(
            A::A192Kw,
            "A192KW",
            AesKw { key_len: 24 },
            "RFC 7518 §4.4",
            Allowed,
        ),
        row(
            A::A256Kw,
            "A256KW",
            AesKw { key_len: 32 },
            "RFC 7518 §4.4",
            Recommended,
        ),
        row(
            A::A128GcmKw,
            "A128GCMKW",
            AesGcmKw { key_len: 16 },
            "RFC 7518 §4.7",
            Allowed,
        ),
        row(
            A::A192GcmKw,
            "A192GCMKW",
            AesGcmKw { key_len: 24 },
            "RFC 7518 §4.7",
            Allowed,
        ),
        row(
            A::A256GcmKw,
            "A256GCMKW",
            AesGcmKw { key_len: 32 },
            "RFC 7518 §4.7",
            Allowed,
        ),
        row(
            A::EcdhEs,
            "ECDH-ES",
            ecdh(None),
            "RFC 7518 §4.6",
            Recommended,
        ),
        row(
            A::EcdhEsA128Kw,
            "ECDH-ES+A128KW",
            ecdh(Some(16)),
            "RFC 7518 §4.6",
            Recommended,
        ),
        row(
            A::EcdhEsA192Kw,
            "ECDH-ES+A192KW",
            ecdh(Some(24)),
            "RFC 7518 §4.6",
            Allowed,
        ),
        row(
            A::EcdhEsA256Kw,
            "ECDH-ES+A256KW",
            ecdh(Some(32)),
            "RFC 7518 §4.6",
            Recommended,
        ),
        row(
            A::Pbes2Hs256A128Kw,
            "PBES2-HS256+A128KW",
            Pbes2 {
                hash: Sha256,
                key_len: 16,
            },
            "RFC 7518 §4.8",
            Allowed,
        ),
        row(
            A::Pbes2Hs384A192Kw,
            "PBES2-HS384+A192KW",
            Pbes2 {
                hash: Sha384,
                key_len: 24,
            },
            "RFC 7518 §4.8",
            Allowed,
        ),
        row(
            A::Pbes2Hs512A256Kw,
            "PBES2-HS512+A256KW",
            Pbes2 {
                hash: Sha512,
                key_len: 32,
            },
            "RFC 7518 §4.8",
            Allowed,
        ),
        row(
            A::RsaOaep,
            "RSA-OAEP",
            RsaOaep(None),
            "RFC 7518 §4.3",
            Allowed,
        ),
        row(
            A::RsaOaep256,
            "RSA-OAEP-256",
            RsaOaep(Some(Sha256)),
            "RFC 7518 §4.3",
            Recommended,
        ),
        row(
            A::RsaOaep384,
            "RSA-OAEP-384",
            RsaOaep(Some(Sha384)),
            IANA,
            Allowed,
        ),
        row(
            A::RsaOaep512,
            "RSA-OAEP-512",
            RsaOaep(Some(Sha512)),
            IANA,
            Allowed,
        ),
        row(A::Rsa1_5, "RSA1_5", RsaPkcs1, "RFC 7518 §4.2", Legacy),
    ]
};

lookups! {
    /// ```
    /// use bulla_core::jwa::KeyManagementAlg;
    /// assert_eq!(KeyManagementAlg::from_name("ECDH-ES"), Some(KeyManagementAlg::EcdhEs));
    /// assert_eq!(KeyManagementAlg::from_name("A256GCM"), None); // encrypts content, not keys
    /// ```
    KeyManagementAlg, KeyManagementFacts
}
