//! ECDSA (RFC 7518 §3.4, RFC 8812 §3.2). Signatures are R‖S, each as long as the field.

mod bind;
mod nist;
mod secp256k1;

pub(crate) use bind::{public_of, signer, verifier};
