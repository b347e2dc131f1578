//! AES-CBC with HMAC SHA-2 (RFC 7518 §5.2).

use std::sync::Arc;

use aws_lc_rs::{constant_time, hmac};
use bulla_core::SecretBytes;
use bulla_core::jwa::HashAlg;
use bulla_core::key::{BackendError, ContentKey, ContentTag};

use crate::cbc;

pub(super) fn key(key: &SecretBytes, hash: HashAlg) -> Result<Arc<dyn ContentKey>, BackendError> {
    let algorithm = match hash {
        HashAlg::Sha256 => hmac::HMAC_SHA256,
        HashAlg::Sha384 => hmac::HMAC_SHA384,
        HashAlg::Sha512 => hmac::HMAC_SHA512,
        _ => return Err(BackendError),
    };
    // The first half authenticates, the second encrypts (RFC 7518 §5.2.2.1).
    let (mac_key, enc_key) = key
        .expose()
        .split_at_checked(key.len() / 2)
        .ok_or(BackendError)?;
    Ok(Arc::new(CbcHmac {
        mac: hmac::Key::new(algorithm, mac_key),
        cipher: cbc::Key::new(enc_key)?,
    }))
}

struct CbcHmac {
    mac: hmac::Key,
    cipher: cbc::Key,
}

impl CbcHmac {
    /// The HMAC over A ‖ IV ‖ E ‖ AL, cut to half its length.
    fn tag(&self, iv: &[u8], aad: &[u8], ciphertext: &[u8]) -> Result<ContentTag, BackendError> {
        let bits = (aad.len() as u64).checked_mul(8).ok_or(BackendError)?;
        let mut context = hmac::Context::with_key(&self.mac);
        context.update(aad);
        context.update(iv);
        context.update(ciphertext);
        context.update(&bits.to_be_bytes());
        let code = context.sign();
        let half = code.as_ref().len() / 2;
        code.as_ref()
            .get(..half)
            .map(ContentTag::from)
            .ok_or(BackendError)
    }
}

impl ContentKey for CbcHmac {
    fn encrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        content: &mut Vec<u8>,
    ) -> Result<ContentTag, BackendError> {
        self.cipher.encrypt_in_place(vector(iv)?, content)?;
        self.tag(iv, aad, content)
    }

    fn decrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        content: &mut Vec<u8>,
        tag: &[u8],
    ) -> Result<(), BackendError> {
        let iv = vector(iv)?;
        // Before a single block is decrypted: what is not authentic has no padding to speak of.
        let expected = self.tag(iv, aad, content)?;
        constant_time::verify_slices_are_equal(expected.as_ref(), tag).map_err(|_| BackendError)?;
        let length = self.cipher.decrypt_in_place(iv, content)?;
        content.truncate(length);
        Ok(())
    }
}

fn vector(iv: &[u8]) -> Result<&[u8; 16], BackendError> {
    iv.try_into().map_err(|_| BackendError)
}
