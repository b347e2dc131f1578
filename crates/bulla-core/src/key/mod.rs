//! The one joint where local keys, vault keys and custom algorithms meet.
//!
//! A JOSE operation is *prepare, one key operation, finish*; everything but the key operation is the
//! core's. The key operation is a small object-safe trait ([`Sign`], [`Mac`], [`Verify`]), each private
//! one with an async twin that every local key has for free. [`Signer`], [`AsyncSigner`] and [`Verifier`] bind
//! one of them to one algorithm and a `kid`; only they sign and verify.

mod async_signer;
mod backend;
mod bind;
mod header_cache;
mod input;
mod key_set;
mod keys;
mod sign;
mod signature;
mod signer;
#[cfg(feature = "test-support")]
mod test_support;
mod verifier;
mod verify;

pub use async_signer::AsyncSigner;
pub use backend::{Backend, BackendError, KeySpec, PartialPrivateKey};
pub use bind::{Bindable, SigningKey, VerificationKey};
pub use header_cache::{HeaderCache, SeenHeader};
pub use input::{InputError, SigningInput};
pub use key_set::{KeySet, KeySetPolicy, RejectedRow};
pub use keys::{Candidates, KeyHint, Keys, SelectError};
pub use sign::{BoxFuture, Mac, MacAsync, Sign, SignAsync, SignError};
pub use signature::Signature;
pub use signer::Signer;
pub use verifier::{KeyInfo, Verifier};
pub use verify::{CheckError, Verify};
