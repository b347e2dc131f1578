//! Keys held elsewhere: sign and decrypt with keys that never leave their vault, through the traits of a local key.
//!
//! ```no_run
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! use bulla_core::{jwa::SignatureAlg, jwt};
//!
//! let key = bulla_kms::open("awskms:alias/tokens?region=eu-west-1").await?; // once, when the program starts
//! let signer = key.signer(SignatureAlg::Es256)?; // once
//! let token = jwt::issue("https://issuer.example").audience("api").sign_async(&signer).await?;
//! let published = key.public(); // verifying takes the public key, and no vault
//! # Ok(()) }
//! ```
//!
//! | To | use |
//! |---|---|
//! | open a key by its URI | [`open`], or [`Opener`] to set rules or a `kid` |
//! | open a key with a client of your own | `aws::open`, `azure::open`, `pkcs11::open` |
//! | sign, decrypt | [`KeyHandle::signer`], [`KeyHandle::decrypter`] |
//! | say which `kid` stands for which key | [`KeyMap`] |
//! | follow an alias, or the newest version | [`FollowedKey`] |
//! | change how a vault is called | [`Rules`] |
//! | bring a vault of your own | [`VaultKey`], [`KeyHandle::open`] |
//!
//! # What holds for every vault
//!
//! * A handle is one version of one key, found out when it is opened, and tried then. It never changes.
//! * Content is hashed here, and the digest is sent; EdDSA, ML-DSA and HMAC alone need the message itself.
//! * Signatures are verified here before they are used, and verification asks no vault.
//! * A call is tried again where that may help, with jitter, inside a deadline; so many calls at a time and no more.
//! * A token never chooses a key: [`KeyMap`] does.
//! * It is called within a Tokio runtime that has timers; outside one it panics, as Tokio does.
//! * Metrics `bulla_kms_*` and `tracing` events say which vault, which operation and how it went, and nothing that is signed.

#[cfg(feature = "kms-aws")]
pub mod aws;
#[cfg(feature = "kms-azure")]
pub mod azure;
mod ecdsa;
mod error;
mod follow;
mod key;
mod open_error;
mod opener;
#[cfg(feature = "kms-pkcs11")]
pub mod pkcs11;
mod rules;
mod uri;
mod vault_key;

pub use error::{Detail, VaultError};
pub use follow::{Followed, FollowedKey};
pub use key::{Description, KeyHandle, KeyMap, Permitted};
pub use open_error::OpenError;
pub use opener::{Opener, open};
pub use rules::{Rules, Verification};
pub use uri::{AwsKmsUri, AzureKeyVaultUri, KeyUri, ObjectType, PinSource, Pkcs11Uri, UriError};
pub use vault_key::{ToSign, VaultKey};
