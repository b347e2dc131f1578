//! The key wrapping that is put together from a backend's parts: AES key wrap, AES-GCM key wrap, passwords.

use std::sync::Arc;

use super::{
    AesKeyWrap, Backend, BackendError, ContentKey, Unwrap, UnwrapError, Wrap, WrapError, WrappedKey,
};
use crate::jwa::{AlgName, HashAlg};
use crate::secret::SecretBytes;

/// A128KW, A192KW, A256KW (RFC 7518 §4.4).
pub(crate) struct AesKw {
    pub(crate) alg: AlgName,
    pub(crate) key: Arc<dyn AesKeyWrap>,
}

impl Wrap for AesKw {
    fn alg(&self) -> &AlgName {
        &self.alg
    }

    fn wrap(&self, cek: &SecretBytes) -> Result<WrappedKey, WrapError> {
        Ok(WrappedKey::new(self.key.wrap(cek)?))
    }
}

impl Unwrap for AesKw {
    fn alg(&self) -> &AlgName {
        &self.alg
    }

    fn unwrap_key(&self, wrapped: &WrappedKey) -> Result<SecretBytes, UnwrapError> {
        Ok(self.key.unwrap_key(&wrapped.encrypted_key)?)
    }
}

/// A128GCMKW, A192GCMKW, A256GCMKW (RFC 7518 §4.7): the content encryption of the same name over the key.
pub(crate) struct AesGcmKw {
    pub(crate) alg: AlgName,
    pub(crate) key: Arc<dyn ContentKey>,
    pub(crate) backend: Arc<dyn Backend>,
}

impl Wrap for AesGcmKw {
    fn alg(&self) -> &AlgName {
        &self.alg
    }

    fn wrap(&self, cek: &SecretBytes) -> Result<WrappedKey, WrapError> {
        let mut iv = [0; 12];
        self.backend.random(&mut iv)?;
        let mut encrypted_key = cek.expose().to_vec();
        let tag = self.key.encrypt(&iv, &[], &mut encrypted_key)?;
        let tag = tag.as_ref().try_into().map_err(|_| WrapError::Failed)?;
        Ok(WrappedKey {
            iv: Some(iv),
            tag: Some(tag),
            ..WrappedKey::new(encrypted_key)
        })
    }
}

impl Unwrap for AesGcmKw {
    fn alg(&self) -> &AlgName {
        &self.alg
    }

    fn unwrap_key(&self, wrapped: &WrappedKey) -> Result<SecretBytes, UnwrapError> {
        let (Some(iv), Some(tag)) = (&wrapped.iv, &wrapped.tag) else {
            return Err(UnwrapError::Failed);
        };
        let mut cek = wrapped.encrypted_key.clone();
        self.key.decrypt(iv, &[], &mut cek, tag)?;
        Ok(cek.into())
    }
}

/// PBES2 (RFC 7518 §4.8): a key derived from a password wraps with AES key wrap.
pub(crate) struct Pbes2 {
    pub(crate) alg: AlgName,
    pub(crate) hash: HashAlg,
    pub(crate) key_len: usize,
    pub(crate) password: SecretBytes,
    /// The iterations of a new token; a received one brings its own, within the limits.
    pub(crate) iterations: u32,
    pub(crate) backend: Arc<dyn Backend>,
}

impl Pbes2 {
    fn key(&self, p2s: &[u8], p2c: u32) -> Result<Arc<dyn AesKeyWrap>, BackendError> {
        // The salt is `alg ‖ 0 ‖ p2s`, RFC 7518 §4.8.1.1.
        let salt = [self.alg.as_str().as_bytes(), &[0], p2s].concat();
        let mut key = zeroize::Zeroizing::new(vec![0; self.key_len]);
        self.backend
            .pbkdf2(self.hash, self.password.expose(), &salt, p2c, &mut key)?;
        self.backend
            .aes_key_wrap(&SecretBytes::from(key.as_slice()))
    }
}

impl Wrap for Pbes2 {
    fn alg(&self) -> &AlgName {
        &self.alg
    }

    fn wrap(&self, cek: &SecretBytes) -> Result<WrappedKey, WrapError> {
        let mut p2s = vec![0; 16];
        self.backend.random(&mut p2s)?;
        let encrypted_key = self.key(&p2s, self.iterations)?.wrap(cek)?;
        let p2c = Some(self.iterations);
        Ok(WrappedKey {
            p2s: Some(p2s),
            p2c,
            ..WrappedKey::new(encrypted_key)
        })
    }
}

impl Unwrap for Pbes2 {
    fn alg(&self) -> &AlgName {
        &self.alg
    }

    fn unwrap_key(&self, wrapped: &WrappedKey) -> Result<SecretBytes, UnwrapError> {
        let (Some(p2s), Some(p2c)) = (&wrapped.p2s, wrapped.p2c) else {
            return Err(UnwrapError::Failed);
        };
        Ok(self.key(p2s, p2c)?.unwrap_key(&wrapped.encrypted_key)?)
    }
}

impl From<BackendError> for WrapError {
    fn from(_: BackendError) -> Self {
        Self::Failed
    }
}

impl From<BackendError> for UnwrapError {
    fn from(_: BackendError) -> Self {
        Self::Failed
    }
}
