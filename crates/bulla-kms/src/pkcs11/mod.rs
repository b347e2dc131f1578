//! Keys on PKCS#11 tokens: hardware security modules, smart cards, SoftHSM, Kryoptic.
//!
//! ```no_run
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! use bulla_core::{jwa::SignatureAlg, jwt};
//!
//! // The PIN is in the environment variable BULLA_PKCS11_PIN, or where `pin-source` says.
//! let key = bulla_kms::open("pkcs11:token=prod;object=tokens?module-path=/usr/lib/softhsm/libsofthsm2.so").await?;
//! let signer = key.signer(SignatureAlg::Es256)?;
//! let token = jwt::issue("https://issuer.example").audience("api").sign_async(&signer).await?;
//! # Ok(()) }
//! ```
//!
//! * A module is loaded and initialised once a process, and stays until the process ends: `C_Initialize` is of a process,
//!   and to end it would end everybody's sessions. Logins too are of a process and a token: a key that was opened without
//!   a PIN may be used once another was opened with it.
//! * A module runs within this process, with all that the process may do. Name only those that you trust.
//! * Sessions are kept and used again, one for each operation that is on its way. A token that was taken out and put back
//!   is found again by what it is called (label, maker, model, serial number), logged in to, and its key found by label and id.
//! * A PIN that a token refused once is not sent to it again by this process, for whichever key, since tokens lock after a
//!   few; nor is one while only one try is left.
//! * What a key may do is asked (mechanisms, key sizes, `CKA_SIGN`, `CKA_DECRYPT`, `CKA_DERIVE`, `CKA_ALLOWED_MECHANISMS`)
//!   and then tried. Not offered: RSA1_5; keys that ask for the PIN before each use (`CKA_ALWAYS_AUTHENTICATE`).

mod curve;
mod error;
mod key;
mod mechanism;
mod module;
mod object;
mod open;
mod operation;
mod permitted;
mod pin;
mod public_key;
mod refused;
mod sessions;
mod token;

pub use open::open;
pub(crate) use open::open_uri;
pub use pin::Pin;

/// Runs the examples of the page.
#[cfg(doctest)]
#[doc = include_str!("../../../../docs/vaults/pkcs11.md")]
mod pages {}

/// For metrics and messages.
const PROVIDER: &str = "pkcs11";
