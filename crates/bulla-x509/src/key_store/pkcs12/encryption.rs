//! What protects a key or a safe: PBES2 (RFC 8018 §6.2), and what older programs wrote.

use core::num::NonZeroU32;

use aws_lc_rs::pbkdf2;
use bulla_core::SecretBytes;
use bulla_core::key::{Backend, BackendError};
use der::asn1::{ObjectIdentifier, OctetStringRef};
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::super::KeyStoreError;
use super::budget::Budget;
use super::legacy;
use super::mac::check_salt;
use super::structure::{Pbes2Params, Pbkdf2Params, malformed, oid, parameters};

/// Opens what passwords protect, at the expense of one budget.
#[derive(Debug)]
pub(super) struct Opener<'b> {
    pub(super) backend: &'b dyn Backend,
    pub(super) budget: Budget,
}

impl Opener<'_> {
    /// Decrypts. A wrong password and changed octets are one error.
    pub(super) fn open(
        &mut self,
        algorithm: AlgorithmIdentifierRef<'_>,
        data: &[u8],
        password: &str,
    ) -> Result<SecretBytes, KeyStoreError> {
        match legacy::Cipher::of(algorithm.oid) {
            Some(cipher) => cipher.open(algorithm, data, password, &mut self.budget),
            None if algorithm.oid == PBES2 => self.open_pbes2(algorithm, data, password),
            None => Err(unsupported("encryption", algorithm.oid)),
        }
    }

    fn open_pbes2(
        &mut self,
        algorithm: AlgorithmIdentifierRef<'_>,
        data: &[u8],
        password: &str,
    ) -> Result<SecretBytes, KeyStoreError> {
        let scheme = Scheme::read(parameters(algorithm, "PBES2-params")?)?;
        let blocks = scheme.key_len.div_ceil(scheme.hash_len);
        self.budget
            .spend(scheme.iterations.get(), u32::try_from(blocks).unwrap_or(1))?;
        let mut key = Zeroizing::new(vec![0; scheme.key_len]);
        pbkdf2::derive(
            scheme.prf,
            scheme.iterations,
            scheme.salt,
            password.as_bytes(),
            &mut key,
        );
        self.backend
            .aes_cbc_decrypt(&key, &scheme.iv, data)
            .map_err(|BackendError| KeyStoreError::PasswordWrong)
    }
}

/// PBES2 as far as we implement it.
struct Scheme<'a> {
    prf: pbkdf2::Algorithm,
    hash_len: usize,
    salt: &'a [u8],
    iterations: NonZeroU32,
    key_len: usize,
    iv: [u8; 16],
}

impl<'a> Scheme<'a> {
    fn read(pbes2: Pbes2Params<'a>) -> Result<Self, KeyStoreError> {
        let kdf = pbes2.key_derivation;
        if kdf.oid != PBKDF2 {
            return Err(unsupported("key derivation", kdf.oid));
        }
        let kdf: Pbkdf2Params<'a> = parameters(kdf, "PBKDF2-params")?;
        let prf = kdf.prf.map_or(HMAC_SHA1, |prf| prf.oid);
        let (_, prf, hash_len) = PRFS
            .iter()
            .find(|row| row.0 == prf)
            .ok_or_else(|| unsupported("key derivation", prf))?;
        let salt = kdf
            .salt
            .decode_as::<&OctetStringRef>()
            .map_err(|_| malformed("the salt of PBKDF2"))?
            .as_bytes();
        check_salt(salt)?;
        let cipher = pbes2.encryption_scheme;
        let (_, key_len) = CIPHERS
            .iter()
            .find(|row| row.0 == cipher.oid)
            .ok_or_else(|| unsupported("cipher", cipher.oid))?;
        if kdf
            .key_length
            .is_some_and(|len| usize::from(len) != *key_len)
        {
            return Err(KeyStoreError::malformed(
                "PBKDF2-params",
                "has a key length that is not its cipher's",
            ));
        }
        let iv = parameters::<&OctetStringRef>(cipher, "the initialization vector")?
            .as_bytes()
            .try_into()
            .map_err(|_| malformed("the initialization vector"))?;
        Ok(Self {
            prf: *prf,
            hash_len: *hash_len,
            salt,
            iterations: NonZeroU32::new(kdf.iterations)
                .ok_or_else(|| malformed("the number of iterations"))?,
            key_len: *key_len,
            iv,
        })
    }
}

fn unsupported(what: &'static str, oid: ObjectIdentifier) -> KeyStoreError {
    KeyStoreError::UnsupportedAlgorithm {
        what,
        oid: oid.to_string().into(),
    }
}

const PBES2: ObjectIdentifier = oid("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = oid("1.2.840.113549.1.5.12");
const HMAC_SHA1: ObjectIdentifier = oid("1.2.840.113549.2.7");

/// With the octets of one block.
static PRFS: [(ObjectIdentifier, pbkdf2::Algorithm, usize); 4] = [
    (HMAC_SHA1, pbkdf2::PBKDF2_HMAC_SHA1, 20),
    (oid("1.2.840.113549.2.9"), pbkdf2::PBKDF2_HMAC_SHA256, 32),
    (oid("1.2.840.113549.2.10"), pbkdf2::PBKDF2_HMAC_SHA384, 48),
    (oid("1.2.840.113549.2.11"), pbkdf2::PBKDF2_HMAC_SHA512, 64),
];

/// AES-CBC, with the length of its key in octets.
const CIPHERS: [(ObjectIdentifier, usize); 3] = [
    (oid("2.16.840.1.101.3.4.1.2"), 16),
    (oid("2.16.840.1.101.3.4.1.22"), 24),
    (oid("2.16.840.1.101.3.4.1.42"), 32),
];
