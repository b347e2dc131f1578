use super::BackendError;
use crate::secret::SecretBytes;

/// Encrypts and decrypts content under one content encryption key, in place (RFC 7518 §5).
pub trait ContentKey: Send + Sync {
    /// Encrypts `content` where it stands, padding included, and returns the tag.
    ///
    /// # Errors
    ///
    /// [`BackendError`] where the primitive fails.
    fn encrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        content: &mut Vec<u8>,
    ) -> Result<ContentTag, BackendError>;

    /// Checks the tag, then decrypts `content` where it stands.
    ///
    /// # Errors
    ///
    /// [`BackendError`] whatever is wrong: the lengths of `iv` and `tag`, the tag, the padding. What is left in
    /// `content` then is nobody's to read.
    fn decrypt(
        &self,
        iv: &[u8],
        aad: &[u8],
        content: &mut Vec<u8>,
        tag: &[u8],
    ) -> Result<(), BackendError>;
}

/// The authentication tag of encrypted content. None that JOSE registers needs an allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentTag(smallvec::SmallVec<[u8; 32]>);

impl From<&[u8]> for ContentTag {
    fn from(octets: &[u8]) -> Self {
        Self(smallvec::SmallVec::from_slice(octets))
    }
}

impl AsRef<[u8]> for ContentTag {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// AES Key Wrap (RFC 3394) under one key.
pub trait AesKeyWrap: Send + Sync {
    /// Wraps a key of at least 16 octets, a multiple of 8.
    ///
    /// # Errors
    ///
    /// [`BackendError`] for a key of another length.
    fn wrap(&self, key: &SecretBytes) -> Result<Vec<u8>, BackendError>;

    /// Unwraps it, if its integrity holds.
    ///
    /// # Errors
    ///
    /// [`BackendError`] whatever is wrong.
    fn unwrap_key(&self, wrapped: &[u8]) -> Result<SecretBytes, BackendError>;
}
