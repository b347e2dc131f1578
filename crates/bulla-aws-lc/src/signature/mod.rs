//! Digital signatures: one family a file.

mod bind;
pub(crate) mod ecdsa;
pub(crate) mod eddsa;
pub(crate) mod mldsa;
pub(crate) mod rsa;
pub(crate) mod rsa_primes;

pub(crate) use bind::{signer, verifier};
