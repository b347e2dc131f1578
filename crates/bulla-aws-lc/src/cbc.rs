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
    Key::new(key)?.encrypt_in_place(iv, &mut in_out)?;
    Ok(in_out)
}

pub(crate) fn decrypt(key: &[u8], iv: &[u8; 16], data: &[u8]) -> Result<SecretBytes, BackendError> {
    let mut in_out = Zeroizing::new(data.to_vec());
    let length = Key::new(key)?.decrypt_in_place(iv, &mut in_out)?;
    in_out
        .get(..length)
        .map(SecretBytes::from)
        .ok_or(BackendError)
}

/// An AES key. Each direction's half is prepared at its first use: most keys see but one.
pub(crate) struct Key {
    octets: Zeroizing<[u8; 32]>,
    len: usize,
    algorithm: &'static Algorithm,
    encrypting: OnceLock<PaddedBlockEncryptingKey>,
    decrypting: OnceLock<PaddedBlockDecryptingKey>,
}

impl Key {
    pub(crate) fn new(key: &[u8]) -> Result<Self, BackendError> {
        let algorithm = match key.len() {
            16 => &AES_128,
            24 => &AES_192,
            32 => &AES_256,
            _ => return Err(BackendError),
        };
        let mut octets = Zeroizing::new([0; 32]);
        let (front, _) = octets.split_at_mut_checked(key.len()).ok_or(BackendError)?;
        front.copy_from_slice(key);
        Ok(Self {
            octets,
            len: key.len(),
            algorithm,
            encrypting: OnceLock::new(),
            decrypting: OnceLock::new(),
        })
    }

    fn encrypting(&self) -> Result<&PaddedBlockEncryptingKey, BackendError> {
        if let Some(ready) = self.encrypting.get() {
            return Ok(ready);
        }
        let ready = PaddedBlockEncryptingKey::cbc_pkcs7(self.unbound()?);
        let ready = ready.map_err(|_| BackendError)?;
        Ok(self.encrypting.get_or_init(|| ready))
    }

    fn decrypting(&self) -> Result<&PaddedBlockDecryptingKey, BackendError> {
        if let Some(ready) = self.decrypting.get() {
            return Ok(ready);
        }
        let ready = PaddedBlockDecryptingKey::cbc_pkcs7(self.unbound()?);
        let ready = ready.map_err(|_| BackendError)?;
        Ok(self.decrypting.get_or_init(|| ready))
    }

    fn unbound(&self) -> Result<UnboundCipherKey, BackendError> {
        let key = self.octets.get(..self.len).ok_or(BackendError)?;
        UnboundCipherKey::new(self.algorithm, key).map_err(|_| BackendError)
    }

    /// Grows `in_out` by the padding.
    pub(crate) fn encrypt_in_place(
        &self,
        iv: &[u8; 16],
        in_out: &mut Vec<u8>,
    ) -> Result<(), BackendError> {
        self.encrypting()?
            .less_safe_encrypt(in_out, EncryptionContext::Iv128(FixedLength::from(iv)))
            .map(drop)
            .map_err(|_| BackendError)
    }

    /// Says how much of `in_out` is plain text; the rest was padding.
    pub(crate) fn decrypt_in_place(
        &self,
        iv: &[u8; 16],
        in_out: &mut [u8],
    ) -> Result<usize, BackendError> {
        self.decrypting()?
            .decrypt(in_out, DecryptionContext::Iv128(FixedLength::from(iv)))
            .map(|plain| plain.len())
            .map_err(|_| BackendError)
    }
}
