//! Keys from PEM and DER.

use crate::jwk::{Jwk, KeyError};

/// Reads a key.
///
/// # Errors
///
/// [`KeyError`].
pub fn import(octets: &[u8], password: Option<&[u8]>) -> Result<Jwk, KeyError> {
    let _ = (octets, password);
    Err(KeyError::Unsupported("PEM"))
}
