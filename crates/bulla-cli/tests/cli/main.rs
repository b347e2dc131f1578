//! The command line as scripts use it: the real binary, its streams, its files, its exit codes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail as tests do"
)]

mod alg;
mod demo;
mod desk;
mod explain;
mod help;
mod jwe;
mod jwk;
mod jwks;
mod jws;
mod jwt;
mod key_store;
mod keyref;
mod man;
mod serve;
mod token;
mod usage;
mod vault;
