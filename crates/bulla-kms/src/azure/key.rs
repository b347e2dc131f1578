use std::sync::Arc;

use azure_core::http::RequestContent;
use azure_security_keyvault_keys::KeyClient;
use azure_security_keyvault_keys::models::{
    EncryptionAlgorithm, KeyClientSignOptions, KeyClientWrapKeyOptions, KeyOperationParameters,
    SignParameters, SignatureAlgorithm,
};
use bulla_core::SecretBytes;
use bulla_core::jwa::{KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::key::BoxFuture;

use super::answer;
use super::error::{unwrap_error, vault_error};
use super::identifier::Identifier;
use crate::{ToSign, VaultError, VaultKey};

/// One version of a key in a vault.
pub(super) struct AzureKey {
    pub(super) client: Arc<KeyClient>,
    /// The name as it was asked for; the identifier has it in lower case.
    pub(super) name: String,
    pub(super) pinned: Identifier,
    /// By `unwrapkey`, or else by `decrypt`.
    pub(super) unwraps: bool,
}

impl AzureKey {
    async fn signature(
        &self,
        alg: SignatureAlgorithm,
        octets: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let parameters = SignParameters {
            algorithm: Some(alg),
            value: Some(octets.to_vec()),
        };
        let options = KeyClientSignOptions {
            key_version: Some(self.pinned.version().to_owned()),
            ..KeyClientSignOptions::default()
        };
        let sent = self
            .client
            .sign(&self.name, content(parameters)?, Some(options));
        let answer = sent.await.and_then(azure_core::http::Response::into_model);
        let answer = answer.map_err(|error| vault_error(&error))?;
        Ok(answer::of_version(answer, &self.pinned)?.expose().to_vec())
    }

    async fn wrapped(
        &self,
        alg: KeyManagementAlg,
        cek: &SecretBytes,
    ) -> Result<Vec<u8>, VaultError> {
        let content = content(operation(alg, cek.expose())?)?;
        let options = KeyClientWrapKeyOptions {
            key_version: Some(self.pinned.version().to_owned()),
            ..KeyClientWrapKeyOptions::default()
        };
        let sent = self.client.wrap_key(&self.name, content, Some(options));
        let answer = sent.await.and_then(azure_core::http::Response::into_model);
        let answer = answer.map_err(|error| vault_error(&error))?;
        Ok(answer::of_version(answer, &self.pinned)?.expose().to_vec())
    }

    async fn unwrapped(
        &self,
        alg: KeyManagementAlg,
        octets: &[u8],
    ) -> Result<SecretBytes, VaultError> {
        let content = content(operation(alg, octets)?)?;
        let (name, version) = (&self.name, self.pinned.version());
        let sent = if self.unwraps {
            self.client.unwrap_key(name, version, content, None).await
        } else {
            self.client.decrypt(name, version, content, None).await
        };
        let answer = sent.map_err(|error| unwrap_error(&error))?.into_model();
        let answer = answer.map_err(|error| vault_error(&error))?;
        answer::of_version(answer, &self.pinned)
    }
}

impl VaultKey for AzureKey {
    fn sign<'a>(
        &'a self,
        alg: SignatureAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        Box::pin(async move {
            let alg = match alg {
                SignatureAlg::Es256 => SignatureAlgorithm::Es256,
                SignatureAlg::Es256k => SignatureAlgorithm::Es256K,
                SignatureAlg::Es384 => SignatureAlgorithm::Es384,
                SignatureAlg::Es512 => SignatureAlgorithm::Es512,
                SignatureAlg::Ps256 => SignatureAlgorithm::Ps256,
                SignatureAlg::Ps384 => SignatureAlgorithm::Ps384,
                SignatureAlg::Ps512 => SignatureAlgorithm::Ps512,
                SignatureAlg::Rs256 => SignatureAlgorithm::Rs256,
                SignatureAlg::Rs384 => SignatureAlgorithm::Rs384,
                SignatureAlg::Rs512 => SignatureAlgorithm::Rs512,
                _ => return Err(VaultError::unsupported(alg.name().as_str())),
            };
            self.signature(alg, message.octets()).await
        })
    }

    fn mac<'a>(
        &'a self,
        alg: MacAlg,
        message: &'a ToSign<'a>,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        Box::pin(async move {
            match alg {
                MacAlg::Hs256 => {
                    self.signature(SignatureAlgorithm::Hs256, message.octets())
                        .await
                }
                _ => Err(VaultError::unsupported(alg.name().as_str())),
            }
        })
    }

    fn wrap<'a>(
        &'a self,
        alg: KeyManagementAlg,
        cek: &'a SecretBytes,
    ) -> BoxFuture<'a, Result<Vec<u8>, VaultError>> {
        Box::pin(self.wrapped(alg, cek))
    }

    fn unwrap<'a>(
        &'a self,
        alg: KeyManagementAlg,
        encrypted_key: &'a [u8],
    ) -> BoxFuture<'a, Result<SecretBytes, VaultError>> {
        Box::pin(self.unwrapped(alg, encrypted_key))
    }
}

fn operation(alg: KeyManagementAlg, octets: &[u8]) -> Result<KeyOperationParameters, VaultError> {
    let algorithm = match alg {
        KeyManagementAlg::A128Kw => EncryptionAlgorithm::A128Kw,
        KeyManagementAlg::A192Kw => EncryptionAlgorithm::A192Kw,
        KeyManagementAlg::A256Kw => EncryptionAlgorithm::A256Kw,
        KeyManagementAlg::RsaOaep => EncryptionAlgorithm::RsaOaep,
        KeyManagementAlg::RsaOaep256 => EncryptionAlgorithm::RsaOaep256,
        _ => return Err(VaultError::unsupported(alg.name().as_str())),
    };
    Ok(KeyOperationParameters {
        algorithm: Some(algorithm),
        value: Some(octets.to_vec()),
        ..KeyOperationParameters::default()
    })
}

fn content<T>(parameters: T) -> Result<RequestContent<T>, VaultError>
where
    RequestContent<T>: TryFrom<T, Error = azure_core::Error>,
{
    parameters.try_into().map_err(|error| vault_error(&error))
}
