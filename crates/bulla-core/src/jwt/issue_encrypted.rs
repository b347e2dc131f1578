//! Issuing tokens that are encrypted.

use serde::Serialize;

use super::error::IssueError;
use super::issue::{Issue, jwt_headers};
use crate::jwa::ContentEncryptionAlg;
use crate::jwe::Builder;
use crate::key::{Encrypter, Signer};

impl<C: Serialize + ?Sized> Issue<'_, C> {
    /// Signs the claims, then encrypts the token: the order that RFC 7519 §11.2 recommends.
    ///
    /// # Errors
    ///
    /// As for [`sign`](Self::sign), and [`IssueError::Jwe`].
    ///
    /// ```
    /// # fn f(signer: &bulla_core::key::Signer, bob: &bulla_core::key::Encrypter) -> Result<(), bulla_core::jwt::IssueError> {
    /// use bulla_core::{jwa::ContentEncryptionAlg, jwt};
    /// let token = jwt::issue("https://issuer.example")
    ///     .audience("api")
    ///     .sign_then_encrypt(signer, bob, ContentEncryptionAlg::A256Gcm)?;
    /// # let _ = token; Ok(()) }
    /// ```
    pub fn sign_then_encrypt(
        &self,
        signer: &Signer,
        encrypter: &Encrypter,
        enc: ContentEncryptionAlg,
    ) -> Result<String, IssueError> {
        let token = self.sign(signer)?;
        Ok(Builder::new(&token, enc)
            .cty("JWT")
            .encrypt_compact(encrypter)?)
    }

    /// Encrypts the claims without signing them.
    ///
    /// # Errors
    ///
    /// As for [`sign_then_encrypt`](Self::sign_then_encrypt).
    ///
    /// # Security
    ///
    /// With a public key (RSA, ECDH-ES) such a token says nothing about who made it; with a shared key it does.
    pub fn encrypt(
        &self,
        encrypter: &Encrypter,
        enc: ContentEncryptionAlg,
    ) -> Result<String, IssueError> {
        let claims = self.to_json()?;
        let headers = self.headers.clone().unwrap_or_else(jwt_headers);
        let builder = headers
            .into_protected()
            .into_iter()
            .fold(Builder::new(&claims, enc), |builder, (name, value)| {
                builder.header(name, value)
            });
        Ok(builder.encrypt_compact(encrypter)?)
    }

    /// Encrypts the claims, then signs the ciphertext. A deliberate choice: the signature can be replaced by
    /// somebody else's, and what it covers is hidden from who verifies it.
    ///
    /// # Errors
    ///
    /// As for [`sign_then_encrypt`](Self::sign_then_encrypt).
    pub fn encrypt_then_sign(
        &self,
        encrypter: &Encrypter,
        enc: ContentEncryptionAlg,
        signer: &Signer,
    ) -> Result<String, IssueError> {
        let token = self.encrypt(encrypter, enc)?;
        Ok(crate::jws::Builder::new(&token)
            .cty("JWT")
            .sign_compact(signer)?)
    }
}
