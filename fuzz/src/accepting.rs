//! A key that accepts every signature, so that the fuzzer reaches what lies behind verification.

use std::sync::Arc;

use bulla_core::jwa::AlgName;
use bulla_core::key::{CheckError, SigningInput, Verifier, Verify};

/// The name in the headers of the corpus; the key answers to it alone.
pub(crate) const ALG: &str = "ES256";

#[derive(Debug)]
struct Accepting(AlgName);

impl Verify for Accepting {
    fn alg(&self) -> &AlgName {
        &self.0
    }

    fn verify(&self, _: &SigningInput<'_>, _: &[u8]) -> Result<(), CheckError> {
        Ok(())
    }
}

/// A verifier that says yes.
pub(crate) fn verifier() -> Verifier {
    Verifier::new(Arc::new(Accepting(AlgName::new(ALG))), None)
}
