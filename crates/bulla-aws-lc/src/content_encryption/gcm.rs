//! AES-GCM (RFC 7518 §5.3).

use aws_lc_rs::aead::{AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use bulla_core::SecretBytes;
use bulla_core::key::{BackendError, ContentKey, ContentTag};

pub(super) struct Gcm(LessSafeKey);

impl Gcm {
    pub(super) fn new(key: &SecretBytes) -> Result<Self, BackendError> {
        let algorithm = match key.len() {
            16 => &AES_128_GCM,
            24 => &AES_192_GCM,
            32 => &AES_256_GCM,
            _ => return Err(BackendError),
        };
        let key = UnboundKey::new(algorithm, key.expose()).map_err(|_| BackendError)?;
        Ok(Self(LessSafeKey::new(key)))
    }
}

/// RFC 7518 §5.3 wants 128 bits and nothing shorter.
const TAG_LEN: usize = 16;

impl ContentKey for Gcm {
    fn encrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        content: &mut Vec<u8>,
    ) -> Result<ContentTag, BackendError> {
        let tag = self
            .0
            .seal_in_place_separate_tag(nonce(iv)?, Aad::from(aad), content)
            .map_err(|_| BackendError)?;
        Ok(ContentTag::from(tag.as_ref()))
    }

    fn decrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        content: &mut Vec<u8>,
        tag: &[u8],
    ) -> Result<(), BackendError> {
        if tag.len() != TAG_LEN {
            return Err(BackendError);
        }
        self.0
            .open_in_place_separate_tag(nonce(iv)?, Aad::from(aad), tag, content)
            .map(drop)
            .map_err(|_| BackendError)
    }
}

fn nonce(iv: &[u8]) -> Result<Nonce, BackendError> {
    Nonce::try_assume_unique_for_key(iv).map_err(|_| BackendError)
}
