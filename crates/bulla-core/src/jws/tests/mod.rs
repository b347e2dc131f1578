//! The formats by themselves, with a toy key: its signature is SHA-256 of its name and the input.

mod compact;
mod crit;
mod json;
mod stream;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::base64url;
use crate::jwa::{AlgName, HashAlg};
use crate::key::{CheckError, Sign, SignError, Signature, Signer, SigningInput, Verifier, Verify};

/// A key whose signatures are no secret, and that counts how often it was asked to verify.
pub(super) struct Toy {
    alg: AlgName,
    name: &'static str,
    pub(super) checks: AtomicUsize,
}

impl Toy {
    pub(super) fn new(alg: &'static str, name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            alg: AlgName::from_static(alg),
            name,
            checks: AtomicUsize::new(0),
        })
    }

    pub(super) fn signer(self: &Arc<Self>) -> Signer {
        Signer::new(
            Arc::clone(self) as Arc<dyn Sign>,
            Some(self.name.to_owned()),
        )
    }

    pub(super) fn verifier(self: &Arc<Self>) -> Verifier {
        Verifier::new(
            Arc::clone(self) as Arc<dyn Verify>,
            Some(self.name.to_owned()),
        )
    }

    pub(super) fn checks(&self) -> usize {
        self.checks.load(Ordering::Relaxed)
    }

    fn compute(&self, input: &SigningInput<'_>) -> Result<Signature, crate::key::InputError> {
        let digest = input.digest(HashAlg::Sha256)?;
        let named = HashAlg::Sha256.digest(&[self.name.as_bytes(), digest.as_ref()].concat());
        Ok(Signature::from(named.as_ref()))
    }

    /// Signs a compact token of any header text, right or wrong.
    pub(super) fn token(&self, header: &str, payload: &str) -> String {
        let signing = format!("{}.{payload}", base64url::encode(header));
        let signature = self
            .compute(&SigningInput::whole(signing.as_bytes()))
            .unwrap();
        format!("{signing}.{}", base64url::encode(signature.as_ref()))
    }

    /// One signature over a segment and a payload text, base64url.
    pub(super) fn signature(&self, segment: &str, payload: &str) -> String {
        let signing = format!("{segment}.{payload}");
        base64url::encode(
            self.compute(&SigningInput::whole(signing.as_bytes()))
                .unwrap()
                .as_ref(),
        )
    }
}

impl Sign for Toy {
    fn alg(&self) -> &AlgName {
        &self.alg
    }

    fn sign(&self, input: &SigningInput<'_>) -> Result<Signature, SignError> {
        Ok(self.compute(input)?)
    }
}

impl Verify for Toy {
    fn alg(&self) -> &AlgName {
        &self.alg
    }

    fn verify(&self, input: &SigningInput<'_>, signature: &[u8]) -> Result<(), CheckError> {
        self.checks.fetch_add(1, Ordering::Relaxed);
        if self.compute(input)?.as_ref() == signature {
            Ok(())
        } else {
            Err(CheckError::SignatureInvalid)
        }
    }
}
