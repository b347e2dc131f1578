//! Key stores made by `keytool` and `openssl`, which `tests/fixtures/key_stores/make.sh` made.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod directory;
mod jks;
mod pkcs12;
mod search;
mod support;
mod write;
