//! The encryption of RFC 7292 appendix C with SHA-1, which Java wrote until version 16 and OpenSSL until version 3: read,
//! never written.

use bulla_core::SecretBytes;
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt as _, KeyInit, KeyIvInit as _};
use der::asn1::ObjectIdentifier;
use des::TdesEde3;
use pkcs12::kdf::{Pkcs12KeyType, derive_key};
use rc2::Rc2;
use sha1::Sha1;
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::super::KeyStoreError;
use super::budget::Budget;
use super::mac::{bmp, check_salt};
use super::structure::{LegacyParams, oid, parameters};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    /// Three keys: what keys were encrypted with.
    TripleDes,
    /// Of 40 bits: what certificates were encrypted with, to satisfy export laws.
    Rc2,
}

impl Cipher {
    pub(super) fn of(algorithm: ObjectIdentifier) -> Option<Self> {
        match algorithm {
            TRIPLE_DES => Some(Self::TripleDes),
            RC2_40 => Some(Self::Rc2),
            _ => None,
        }
    }

    pub(super) fn open(
        self,
        algorithm: AlgorithmIdentifierRef<'_>,
        data: &[u8],
        password: &str,
        budget: &mut Budget,
    ) -> Result<SecretBytes, KeyStoreError> {
        let LegacyParams { salt, iterations } = parameters(algorithm, "pkcs-12PbeParams")?;
        let salt = salt.as_bytes();
        check_salt(salt)?;
        // The initialization vector is derived like a key.
        let key_len = self.key_len();
        let blocks = u32::from(key_len > SHA1_LEN) + 2;
        budget.spend(iterations, blocks)?;
        let iterations = i32::try_from(iterations).unwrap_or(i32::MAX);
        let password = bmp(password);
        let derive =
            |id, len| Zeroizing::new(derive_key::<Sha1>(&password, salt, id, iterations, len));
        let key = derive(Pkcs12KeyType::EncryptionKey, key_len);
        let iv = derive(Pkcs12KeyType::Iv, BLOCK);
        match self {
            Self::TripleDes => decrypt::<TdesEde3>(&key, &iv, data),
            Self::Rc2 => decrypt::<Rc2>(&key, &iv, data),
        }
        .ok_or(KeyStoreError::PasswordWrong)
    }

    const fn key_len(self) -> usize {
        match self {
            Self::TripleDes => 24,
            Self::Rc2 => 5,
        }
    }
}

fn decrypt<C: KeyInit + BlockCipherDecrypt>(
    key: &[u8],
    iv: &[u8],
    data: &[u8],
) -> Option<SecretBytes> {
    let plain = Decryptor::<C>::new_from_slices(key, iv)
        .ok()?
        .decrypt_padded_vec::<Pkcs7>(data)
        .ok()?;
    Some(plain.into())
}

const SHA1_LEN: usize = 20;
/// Of both ciphers.
const BLOCK: usize = 8;

const TRIPLE_DES: ObjectIdentifier = oid("1.2.840.113549.1.12.1.3");
const RC2_40: ObjectIdentifier = oid("1.2.840.113549.1.12.1.6");
