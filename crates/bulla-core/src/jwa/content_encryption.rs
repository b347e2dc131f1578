use super::table::lookups;
use super::{AlgName, HashAlg, Status};

/// How content is encrypted and authenticated (RFC 7518 §5): the value of `enc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentEncryptionAlg {
    /// AES-128-CBC with HMAC SHA-256, [RFC 7518 §5.2.3](https://www.rfc-editor.org/rfc/rfc7518#section-5.2.3).
    A128CbcHs256,
    /// AES-192-CBC with HMAC SHA-384, [RFC 7518 §5.2.4](https://www.rfc-editor.org/rfc/rfc7518#section-5.2.4).
    A192CbcHs384,
    /// AES-256-CBC with HMAC SHA-512, [RFC 7518 §5.2.5](https://www.rfc-editor.org/rfc/rfc7518#section-5.2.5).
    A256CbcHs512,
    /// AES-GCM with a 128-bit key, [RFC 7518 §5.3](https://www.rfc-editor.org/rfc/rfc7518#section-5.3).
    A128Gcm,
    /// AES-GCM with a 192-bit key, [RFC 7518 §5.3](https://www.rfc-editor.org/rfc/rfc7518#section-5.3).
    A192Gcm,
    /// AES-GCM with a 256-bit key, [RFC 7518 §5.3](https://www.rfc-editor.org/rfc/rfc7518#section-5.3).
    A256Gcm,
}

/// The construction behind a [`ContentEncryptionAlg`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentEncryptionScheme {
    /// CBC with PKCS#7 padding, then HMAC cut to half its length; the key is the MAC key followed by the AES key.
    AesCbcHmac(HashAlg),
    /// AES-GCM.
    AesGcm,
}

/// What there is to know about a [`ContentEncryptionAlg`]: one row of the table.
#[derive(Debug)]
#[non_exhaustive]
pub struct ContentEncryptionFacts {
    /// The algorithm that this row describes.
    pub alg: ContentEncryptionAlg,
    /// The registered name.
    pub name: AlgName,
    /// The construction.
    pub scheme: ContentEncryptionScheme,
    /// Octets of the content encryption key.
    pub key_len: usize,
    /// Octets of the initialization vector.
    pub iv_len: usize,
    /// Octets of the authentication tag.
    pub tag_len: usize,
    /// The section that defines it.
    pub rfc: &'static str,
    /// What we advise.
    pub status: Status,
}

/// The table. Nothing below it enumerates algorithms.
static TABLE: [ContentEncryptionFacts; 6] = {
    use ContentEncryptionAlg as A;
    use ContentEncryptionScheme::{AesCbcHmac, AesGcm};
    use HashAlg::{Sha256, Sha384, Sha512};
    use Status::{Allowed, Recommended};
    const fn cbc(
        alg: A,
        name: &'static str,
        hash: HashAlg,
        rfc: &'static str,
    ) -> ContentEncryptionFacts {
        ContentEncryptionFacts {
            alg,
            name: AlgName::from_static(name),
            scheme: AesCbcHmac(hash),
            key_len: hash.len(),
            iv_len: 16,
            tag_len: hash.len() / 2,
            rfc,
            status: Allowed,
        }
    }
    const fn gcm(
        alg: A,
        name: &'static str,
        key_len: usize,
        status: Status,
    ) -> ContentEncryptionFacts {
        ContentEncryptionFacts {
            alg,
            name: AlgName::from_static(name),
            scheme: AesGcm,
            key_len,
            iv_len: 12,
            tag_len: 16,
            rfc: "RFC 7518 §5.3",
            status,
        }
    }
    [
        cbc(A::A128CbcHs256, "A128CBC-HS256", Sha256, "RFC 7518 §5.2.3"),
        cbc(A::A192CbcHs384, "A192CBC-HS384", Sha384, "RFC 7518 §5.2.4"),
        cbc(A::A256CbcHs512, "A256CBC-HS512", Sha512, "RFC 7518 §5.2.5"),
        gcm(A::A128Gcm, "A128GCM", 16, Recommended),
        gcm(A::A192Gcm, "A192GCM", 24, Allowed),
        gcm(A::A256Gcm, "A256GCM", 32, Recommended),
    ]
};

lookups! {
    /// ```
    /// use bulla_core::jwa::ContentEncryptionAlg;
    /// assert_eq!(ContentEncryptionAlg::from_name("A256GCM"), Some(ContentEncryptionAlg::A256Gcm));
    /// assert_eq!(ContentEncryptionAlg::from_name("A256KW"), None); // encrypts keys, not content
    /// ```
    ContentEncryptionAlg, ContentEncryptionFacts
}
