//! The software backend of Bulla: every JOSE algorithm on [`aws_lc_rs`], except ES256K (`k256`), Ed448 and X448
//! (`ed448-goldilocks-plus`).
//!
//! Everything costly is prepared once, when a key is bound: parsed public keys, key pairs, padded HMAC states.
//! A key that is mathematically wrong never becomes usable: points off their curve or of small order, private
//! members that do not belong to the public ones, RSA moduli out of range.
//!
//! ECDSA and RSA hash the input first and sign the digest, whether it stands in memory or is streamed: that is as
//! fast as the one call that does both. The service indicator of the FIPS build (feature `fips`) counts only the
//! one call as approved; ES256K and Ed448 are outside its boundary.
//!
//! ```
//! use bulla_core::jwa::SignatureAlg;
//! use bulla_core::jwk::{EcCurve, PrivateJwk};
//! use bulla_core::key::{KeySpec, Signer};
//!
//! let backend = bulla_aws_lc::backend();
//! let key = PrivateJwk::new(backend.generate(KeySpec::Ec(EcCurve::P256))?);
//! let signer = Signer::bind(&backend, &key)?;
//! assert_eq!(signer.alg(), SignatureAlg::Es256.name());
//! # Ok::<(), bulla_core::jwk::KeyError>(())
//! ```

mod backend;
mod cbc;
mod complete;
mod content_encryption;
mod generate;
mod hash;
mod kdf;
mod key_management;
mod mac;
mod signature;

pub use backend::{AwsLc, backend};
