//! What the tests of several crates share: fixed randomness and published vectors.
//!
//! Time needs nothing: a [`SystemTime`](std::time::SystemTime) is a [`Clock`](bulla_core::Clock) that stands still.

mod fixed_random;
pub mod vectors;

pub use fixed_random::FixedRandom;
