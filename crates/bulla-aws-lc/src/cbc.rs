//! AES-CBC with PKCS#7 padding: for password-protected PKCS#8 files (RFC 8018 §6.2), and inside the content
//! encryption that authenticates it.

use std::sync::OnceLock;

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm, DecryptionContext, EncryptionContext,
    PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use bulla_core::SecretBytes;
use bulla_core::key::BackendError;
use zeroize::Zeroizing;

pub(crate) fn encrypt(key: &[u8], iv: &[u8; 16], data: &[u8]) -> Result<Vec<u8>, BackendError> {
    // With room for the padding, so that the plain text is not left behind by a reallocation.
    let mut in_out = Vec::with_capacity(data.len() + iv.len());
    in_out.extend_from_slice(data);
    encrypt_in_place(key, iv, &mut in_out)?;
    Ok(in_out)
}

pub(crate) fn decrypt(key: &[u8], iv: &[u8; 16], data: &[u8]) -> Result<SecretBytes, BackendError> {
    let mut in_out = Zeroizing::new(data.to_vec());
    let length = decrypt_in_place(key, iv, &mut in_out)?;
    in_out
        .get(..length)
        .map(SecretBytes::from)
        .ok_or(BackendError)
}

/// Grows `in_out` by the padding.
pub(crate) fn encrypt_in_place(
    key: &[u8],
    iv: &[u8; 16],
    in_out: &mut Vec<u8>,
) -> Result<(), BackendError> {
    encrypt_with(&encrypting(key)?, iv, in_out)
}

/// Says how much of `in_out` is plain text; the rest was padding.
pub(crate) fn decrypt_in_place(
    key: &[u8],
    iv: &[u8; 16],
    in_out: &mut [u8],
) -> Result<usize, BackendError> {
    decrypt_with(&decrypting(key)?, iv, in_out)
}

/// An AES key for any number of uses. Each direction's half is prepared at its first.
pub(crate) struct Key {
    octets: SecretBytes,
    encrypting: OnceLock<PaddedBlockEncryptingKey>,
    decrypting: OnceLock<PaddedBlockDecryptingKey>,
}

impl Key {
    pub(crate) fn new(key: &[u8]) -> Result<Self, BackendError> {
        algorithm(key)?;
        Ok(Self {
            octets: key.into(),
            encrypting: OnceLock::new(),
            decrypting: OnceLock::new(),
        })
    }

    pub(crate) fn encrypt_in_place(
        &self,
        iv: &[u8; 16],
        in_out: &mut Vec<u8>,
    ) -> Result<(), BackendError> {
        if let Some(ready) = self.encrypting.get() {
            return encrypt_with(ready, iv, in_out);
        }
        let ready = encrypting(self.octets.expose())?;
        encrypt_with(self.encrypting.get_or_init(|| ready), iv, in_out)
    }

    pub(crate) fn decrypt_in_place(
        &self,
        iv: &[u8; 16],
        in_out: &mut [u8],
    ) -> Result<usize, BackendError> {
        if let Some(ready) = self.decrypting.get() {
            return decrypt_with(ready, iv, in_out);
        }
        let ready = decrypting(self.octets.expose())?;
        decrypt_with(self.decrypting.get_or_init(|| ready), iv, in_out)
    }
}

fn encrypt_with(
    key: &PaddedBlockEncryptingKey,
    iv: &[u8; 16],
    in_out: &mut Vec<u8>,
) -> Result<(), BackendError> {
    key.less_safe_encrypt(in_out, EncryptionContext::Iv128(FixedLength::from(iv)))
        .map(drop)
        .map_err(|_| BackendError)
}

fn decrypt_with(
    key: &PaddedBlockDecryptingKey,
    iv: &[u8; 16],
    in_out: &mut [u8],
) -> Result<usize, BackendError> {
    key.decrypt(in_out, DecryptionContext::Iv128(FixedLength::from(iv)))
        .map(|plain| plain.len())
        .map_err(|_| BackendError)
}

fn encrypting(key: &[u8]) -> Result<PaddedBlockEncryptingKey, BackendError> {
    PaddedBlockEncryptingKey::cbc_pkcs7(unbound(key)?).map_err(|_| BackendError)
}

fn decrypting(key: &[u8]) -> Result<PaddedBlockDecryptingKey, BackendError> {
    PaddedBlockDecryptingKey::cbc_pkcs7(unbound(key)?).map_err(|_| BackendError)
}

fn unbound(key: &[u8]) -> Result<UnboundCipherKey, BackendError> {
    UnboundCipherKey::new(algorithm(key)?, key).map_err(|_| BackendError)
}

fn algorithm(key: &[u8]) -> Result<&'static Algorithm, BackendError> {
    match key.len() {
        16 => Ok(&AES_128),
        24 => Ok(&AES_192),
        32 => Ok(&AES_256),
        _ => Err(BackendError),
    }
}
