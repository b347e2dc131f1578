//! The JOSE toolkit: sign, encrypt, issue and check JWS, JWE and JWT, with keys bound to one algorithm.
//!
//! This crate is what an application adds. It re-exports `bulla-core` at its root (formats, types and
//! traits, without ciphers and without I/O) and, with the default feature `aws-lc`, adds the free functions that
//! bind keys to the software backend:
//!
//! | to | call |
//! |---|---|
//! | make a key | [`generate`], [`generate_secret`], [`generate_spec`] |
//! | sign with it | [`signer`], [`signer_for`] |
//! | verify with it | [`verifier`], [`verifier_for`] |
//! | encrypt to it | [`encrypter`], [`encrypter_for`], [`password_encrypter`] |
//! | decrypt with it | [`decrypter`], [`decrypter_for`], [`password_decrypter`] |
//! | verify with a set of keys | [`key_set`], [`key_set_with`] |
//! | read and write PEM and DER | [`import`], and the functions of [`jwk::pem`] with [`backend`] |
//!
//! ```
#![doc = include_str!("../examples/readme.rs")]
//! ```
//!
//! # Features
//!
//! A feature adds API and never changes behaviour; no two exclude each other.
//!
//! * `aws-lc` (default): the software backend, and the functions above.
//! * `pem` (default): PEM and DER import and export.
//! * `jwks`: keys published elsewhere, as `bulla::jwks`: JWK Sets over HTTPS, discovery, Microsoft Entra. Needs tokio.
//! * `kms`, and with it `kms-aws`, `kms-azure`, `kms-pkcs11`: keys held elsewhere, the module `kms`.
//! * `oauth`: client assertions, DPoP, access tokens and their messages, the module `oauth`.
//! * `x509`: certificates and key stores, the module `x509`.
//! * `platform-roots`: `x509`, and the trust anchors of the operating system.

#[cfg(feature = "aws-lc")]
mod bind;
#[cfg(feature = "aws-lc")]
mod generate;
#[cfg(all(feature = "aws-lc", feature = "pem"))]
mod import;

/// Runs the examples of the pages that are no part of the documentation.
#[cfg(all(doctest, feature = "aws-lc"))]
#[doc = include_str!("../../../docs/coming-from-inverno.md")]
#[cfg_attr(feature = "jwks", doc = include_str!("../../../docs/key-rollover.md"))]
mod pages {}

/// Runs the examples that no page shows whole.
#[cfg(all(doctest, feature = "aws-lc"))]
#[doc = concat!("```\n", include_str!("../examples/custom_algorithm.rs"), "\n```")]
#[doc = concat!("```\n", include_str!("../examples/algorithm_layer.rs"), "\n```")]
mod examples {}

pub use bulla_core::*;
#[cfg(feature = "jwks")]
pub use bulla_jwks as jwks;
#[cfg(feature = "kms")]
pub use bulla_kms as kms;
#[cfg(feature = "oauth")]
pub use bulla_oauth as oauth;
#[cfg(feature = "x509")]
pub use bulla_x509 as x509;

#[cfg(all(feature = "aws-lc", feature = "pem"))]
pub use self::import::import;
#[cfg(feature = "aws-lc")]
pub use self::{
    bind::{
        decrypter, decrypter_for, encrypter, encrypter_for, key_set, key_set_with,
        password_decrypter, password_encrypter, signer, signer_for, verifier, verifier_for,
    },
    generate::{generate, generate_secret, generate_spec},
};
#[cfg(feature = "aws-lc")]
pub use bulla_aws_lc::backend;
