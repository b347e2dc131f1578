//! Azure Key Vault and Managed HSM, on Microsoft's SDK.
//!
//! A key is opened by its URI ([`bulla_kms::open`](crate::open)), or with a client of the caller's own:
//!
//! ```no_run
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! use bulla_core::jwa::{KeyManagementAlg, SignatureAlg};
//! use bulla_kms::{Opener, azure};
//!
//! let opener = Opener::new();
//! let credential = azure::credential(&opener)?; // or any `TokenCredential`
//! let client = azure::KeyClient::new("https://contoso.vault.azure.net", credential, Some(azure::options(&opener)?))?;
//! let key = azure::open(client, "tokens", None, &opener).await?;
//! let signer = key.signer(SignatureAlg::Ps256)?;
//! let decrypter = key.decrypter(KeyManagementAlg::RsaOaep256)?;
//! # Ok(()) }
//! ```
//!
//! | Key | signs | decrypts |
//! |---|---|---|
//! | `RSA`, `RSA-HSM` | RS256, RS384, RS512, PS256, PS384, PS512 | RSA-OAEP-256, RSA-OAEP |
//! | `EC`, `EC-HSM` | ES256, ES384, ES512 or ES256K, by its curve | |
//! | `oct-HSM` (Managed HSM) | HS256 with 256 bits | A128KW, A192KW or A256KW, by its length |
//!
//! Of these, what the key's own operations (`key_ops`) name. A key outside its validity (`nbf`, `exp`) still decrypts, as
//! the vault has it. RSA1_5 and RSNULL are there in the vault and not here.

mod answer;
mod client;
mod clients;
mod credential;
mod error;
mod identifier;
mod jwk;
mod key;
mod open;
mod validity;

/// Runs the examples of the pages about it.
#[cfg(doctest)]
#[doc = include_str!("../../../../docs/vaults/azure-key-vault.md")]
#[doc = include_str!("../../../../docs/coming-from-identitymodel-keyvault.md")]
mod pages {}

pub use azure_core::credentials::TokenCredential;
pub use azure_security_keyvault_keys::{KeyClient, KeyClientOptions};

pub use client::options;
pub(crate) use clients::Clients;
pub use credential::credential;
pub use open::open;
pub(crate) use open::open_uri;

/// What metrics and messages call it.
const PROVIDER: &str = "azure-key-vault";
