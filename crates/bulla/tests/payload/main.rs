//! Payloads by media type: each both ways, who chooses, tokens within tokens, what builders write.
#![cfg(feature = "aws-lc")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests may fail as tests do"
)]

mod both_ways;
mod building;
mod choosing;
mod keys;
mod nested;
