//! The endpoints over HTTP: one named test a row of the checklist for client authentication and DPoP, and a module of
//! the FAPI 2.0 conformance suite, each with its exact answer and the check that the audit log names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod assertion;
mod claims;
mod dpop;
mod endpoints;
mod fapi2;
mod jwt_bearer;
mod nodes;
mod published_keys;
mod replay;
mod support;
mod token;
mod token_request;
