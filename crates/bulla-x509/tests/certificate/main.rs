//! What stands in a certificate, and what hostile ones do to whoever looks.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod certify;
mod files;
mod mutated;
#[path = "../path/support.rs"]
#[allow(dead_code)]
mod support;
mod view;
