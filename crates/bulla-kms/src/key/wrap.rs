use std::sync::Arc;

use bulla_core::SecretBytes;
use bulla_core::jwa::{AlgName, KeyManagementAlg};
use bulla_core::key::{BoxFuture, WrapAsync, WrapError, WrappedKey};

use super::KeyHandle;
use super::handle::Held;

/// Encrypts content encryption keys with a key in a vault that has no public half.
pub(super) struct VaultWrap {
    held: Arc<Held>,
    alg: KeyManagementAlg,
}

impl VaultWrap {
    pub(super) fn new(handle: &KeyHandle, alg: KeyManagementAlg) -> Self {
        Self {
            held: Arc::clone(&handle.0),
            alg,
        }
    }
}

impl WrapAsync for VaultWrap {
    fn alg(&self) -> &AlgName {
        self.alg.name()
    }

    fn wrap_async<'a>(
        &'a self,
        cek: &'a SecretBytes,
    ) -> BoxFuture<'a, Result<WrappedKey, WrapError>> {
        let held = &self.held;
        Box::pin(async move {
            let wrapped = held
                .calls
                .run("wrap", || held.key.wrap(self.alg, cek))
                .await?;
            Ok(WrappedKey::new(wrapped))
        })
    }
}
