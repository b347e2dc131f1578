//! Keys on a real PKCS#11 token: SoftHSM 2, and Kryoptic. `cargo xtask test kms-pkcs11` installs them and runs this.

#![cfg(feature = "kms-pkcs11")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../suite/mod.rs"]
mod suite;

mod battery;
mod offered;
mod token;
