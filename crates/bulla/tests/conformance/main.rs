//! Published vectors, one named test each.
//!
//! What a fresh clone needs stands in the tests as figures with their RFC section. Larger vector files are read from
//! beside the repository; where there are none, the tests that need them say SKIPPED and end.
#![cfg(all(feature = "aws-lc", feature = "pem"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail as tests do"
)]

mod coming_from_inverno;
mod documents;
mod inverno;
mod inverno_jwe;
mod inverno_payload;
#[path = "../support/jwe.rs"]
mod jwe_support;
mod rfc7515;
mod rfc7516;
mod rfc7517;
mod rfc7517_c;
mod rfc7518;
mod rfc7519;
mod rfc7520;
mod rfc7520_jwe;
mod rfc7638;
mod rfc7797;
mod rfc8037;
mod rfc8037_jwe;
mod rfc8725;
mod rfc9964;
#[path = "../support/mod.rs"]
mod support;
