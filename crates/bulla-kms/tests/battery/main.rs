//! The tests that every vault gets, on a vault in this process; and that they fail where a vault is wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../suite/mod.rs"]
mod suite;

mod faults;
mod soft;
