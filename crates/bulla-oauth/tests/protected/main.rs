//! A protected resource over HTTP on loopback: one named test a row of the checklist and a module of the FAPI 2.0 suite,
//! with the exact status, error and challenge.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod bearer;
mod bound;
mod entra;
mod layer;
mod proofs;
mod site;
#[allow(dead_code, reason = "tests/negative uses the rest")]
#[path = "../negative/token.rs"]
mod token;
