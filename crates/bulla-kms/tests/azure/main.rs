//! Azure Key Vault, by answers that are made up here: what a wrong answer, a refusal and a challenge lead to.
//!
//! The cryptography, TLS and the tokens are tested against a vault of its own, in `tests/azure_vault`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod answers;
mod challenge;
mod client;
mod errors;
mod identity;
mod opening;
