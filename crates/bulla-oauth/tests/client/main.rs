//! The client over a transport that the tests script, and a clock that they move.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod api;
mod discovery;
mod kept;
mod requests;
mod support;
