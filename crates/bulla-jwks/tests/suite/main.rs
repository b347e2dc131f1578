//! The cache, its client and its sources, against issuers that misbehave.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod cache;
mod entra;
mod exchange;
mod guard;
mod header_keys;
mod http;
mod issuers;
mod negative;
mod observed;
mod over_http;
mod resolved;
mod sources;
mod support;
mod tls;
