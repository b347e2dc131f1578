//! How JKS protects a private key: octets XORed with a chain of SHA-1 digests of password and salt, and a digest of password
//! and key to tell whether the password was the right one.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Context, Digest, SHA1_FOR_LEGACY_USE_ONLY};
use bulla_core::SecretBytes;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{Decode as _, Sequence};
use spki::AlgorithmIdentifierRef;

use super::super::KeyStoreError;
use super::super::passwords::utf16;
use super::integrity::DIGEST_LEN;

/// The PKCS#8 structure in an `EncryptedPrivateKeyInfo` of Sun's algorithm.
pub(super) fn open(der: &[u8], password: &str) -> Result<SecretBytes, KeyStoreError> {
    let info = EncryptedPrivateKeyInfo::from_der(der).map_err(|_| {
        KeyStoreError::malformed(
            "EncryptedPrivateKeyInfo",
            "is not what RFC 5958 §3 describes",
        )
    })?;
    if info.algorithm.oid != KEY_PROTECTOR {
        return Err(KeyStoreError::UnsupportedAlgorithm {
            what: "the protection of a private key in JKS",
            oid: info.algorithm.oid.to_string().into(),
        });
    }
    let (salt, check, hidden) = parts(info.data.as_bytes()).ok_or(KeyStoreError::malformed(
        "the protected key",
        "is too short for its salt and digest",
    ))?;
    let password = utf16(password);
    let mut plain = Vec::with_capacity(hidden.len());
    let mut stream = sha1(&password, salt);
    for chunk in hidden.chunks(DIGEST_LEN) {
        plain.extend(chunk.iter().zip(stream.as_ref()).map(|(a, b)| a ^ b));
        stream = sha1(&password, stream.as_ref());
    }
    let plain = SecretBytes::from(plain);
    verify_slices_are_equal(sha1(&password, plain.expose()).as_ref(), check)
        .map_err(|_| KeyStoreError::PasswordWrong)?;
    Ok(plain)
}

/// Salt, digest and what lies between them.
fn parts(octets: &[u8]) -> Option<(&[u8; DIGEST_LEN], &[u8; DIGEST_LEN], &[u8])> {
    let (salt, rest) = octets.split_first_chunk()?;
    let (hidden, check) = rest.split_last_chunk()?;
    Some((salt, check, hidden))
}

fn sha1(password: &[u8], octets: &[u8]) -> Digest {
    let mut context = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    context.update(password);
    context.update(octets);
    context.finish()
}

#[derive(Sequence)]
struct EncryptedPrivateKeyInfo<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    data: &'a OctetStringRef,
}

/// Sun's, in nobody's registry.
const KEY_PROTECTOR: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.42.2.17.1.1");
