//! Encrypting with keys that may be far away: the key operation first, the rest as ever.

use super::{Builder, EncryptError, RecipientHeader};
use crate::key::AsyncEncrypter;
use crate::secret::SecretBytes;

impl Builder<'_> {
    /// Makes the compact serialization with a key that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`encrypt_compact`](Self::encrypt_compact), and [`EncryptError::Wrap`] where the key does not answer.
    pub async fn encrypt_compact_async(
        self,
        encrypter: &AsyncEncrypter,
    ) -> Result<String, EncryptError> {
        let ready = encrypter.ready(&self.fresh_key(encrypter)?).await?;
        self.encrypt_compact(&ready)
    }

    /// Makes the flattened JSON serialization with a key that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`encrypt_compact_async`](Self::encrypt_compact_async).
    pub async fn encrypt_flattened_async(
        self,
        encrypter: &AsyncEncrypter,
    ) -> Result<String, EncryptError> {
        let ready = encrypter.ready(&self.fresh_key(encrypter)?).await?;
        self.encrypt_flattened(&ready)
    }

    /// Makes the general JSON serialization with keys that may be far away.
    ///
    /// # Errors
    ///
    /// As for [`encrypt_general`](Self::encrypt_general), and [`EncryptError::Wrap`] where a key does not answer.
    pub async fn encrypt_general_async(
        self,
        recipients: &[(&AsyncEncrypter, RecipientHeader)],
    ) -> Result<String, EncryptError> {
        let Some((first, _)) = recipients.first() else {
            return Err(EncryptError::NoRecipient);
        };
        let cek = self.fresh_key(first)?;
        let mut ready = Vec::with_capacity(recipients.len());
        for (encrypter, header) in recipients {
            ready.push((encrypter.ready(&cek).await?, header.clone()));
        }
        let all: Vec<_> = ready
            .iter()
            .map(|(encrypter, header)| (encrypter, header.clone()))
            .collect();
        self.encrypt_general(&all)
    }

    fn fresh_key(&self, encrypter: &AsyncEncrypter) -> Result<SecretBytes, EncryptError> {
        let mut cek = zeroize::Zeroizing::new(vec![0; self.enc.facts().key_len]);
        encrypter.backend().random(&mut cek)?;
        Ok(SecretBytes::from(core::mem::take(&mut *cek)))
    }
}
