//! The Wycheproof tests, through the backend's own verifiers. One module a family.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod aes_cbc;
mod agreement;
mod content_encryption;
mod ecdsa;
mod eddsa;
mod hmac;
mod key_wrap;
mod mldsa;
mod pbes2;
mod pbkdf2;
mod rsa;
mod rsa_decrypt;

use core::sync::atomic::{AtomicUsize, Ordering};

use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{KeyError, PublicKey};
use bulla_core::key::{CheckError, SigningInput, Verify};

/// Whether the signature verifies, over the input in one piece and, to the same end, in two.
fn verifies(verify: &dyn Verify, message: &[u8], signature: &[u8]) -> bool {
    let (header, payload) = message.split_at(message.len() / 2);
    let inputs = [
        SigningInput::for_tests(message),
        SigningInput::for_tests_split(header, payload),
    ];
    let [whole, split] = inputs.map(|input| match verify.verify(&input, signature) {
        Ok(()) => true,
        Err(CheckError::SignatureInvalid) => false,
        Err(error) => panic!("{error}"),
    });
    assert_eq!(whole, split);
    whole
}

fn bind(key: PublicKey, alg: SignatureAlg) -> Result<std::sync::Arc<dyn Verify>, KeyError> {
    bulla_aws_lc::backend().verifier(&key, alg)
}

/// How the tests of one set went.
struct Tally {
    set: String,
    accepted: usize,
    refused: usize,
    expected: usize,
}

impl Tally {
    fn new(set: impl core::fmt::Debug, expected: usize) -> Self {
        Self {
            set: format!("{set:?}"),
            accepted: 0,
            refused: 0,
            expected,
        }
    }

    /// Counts a test; its outcome must be the one that the set states.
    fn check(&mut self, id: usize, outcome: bool, stated: bool, why: &str) {
        assert_eq!(outcome, stated, "{} test {id}: {why}", self.set);
        if outcome {
            self.accepted += 1;
        } else {
            self.refused += 1;
        }
    }

    /// Every test of the set was run.
    fn finish(self) {
        let Self {
            set,
            accepted,
            refused,
            expected,
        } = self;
        static TOTAL: AtomicUsize = AtomicUsize::new(0);
        let total = TOTAL.fetch_add(expected, Ordering::Relaxed) + expected;
        println!("{set}: {accepted} accepted, {refused} refused ({total} so far)");
        assert_eq!(accepted + refused, expected, "{set}");
        assert!(expected > 0, "{set} is empty");
    }
}
