use std::sync::Arc;

use bulla_core::jwa::{AlgName, MacAlg};
use bulla_core::key::{BoxFuture, MacAsync, SignError, Signature, SigningInput};

use super::KeyHandle;
use super::handle::Held;
use crate::{ToSign, VaultError};

/// Computes authentication codes with a key in a vault.
pub(super) struct VaultMac {
    held: Arc<Held>,
    alg: MacAlg,
}

impl VaultMac {
    pub(super) fn new(handle: &KeyHandle, alg: MacAlg) -> Self {
        Self {
            held: Arc::clone(&handle.0),
            alg,
        }
    }

    async fn mac(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        let message = ToSign::Whole(input.contiguous()?);
        let held = &self.held;
        let code = held
            .calls
            .run("mac", || held.key.mac(self.alg, &message))
            .await?;
        // Nothing here can tell a right code from a wrong one, but for its length.
        if code.len() != self.alg.facts().hash.len() {
            return Err(SignError::from(VaultError::Integrity {
                what: "an authentication code of another length",
            }));
        }
        Ok(Signature::from(code))
    }
}

impl MacAsync for VaultMac {
    fn alg(&self) -> &AlgName {
        self.alg.name()
    }

    fn mac_async<'a>(
        &'a self,
        input: &'a SigningInput<'_>,
    ) -> BoxFuture<'a, Result<Signature, SignError>> {
        Box::pin(self.mac(input))
    }
}
