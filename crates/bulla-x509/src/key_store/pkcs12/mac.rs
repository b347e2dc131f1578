//! The MAC over the whole store (RFC 7292 §4, appendix B): whoever made it knew the password.

use aws_lc_rs::hmac;
use pkcs12::kdf::{Pkcs12KeyType, derive_key};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::super::KeyStoreError;
use super::super::passwords::utf16;
use super::budget::Budget;
use super::structure::{MacData, oid};

/// Checks the MAC over `content`.
pub(super) fn check(
    mac: &MacData<'_>,
    content: &[u8],
    password: &str,
    budget: &mut Budget,
) -> Result<(), KeyStoreError> {
    let algorithm = mac.mac.algorithm.oid;
    let (_, hmac_of, derive) = ALGORITHMS
        .iter()
        .find(|row| row.0 == algorithm)
        .ok_or_else(|| KeyStoreError::UnsupportedAlgorithm {
            what: "the MAC of a PKCS#12 store",
            oid: algorithm.to_string().into(),
        })?;
    check_salt(mac.salt.as_bytes())?;
    budget.spend(mac.iterations, 1)?;
    let iterations = i32::try_from(mac.iterations).unwrap_or(i32::MAX);
    let key = Zeroizing::new(derive(
        &bmp(password),
        mac.salt.as_bytes(),
        Pkcs12KeyType::Mac,
        iterations,
        hmac_of.digest_algorithm().output_len(),
    ));
    hmac::verify(
        &hmac::Key::new(*hmac_of, &key),
        content,
        mac.mac.digest.as_bytes(),
    )
    .map_err(|_| KeyStoreError::PasswordWrong)
}

/// The password as appendix B.1 has it: UTF-16 and two octets of zero.
pub(super) fn bmp(password: &str) -> Zeroizing<Vec<u8>> {
    let mut octets = utf16(password);
    octets.extend_from_slice(&[0, 0]);
    octets
}

/// Every iteration is over a hash, but the first is over the salt.
pub(super) fn check_salt(salt: &[u8]) -> Result<(), KeyStoreError> {
    if salt.len() > MOST_SALT {
        return Err(KeyStoreError::LimitExceeded("the length of the salt"));
    }
    Ok(())
}

const MOST_SALT: usize = 1024;

type Derive = fn(&[u8], &[u8], Pkcs12KeyType, i32, usize) -> Vec<u8>;

/// By the digest that the file names.
static ALGORITHMS: [(der::asn1::ObjectIdentifier, hmac::Algorithm, Derive); 5] = [
    (
        oid("1.3.14.3.2.26"),
        hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        derive_key::<Sha1>,
    ),
    (
        oid("2.16.840.1.101.3.4.2.4"),
        hmac::HMAC_SHA224,
        derive_key::<Sha224>,
    ),
    (
        oid("2.16.840.1.101.3.4.2.1"),
        hmac::HMAC_SHA256,
        derive_key::<Sha256>,
    ),
    (
        oid("2.16.840.1.101.3.4.2.2"),
        hmac::HMAC_SHA384,
        derive_key::<Sha384>,
    ),
    (
        oid("2.16.840.1.101.3.4.2.3"),
        hmac::HMAC_SHA512,
        derive_key::<Sha512>,
    ),
];
