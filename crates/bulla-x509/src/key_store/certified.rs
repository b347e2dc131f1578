//! Keys and the certificates they stand in.

use bulla_core::jwk::{Jwk, KeyError, PrivateJwk, PublicJwk, pem};
use bulla_core::key::Backend;

use super::KeyStoreError;

/// The private key of a PKCS#8 structure.
pub(super) fn private(der: &[u8], backend: &dyn Backend) -> Result<PrivateJwk, KeyError> {
    match pem::read(der, None, backend)? {
        Jwk::Private(key) => Ok(key),
        other => Err(KeyError::WrongKind {
            found: other.kind(),
            expected: "a private key",
        }),
    }
}

/// The private key with its chain as `x5c`, the certificate of the key itself first.
pub(super) fn with_chain(
    mut key: PrivateJwk,
    chain: Vec<Vec<u8>>,
) -> Result<PrivateJwk, KeyStoreError> {
    let Some(first) = chain.first() else {
        return Ok(key);
    };
    if *PublicJwk::from_certificate(first)?.key() != key.key().public() {
        return Err(KeyStoreError::malformed(
            "the certificate chain",
            "begins with the certificate of another key",
        ));
    }
    key.members_mut().x5c = Some(chain);
    Ok(key)
}

/// The key of a trusted certificate.
pub(super) fn trusted(certificate: &[u8]) -> Result<Jwk, KeyStoreError> {
    let mut key = PublicJwk::from_certificate(certificate)?;
    key.members_mut().x5c = Some(vec![certificate.to_vec()]);
    Ok(Jwk::Public(key))
}
