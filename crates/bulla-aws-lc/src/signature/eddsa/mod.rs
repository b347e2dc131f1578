//! EdDSA (RFC 8037 §3.1, RFC 9864 §2.2).

mod bind;
mod ed25519;
mod ed448;

pub(crate) use bind::{public_of, signer, verifier};
