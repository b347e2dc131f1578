//! The one joint where local keys, vault keys and custom algorithms meet.
//!
//! A JOSE operation is *prepare, one key operation, finish*; everything but the key operation is the
//! core's. The key operation is a small object-safe trait ([`Sign`], [`Mac`], [`Verify`], [`Wrap`], [`Unwrap`], [`Agree`]), each private
//! one with an async twin that every local key has for free. [`Signer`], [`Verifier`],
//! [`Encrypter`] and [`Decrypter`] bind one of them to one algorithm and a `kid`; only they are used.

mod agree;
mod async_encrypter;
mod async_signer;
mod backend;
mod bind;
mod bind_encryption;
mod content;
mod decrypter;
mod decryption_keys;
mod encrypter;
mod header_cache;
mod input;
mod key_set;
mod keys;
mod rotation;
mod sign;
mod signature;
mod signer;
mod symmetric_wrap;
#[cfg(feature = "test-support")]
mod test_support;
mod token_like;
mod verifier;
mod verify;
mod wrap;

pub use agree::{Agree, AgreeAsync};
pub use async_encrypter::AsyncEncrypter;
pub use async_signer::AsyncSigner;
pub use backend::{Backend, BackendError, KeySpec, PartialPrivateKey};
pub(crate) use bind::sealed;
pub use bind::{Bindable, SigningKey, VerificationKey};
pub use bind_encryption::{DecryptionKey, EncryptionKey, KeyManagementKey};
pub use content::{AesKeyWrap, ContentKey, ContentTag};
pub use decrypter::{AsyncDecrypter, Decrypter};
pub(crate) use decrypter::{BoundDecrypter, DecrypterKind};
pub use decryption_keys::{DecryptionKeySet, DecryptionKeys};
pub use encrypter::Encrypter;
pub(crate) use encrypter::{BoundEncrypter, DirectKey, EncrypterKind};
pub use header_cache::{HeaderCache, SeenHeader};
pub use input::{InputError, SigningInput};
pub use key_set::{KeySet, KeySetPolicy, RejectedRow};
pub use keys::{Candidates, KeyHint, Keys, SelectError};
pub use rotation::{KeyPhase, KeyRotation, KeyStatus, RotationError, RotationKey, RotationPolicy};
pub use sign::{BoxFuture, Mac, MacAsync, Sign, SignAsync, SignError};
pub use signature::Signature;
pub use signer::Signer;
pub(crate) use verifier::Material;
pub use verifier::{KeyInfo, Verifier};
pub use verify::{CheckError, Verify};
pub use wrap::{Unwrap, UnwrapAsync, UnwrapError, Wrap, WrapAsync, WrapError, WrappedKey};
