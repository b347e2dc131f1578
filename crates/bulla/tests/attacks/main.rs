//! Known ways in which JOSE implementations were broken, one named test each.
#![cfg(all(feature = "aws-lc", feature = "pem"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail as tests do"
)]

mod base64url;
mod claims;
mod critical;
mod differential;
mod forge;
mod header_keys;
mod inverno;
mod inverno_jwe;
mod inverno_payload;
mod inverno_trust;
mod json;
mod jwe_agreement;
mod jwe_confusion;
mod jwe_content;
mod jwe_forge;
mod jwe_key_management;
mod jwe_parsing;
mod jwe_pbes2;
mod jwe_property;
mod jwe_rsa;
#[path = "../support/jwe.rs"]
mod jwe_support;
mod jwe_zip;
mod jwk;
mod key_confusion;
mod none;
mod own_code;
mod parsing;
mod payload;
mod pem;
mod serialization;
mod signatures;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/trust.rs"]
#[allow(dead_code, reason = "the tests of trust use all of it")]
mod trust_support;
