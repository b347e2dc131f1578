use std::collections::BTreeMap;

use bulla_core::Header;
use bulla_core::jwa::{KeyManagementAlg, SignatureAlg};
use bulla_core::key::{AsyncDecrypter, AsyncSigner};

use super::KeyHandle;
use crate::VaultError;

/// Which key of which vault a `kid` stands for: said by configuration, and never by a token.
///
/// A token's `kid` is looked up here and goes no further. So nobody who sends tokens chooses keys in a vault, or makes it
/// be asked about keys that are not there.
#[derive(Clone, Debug, Default)]
pub struct KeyMap(BTreeMap<String, KeyHandle>);

impl KeyMap {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With the key that `kid` stands for, instead of the one that it stood for.
    #[must_use]
    pub fn with(mut self, kid: impl Into<String>, key: KeyHandle) -> Self {
        self.0.insert(kid.into(), key);
        self
    }

    /// The key that a `kid` stands for.
    ///
    /// # Errors
    ///
    /// [`VaultError::NotFound`], and no vault was asked.
    pub fn get(&self, kid: &str) -> Result<&KeyHandle, VaultError> {
        self.0.get(kid).ok_or_else(|| VaultError::NotFound {
            detail: format!("the configuration has no key for the kid {kid:?}").into(),
        })
    }

    /// What signs as `kid`, which is then the `kid` of the token, whatever the handle's own is.
    ///
    /// # Errors
    ///
    /// [`VaultError::NotFound`]; [`VaultError::Unsupported`] for an algorithm that the key is not for.
    pub fn signer(&self, kid: &str, alg: SignatureAlg) -> Result<AsyncSigner, VaultError> {
        Ok(self.get(kid)?.signer(alg)?.with_kid(kid))
    }

    /// What decrypts a JWE with this header, by its `kid`, if its `alg` is one of those allowed.
    ///
    /// # Errors
    ///
    /// [`VaultError::NotFound`] for a `kid` that is missing or stands for no key; [`VaultError::Unsupported`] for an
    /// algorithm that is not allowed or that the key is not for.
    pub fn decrypter(
        &self,
        header: &Header,
        allowed: &[KeyManagementAlg],
    ) -> Result<AsyncDecrypter, VaultError> {
        let kid = header.kid().ok_or_else(|| VaultError::NotFound {
            detail: "the token names no kid".into(),
        })?;
        let key = self.get(kid)?;
        let alg = header
            .alg()
            .and_then(|name| KeyManagementAlg::from_name(name.as_str()))
            .filter(|alg| allowed.contains(alg))
            .ok_or_else(|| VaultError::unsupported("the token's algorithm is not allowed"))?;
        key.decrypter(alg)
    }
}
