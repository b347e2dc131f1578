//! A token that is taken out and put back, and one that fails: SoftHSM behind the module of `interop/pkcs11_faults`, which
//! `cargo xtask test kms-pkcs11` builds.

#![cfg(feature = "kms-pkcs11")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../suite/mod.rs"]
mod suite;
#[path = "../pkcs11/token.rs"]
#[allow(dead_code, reason = "its other keys are for the other tests")]
mod token;

mod away;
mod faults;
