//! AES-CBC with PKCS#7 padding, for password-protected PKCS#8 files (RFC 8018 §6.2).

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey,
    PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use bulla_core::SecretBytes;
use bulla_core::key::BackendError;
use zeroize::Zeroizing;

pub(crate) fn encrypt(key: &[u8], iv: &[u8; 16], data: &[u8]) -> Result<Vec<u8>, BackendError> {
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(unbound(key)?).map_err(|_| BackendError)?;
    // With room for the padding, so that the plain text is not left behind by a reallocation.
    let mut in_out = Vec::with_capacity(data.len() + iv.len());
    in_out.extend_from_slice(data);
    key.less_safe_encrypt(&mut in_out, EncryptionContext::Iv128(FixedLength::from(iv)))
        .map_err(|_| BackendError)?;
    Ok(in_out)
}

pub(crate) fn decrypt(key: &[u8], iv: &[u8; 16], data: &[u8]) -> Result<SecretBytes, BackendError> {
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(unbound(key)?).map_err(|_| BackendError)?;
    let mut in_out = Zeroizing::new(data.to_vec());
    let plain = key
        .decrypt(&mut in_out, DecryptionContext::Iv128(FixedLength::from(iv)))
        .map_err(|_| BackendError)?;
    Ok((&*plain).into())
}

fn unbound(key: &[u8]) -> Result<UnboundCipherKey, BackendError> {
    let algorithm = match key.len() {
        16 => &AES_128,
        24 => &AES_192,
        32 => &AES_256,
        _ => return Err(BackendError),
    };
    UnboundCipherKey::new(algorithm, key).map_err(|_| BackendError)
}
