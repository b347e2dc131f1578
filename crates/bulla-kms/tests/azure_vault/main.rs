//! Azure Key Vault and Managed HSM, against a double over HTTPS that the SDK for Python takes for a vault
//! (`interop/azure_vault`). Run by `cargo xtask test kms-azure`, which installs what the double and the peers need.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[path = "../suite/mod.rs"]
mod suite;

mod decrypting;
mod double;
mod environment;
mod faults;
mod managed_hsm;
mod rotation;
mod signing;
mod tokens;
mod trust;
mod wire;
