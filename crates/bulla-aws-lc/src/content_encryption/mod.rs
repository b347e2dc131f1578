//! Content encryption (RFC 7518 §5).

mod cbc_hmac;
mod gcm;

use std::sync::Arc;

use bulla_core::SecretBytes;
use bulla_core::jwa::{ContentEncryptionAlg, ContentEncryptionScheme};
use bulla_core::key::{BackendError, ContentKey};

pub(crate) fn content_key(
    key: &SecretBytes,
    enc: ContentEncryptionAlg,
) -> Result<Arc<dyn ContentKey>, BackendError> {
    let facts = enc.facts();
    if key.len() != facts.key_len {
        return Err(BackendError);
    }
    match facts.scheme {
        ContentEncryptionScheme::AesGcm => gcm::key(key),
        ContentEncryptionScheme::AesCbcHmac(hash) => cbc_hmac::key(key, hash),
        _ => Err(BackendError),
    }
}
