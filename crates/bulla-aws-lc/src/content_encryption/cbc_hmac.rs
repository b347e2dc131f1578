//! AES-CBC with HMAC SHA-2 (RFC 7518 §5.2).

use aws_lc_rs::{constant_time, hmac};
use bulla_core::SecretBytes;
use bulla_core::jwa::HashAlg;
use bulla_core::key::{BackendError, ContentKey, ContentTag};

use crate::cbc;

/// The two keys in one content encryption key. Used as they are, they are prepared for one token.
pub(super) struct CbcHmacHalves<'k> {
    algorithm: hmac::Algorithm,
    mac: &'k [u8],
    enc: &'k [u8],
}

/// Both keys prepared, for any number of tokens.
pub(super) struct CbcHmac {
    mac: hmac::Key,
    cipher: cbc::Key,
}

impl<'k> CbcHmacHalves<'k> {
    pub(super) fn of(key: &'k SecretBytes, hash: HashAlg) -> Result<Self, BackendError> {
        let algorithm = match hash {
            HashAlg::Sha256 => hmac::HMAC_SHA256,
            HashAlg::Sha384 => hmac::HMAC_SHA384,
            HashAlg::Sha512 => hmac::HMAC_SHA512,
            _ => return Err(BackendError),
        };
        // The first half authenticates, the second encrypts (RFC 7518 §5.2.2.1).
        let (mac, enc) = key
            .expose()
            .split_at_checked(key.len() / 2)
            .ok_or(BackendError)?;
        Ok(Self {
            algorithm,
            mac,
            enc,
        })
    }

    pub(super) fn prepare(&self) -> Result<CbcHmac, BackendError> {
        Ok(CbcHmac {
            mac: hmac::Key::new(self.algorithm, self.mac),
            cipher: cbc::Key::new(self.enc)?,
        })
    }

    fn tag(&self, iv: &[u8], aad: &[u8], ciphertext: &[u8]) -> Result<ContentTag, BackendError> {
        let key = hmac::Key::new(self.algorithm, self.mac);
        tag(&key, iv, aad, ciphertext)
    }
}

impl ContentKey for CbcHmacHalves<'_> {
    fn encrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        content: &mut Vec<u8>,
    ) -> Result<ContentTag, BackendError> {
        cbc::encrypt_in_place(self.enc, vector(iv)?, content)?;
        self.tag(iv, aad, content)
    }

    fn decrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        content: &mut Vec<u8>,
        tag: &[u8],
    ) -> Result<(), BackendError> {
        check(&self.tag(iv, aad, content)?, tag)?;
        let length = cbc::decrypt_in_place(self.enc, vector(iv)?, content)?;
        content.truncate(length);
        Ok(())
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
        tag(&self.mac, iv, aad, content)
    }

    fn decrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        content: &mut Vec<u8>,
        sent: &[u8],
    ) -> Result<(), BackendError> {
        check(&tag(&self.mac, iv, aad, content)?, sent)?;
        let length = self.cipher.decrypt_in_place(vector(iv)?, content)?;
        content.truncate(length);
        Ok(())
    }
}

/// The HMAC over A ‖ IV ‖ E ‖ AL, cut to half its length.
fn tag(
    key: &hmac::Key,
    iv: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
) -> Result<ContentTag, BackendError> {
    let bits = (aad.len() as u64).checked_mul(8).ok_or(BackendError)?;
    let mut context = hmac::Context::with_key(key);
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

/// Before a single block is decrypted: what is not authentic has no padding to speak of.
fn check(expected: &ContentTag, sent: &[u8]) -> Result<(), BackendError> {
    constant_time::verify_slices_are_equal(expected.as_ref(), sent).map_err(|_| BackendError)
}

fn vector(iv: &[u8]) -> Result<&[u8; 16], BackendError> {
    iv.try_into().map_err(|_| BackendError)
}
