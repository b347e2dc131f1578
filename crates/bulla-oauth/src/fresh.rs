//! Identifiers that nobody can guess and nobody had before.

use bulla_core::base64url;
use bulla_core::key::{Backend, BackendError};

/// 128 random bits, base64url: a `jti`.
pub(crate) fn id(backend: &dyn Backend) -> Result<String, BackendError> {
    let mut octets = [0; 16];
    backend.random(&mut octets)?;
    Ok(base64url::encode(octets))
}
