//! Tokens whose keys are found by what their headers say.

use serde::de::DeserializeOwned;

use super::error::VerifyError;
use super::expect::Expectations;
use super::token::Jwt;
use super::valid::Valid;
use crate::jwe::{self, Jwe};
use crate::jws;
use crate::trust::HeaderKeys;

impl Expectations {
    /// As [`verify`](Self::verify), with the keys that `header_keys` finds for the token.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Jws`] of [`jws::VerifyError::Resolve`] where there is no trusted key, and as for [`verify`](Self::verify).
    ///
    /// ```
    /// # async fn f(token: &str, header_keys: &bulla_core::trust::HeaderKeys) -> Result<(), bulla_core::jwt::VerifyError> {
    /// use bulla_core::jwt::Expectations;
    /// let expect = Expectations::new("https://issuer.example", "api");
    /// let valid = expect.resolve_and_verify::<()>(token, header_keys).await?;
    /// println!("its key is trusted by {}", valid.key().trust());
    /// # Ok(()) }
    /// ```
    pub async fn resolve_and_verify<T: DeserializeOwned>(
        &self,
        token: &str,
        header_keys: &HeaderKeys,
    ) -> Result<Valid<'static, T>, VerifyError> {
        let jwt = Jwt::parse_with(token, self.policy.clone())?;
        let keys = header_keys.keys_for_jwt(&jwt).await;
        let keys = keys.map_err(jws::VerifyError::from)?;
        jwt.verify(&keys)?.validate(self)
    }

    /// As [`decrypt`](Self::decrypt), with the keys that `header_keys` finds for the token.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Jwe`] of [`jwe::DecryptError::Resolve`] where there is no trusted key, and as for [`decrypt`](Self::decrypt).
    pub async fn resolve_and_decrypt<T: DeserializeOwned>(
        &self,
        token: &str,
        header_keys: &HeaderKeys,
    ) -> Result<Valid<'static, T>, VerifyError> {
        self.decrypted(self.resolve_and_open(token, header_keys).await?)
    }

    /// As [`decrypt_verify`](Self::decrypt_verify), with the keys that `header_keys` finds for the outer and for the inner token.
    ///
    /// # Errors
    ///
    /// As for [`resolve_and_decrypt`](Self::resolve_and_decrypt) and [`resolve_and_verify`](Self::resolve_and_verify).
    pub async fn resolve_decrypt_and_verify<T: DeserializeOwned>(
        &self,
        token: &str,
        header_keys: &HeaderKeys,
    ) -> Result<Valid<'static, T>, VerifyError> {
        let outer = self.resolve_and_open(token, header_keys).await?;
        let (outer, inner) = Self::inner_token(outer)?;
        let valid = self.resolve_and_verify(&inner, header_keys).await?;
        Self::with_outer(outer, valid)
    }

    async fn resolve_and_open<'t>(
        &self,
        token: &'t str,
        header_keys: &HeaderKeys,
    ) -> Result<Jwe<'t, jwe::Decrypted>, VerifyError> {
        let policy = self.encryption.as_deref().cloned().unwrap_or_default();
        let jwe = Jwe::parse_compact_with(token, policy)?;
        Ok(header_keys.decrypt_jwe(jwe).await?)
    }
}
