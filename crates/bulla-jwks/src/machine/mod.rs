//! When to ask the issuer, and what may be served meanwhile: a pure state machine.
//!
//! It does no I/O, reads no clock and holds no keys. What happens is told to it (time passed, an answer came, a
//! request failed, a token named a key that is not there) and it says what to do. So every rule can be tried by
//! tests in any order and at any time, and [`RemoteKeys`](crate::RemoteKeys) is only plumbing around it.

mod policy;
mod state;
mod step;
mod time;
mod unknown;

pub use policy::CachePolicy;
pub use state::Machine;
pub use step::{Answer, Ask, Fetch, Next, Phase, Refused, Verdict};
pub use time::Now;

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
