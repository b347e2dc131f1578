//! Content encryption (RFC 7518 §5).

mod cbc_hmac;
mod gcm;

use std::sync::Arc;

use bulla_core::SecretBytes;
use bulla_core::jwa::{ContentEncryptionAlg, ContentEncryptionScheme};
use bulla_core::key::{BackendError, ContentKey};

use cbc_hmac::CbcHmacHalves;
use gcm::Gcm;

pub(crate) fn content_key(
    key: &SecretBytes,
    enc: ContentEncryptionAlg,
) -> Result<Arc<dyn ContentKey>, BackendError> {
    match scheme(key, enc)? {
        ContentEncryptionScheme::AesGcm => Ok(Arc::new(Gcm::new(key)?)),
        ContentEncryptionScheme::AesCbcHmac(hash) => {
            Ok(Arc::new(CbcHmacHalves::of(key, hash)?.prepare()?))
        }
        _ => Err(BackendError),
    }
}

/// A key for one token: it stays on the stack, and the half of it that is not used is not prepared.
pub(crate) fn with_content_key(
    key: &SecretBytes,
    enc: ContentEncryptionAlg,
    operation: &mut dyn FnMut(&dyn ContentKey) -> Result<(), BackendError>,
) -> Result<(), BackendError> {
    match scheme(key, enc)? {
        ContentEncryptionScheme::AesGcm => operation(&Gcm::new(key)?),
        ContentEncryptionScheme::AesCbcHmac(hash) => operation(&CbcHmacHalves::of(key, hash)?),
        _ => Err(BackendError),
    }
}

fn scheme(
    key: &SecretBytes,
    enc: ContentEncryptionAlg,
) -> Result<ContentEncryptionScheme, BackendError> {
    let facts = enc.facts();
    if key.len() == facts.key_len {
        Ok(facts.scheme)
    } else {
        Err(BackendError)
    }
}
