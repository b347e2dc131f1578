//! AWS KMS: signing, RSA decryption, key agreement and authentication codes with keys that stay there.
//!
//! ```no_run
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! use bulla_core::{jwa::SignatureAlg, jwt};
//!
//! let key = bulla_kms::open("awskms:alias/tokens?region=eu-west-1").await?;
//! let signer = key.signer(SignatureAlg::Es256)?;
//! let token = jwt::issue("https://issuer.example").audience("api").sign_async(&signer).await?;
//! # Ok(()) }
//! ```
//!
//! With a client of your own, say with the credentials of a role:
//!
//! ```no_run
//! # async fn f() -> Result<(), Box<dyn std::error::Error>> {
//! use bulla_kms::{Opener, aws};
//!
//! let config = aws::aws_config::load_from_env().await;
//! let client = aws::aws_sdk_kms::Client::new(&config);
//! let key = aws::open(&client, "alias/tokens", &Opener::new()).await?;
//! assert!(key.version().starts_with("arn:"));
//! # Ok(()) }
//! ```
//!
//! | Key spec | Algorithms |
//! |---|---|
//! | `ECC_NIST_P256`, `ECC_NIST_P384`, `ECC_NIST_P521` | ES256, ES384, ES512; with the usage `KEY_AGREEMENT` ECDH-ES and its three wrapping forms |
//! | `ECC_SECG_P256K1` | ES256K |
//! | `ECC_NIST_EDWARDS25519` | EdDSA, Ed25519: what is signed is sent, 4,096 octets at most |
//! | `ML_DSA_44`, `ML_DSA_65`, `ML_DSA_87` | the algorithm of that name: likewise |
//! | `RSA_2048`, `RSA_3072`, `RSA_4096` | RS256, RS384, RS512, PS256, PS384, PS512; with the usage `ENCRYPT_DECRYPT` RSA-OAEP, RSA-OAEP-256 |
//! | `HMAC_256`, `HMAC_384`, `HMAC_512` | HS256, HS384, HS512: likewise; nothing can be verified here |
//!
//! An alias is resolved once, when the key is opened, and every answer is held against the ARN that it stood for: a key of
//! KMS is never replaced in place, so the ARN is the version. A policy has to allow `kms:GetPublicKey` and the one
//! operation (`kms:Sign`, `kms:Decrypt`, `kms:DeriveSharedSecret`); for an HMAC key also `kms:DescribeKey`, and `kms:GenerateMac`.

mod algorithms;
mod clients;
mod connect;
mod describe;
mod error;
mod https;
mod key;

/// The SDK's configuration, in the version that fits [`open`].
pub use aws_config;
/// The SDK, in the version that fits [`open`].
pub use aws_sdk_kms;
pub(crate) use clients::Clients;
pub use connect::open;
pub(crate) use connect::open_uri;

/// The programs of the pages compile.
#[cfg(doctest)]
#[doc = include_str!("../../../../docs/vaults/aws-kms.md")]
#[doc = include_str!("../../../../docs/coming-from-aws-kms-es256.md")]
struct Pages;
