//! What goes into the Concat KDF (RFC 7518 §4.6.2).

use crate::jwa::{AlgName, ContentEncryptionAlg};
use crate::key::{Backend, BackendError};
use crate::secret::SecretBytes;

/// Derives a key of `key_len` octets for `algorithm`: the `alg` where the key wraps, the `enc` where it encrypts
/// content. For the CBC suites that is the whole key, MAC key included.
pub(super) fn derive(
    backend: &dyn Backend,
    z: &SecretBytes,
    algorithm: &AlgName,
    key_len: usize,
    apu: &[u8],
    apv: &[u8],
) -> Result<SecretBytes, BackendError> {
    let mut info = Vec::with_capacity(apu.len() + apv.len() + 32);
    for field in [algorithm.as_str().as_bytes(), apu, apv] {
        let length = u32::try_from(field.len()).map_err(|_| BackendError)?;
        info.extend_from_slice(&length.to_be_bytes());
        info.extend_from_slice(field);
    }
    let bits = u32::try_from(key_len * 8).map_err(|_| BackendError)?;
    info.extend_from_slice(&bits.to_be_bytes());
    let mut key = zeroize::Zeroizing::new(vec![0; key_len]);
    backend.concat_kdf(z, &info, &mut key)?;
    Ok(SecretBytes::from(core::mem::take(&mut *key)))
}

/// What an agreement derives: the key that wraps, or the content encryption key itself.
pub(super) fn purpose(
    alg: &AlgName,
    wrap_len: Option<usize>,
    enc: ContentEncryptionAlg,
) -> (&AlgName, usize) {
    match wrap_len {
        Some(key_len) => (alg, key_len),
        None => (enc.name(), enc.facts().key_len),
    }
}
