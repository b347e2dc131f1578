use std::sync::Arc;

use bulla_core::SecretBytes;
use bulla_core::jwa::{AlgName, KeyManagementAlg};
use bulla_core::jwk::{PublicJwk, PublicKey};
use bulla_core::key::{AgreeAsync, BoxFuture, UnwrapAsync, UnwrapError, WrappedKey};

use super::KeyHandle;
use super::handle::Held;

/// Decrypts content encryption keys with a key in a vault.
pub(super) struct VaultUnwrap {
    held: Arc<Held>,
    alg: KeyManagementAlg,
}

impl VaultUnwrap {
    pub(super) fn new(handle: &KeyHandle, alg: KeyManagementAlg) -> Self {
        Self {
            held: Arc::clone(&handle.0),
            alg,
        }
    }
}

impl UnwrapAsync for VaultUnwrap {
    fn alg(&self) -> &AlgName {
        self.alg.name()
    }

    fn unwrap_key_async<'a>(
        &'a self,
        wrapped: &'a WrappedKey,
    ) -> BoxFuture<'a, Result<SecretBytes, UnwrapError>> {
        let held = &self.held;
        Box::pin(async move {
            // RSA gives as many octets as its modulus has: what cannot be of this key costs no call.
            if let Some(PublicKey::Rsa(own)) = held.description.public.as_ref().map(PublicJwk::key)
                && wrapped.encrypted_key.len() != own.n().len()
            {
                return Err(UnwrapError::Failed);
            }
            let call = || held.key.unwrap(self.alg, &wrapped.encrypted_key);
            Ok(held.calls.run("unwrap", call).await?)
        })
    }
}

/// Agrees on secrets with a key in a vault.
pub(super) struct VaultAgree(Arc<Held>);

impl VaultAgree {
    pub(super) fn new(handle: &KeyHandle) -> Self {
        Self(Arc::clone(&handle.0))
    }
}

impl AgreeAsync for VaultAgree {
    fn agree_async<'a>(
        &'a self,
        ephemeral: &'a PublicKey,
    ) -> BoxFuture<'a, Result<SecretBytes, UnwrapError>> {
        let held = &self.0;
        Box::pin(async move {
            // A point that is not on the curve is the sender's doing, and no vault is asked about it.
            held.backend
                .check_agreement_key(ephemeral)
                .map_err(|_| UnwrapError::Failed)?;
            let same_curve = held
                .description
                .public
                .as_ref()
                .is_some_and(|own| own.key().describe() == ephemeral.describe());
            if !same_curve {
                return Err(UnwrapError::Failed);
            }
            let secret = held
                .calls
                .run("agree", || held.key.agree(ephemeral))
                .await?;
            if secret.expose().iter().all(|octet| *octet == 0) {
                return Err(UnwrapError::Failed);
            }
            Ok(secret)
        })
    }
}
