//! How keys earn trust: stores, resolvers, headers.
#![cfg(all(feature = "aws-lc", feature = "pem"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail as tests do"
)]

mod contradictions;
mod decryption;
mod named;
mod reason;
mod resolution;
mod several;
mod store;
#[path = "../support/trust.rs"]
mod support;
mod tried;
mod urls;
