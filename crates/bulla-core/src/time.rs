//! The clock: an argument, never taken from a token.

use core::fmt;
use std::time::SystemTime;

/// Tells the time to whoever checks `exp`, `nbf` and `iat`.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// A clock that stands still: for tests, and for judging a token as of a given time.
impl Clock for SystemTime {
    fn now(&self) -> SystemTime {
        *self
    }
}
