//! What keeps RSA1_5 from being an oracle.

use super::DecryptError;
use crate::jwa::{AlgName, ContentEncryptionAlg, KeyManagementAlg, KeyManagementScheme};
use crate::key::{Backend, UnwrapError};
use crate::secret::SecretBytes;

/// Whether the failures of an algorithm must be concealed.
pub(super) fn conceals(alg: &AlgName) -> bool {
    KeyManagementAlg::from_name(alg.as_str())
        .is_some_and(|alg| alg.facts().scheme == KeyManagementScheme::RsaPkcs1)
}

/// RFC 7516 §11.5: wrong padding, or a key of the wrong length, goes on with a random key, drawn in any case, and
/// fails where a wrong tag fails.
pub(super) fn conceal(
    backend: &dyn Backend,
    enc: ContentEncryptionAlg,
    outcome: Result<SecretBytes, UnwrapError>,
) -> Result<SecretBytes, DecryptError> {
    let mut random = vec![0; enc.facts().key_len];
    backend.random(&mut random)?;
    let random = SecretBytes::from(random);
    match outcome {
        Ok(cek) if cek.len() == random.len() => Ok(cek),
        Ok(_) | Err(UnwrapError::Failed) => Ok(random),
        Err(remote @ UnwrapError::Remote { .. }) => Err(remote.into()),
    }
}
