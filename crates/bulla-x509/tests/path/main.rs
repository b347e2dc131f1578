//! Every rule of a path, over chains that `openssl` made (`tests/fixtures/make.sh`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod anchored;
mod authorities;
mod dates;
mod keys;
mod limits;
mod names;
mod order;
mod purposes;
mod revocation;
mod support;
mod tokens;
mod usage;
