//! AWS KMS: against a double in this process, behind a proxy that breaks answers, and against moto.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "../suite/mod.rs"]
mod suite;

mod client;
mod double;
mod errors;
mod faults;
mod in_process;
mod limits;
mod moto;
mod names;
mod proxy;
mod tls;
mod wire;
mod wrong;
