use std::sync::Arc;

use bulla_core::jwa::{AlgName, SignatureAlg, SignatureScheme};
use bulla_core::jwk::{OkpCurve, PublicKey};
use bulla_core::key::{
    BoxFuture, CheckError, SignAsync, SignError, Signature, SigningInput, Verify,
};

use super::KeyHandle;
use super::handle::Held;
use crate::{ToSign, VaultError};

/// Signs with a key in a vault, and verifies what comes back.
pub(super) struct VaultSign {
    held: Arc<Held>,
    alg: SignatureAlg,
    verify: Arc<dyn Verify>,
    /// Octets of a signature.
    len: Option<usize>,
}

impl VaultSign {
    pub(super) fn new(handle: &KeyHandle, alg: SignatureAlg) -> Result<Self, VaultError> {
        let held = Arc::clone(&handle.0);
        let public = handle
            .public()
            .ok_or_else(|| VaultError::unsupported("the key has no public half"))?;
        let verify = held
            .backend
            .verifier(public.key(), alg)
            .map_err(|error| VaultError::unsupported(error.to_string()))?;
        let len = signature_len(public.key(), alg);
        Ok(Self {
            held,
            alg,
            verify,
            len,
        })
    }

    /// A signature, verified if it has to be or if its turn has come.
    pub(super) async fn sign(
        &self,
        input: &SigningInput<'_>,
        always: bool,
    ) -> Result<Signature, SignError> {
        let message = match self.alg.facts().scheme {
            SignatureScheme::Ecdsa(_, hash)
            | SignatureScheme::RsaPkcs1(hash)
            | SignatureScheme::RsaPss(hash) => ToSign::Digest(input.digest(hash)?),
            _ => ToSign::Whole(input.contiguous()?),
        };
        let held = &self.held;
        let call = || held.key.sign(self.alg, &message);
        let signature = held.calls.run("sign", call).await?;
        // This costs nothing, so it is not left to chance: what is no signature at all never gets into a token.
        if self.len.is_some_and(|len| len != signature.len()) {
            return Err(SignError::from(self.wrong_signature()));
        }
        if always || held.calls.rules().verification.takes_this_one() {
            self.verify
                .verify(input, &signature)
                .map_err(|error| match error {
                    CheckError::Input(error) => SignError::Input(error),
                    _ => SignError::from(self.wrong_signature()),
                })?;
        }
        Ok(Signature::from(signature))
    }

    fn wrong_signature(&self) -> VaultError {
        let provider = self.held.description.provider;
        metrics::counter!("bulla_kms_wrong_signatures_total", "provider" => provider).increment(1);
        tracing::error!(target: "bulla::kms", provider, version = self.held.description.version, "a vault's signature does not verify");
        VaultError::Integrity {
            what: "the signature does not verify with the public key",
        }
    }
}

/// Octets of a signature, for a key that fits the algorithm.
fn signature_len(key: &PublicKey, alg: SignatureAlg) -> Option<usize> {
    match (alg.facts().scheme, key) {
        (SignatureScheme::Ecdsa(curve, _), _) => Some(2 * curve.field_len()),
        (SignatureScheme::MlDsa(parameters), _) => Some(parameters.signature_len()),
        (_, PublicKey::Rsa(key)) => Some(key.n().len()),
        (_, PublicKey::Okp(key)) => match key.curve() {
            OkpCurve::Ed25519 => Some(64),
            OkpCurve::Ed448 => Some(114),
            _ => None,
        },
        _ => None,
    }
}

impl SignAsync for VaultSign {
    fn alg(&self) -> &AlgName {
        self.alg.name()
    }

    fn sign_async<'a>(
        &'a self,
        input: &'a SigningInput<'_>,
    ) -> BoxFuture<'a, Result<Signature, SignError>> {
        Box::pin(self.sign(input, false))
    }
}
