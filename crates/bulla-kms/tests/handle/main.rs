//! What a handle does with a vault, whichever it is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod decrypt;
mod map;
mod rotation;
mod sign;
mod vault;
