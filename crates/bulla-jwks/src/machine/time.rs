use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// One reading of both clocks of a machine.
///
/// *Pauses* are measured by the monotonic clock alone, which nobody can set. *Ages* are measured by the one that says
/// more: a machine that slept does not count that time on its monotonic clock, and keys must not live longer for it. A
/// clock that is set back makes nothing younger. One that is set forward makes a set older, so that it is fetched
/// again at once; only where the issuer is down as well does that cost anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    monotonic: Duration,
    wall: Duration,
}

impl Now {
    /// A reading: the time since some fixed moment by a clock that cannot be set, and the time of day.
    #[must_use]
    pub fn new(monotonic: Duration, wall: SystemTime) -> Self {
        Self {
            monotonic,
            wall: wall.duration_since(UNIX_EPOCH).unwrap_or_default(),
        }
    }

    /// The time since some fixed moment by a clock that cannot be set.
    #[must_use]
    pub const fn monotonic(&self) -> Duration {
        self.monotonic
    }

    /// How long ago `earlier` was, by the clock that says more.
    #[must_use]
    pub fn since(&self, earlier: Self) -> Duration {
        self.monotonic
            .saturating_sub(earlier.monotonic)
            .max(self.wall.saturating_sub(earlier.wall))
    }

    /// The reading that both clocks will show after so long.
    #[must_use]
    pub fn after(&self, duration: Duration) -> Self {
        Self {
            monotonic: self.monotonic.saturating_add(duration),
            wall: self.wall.saturating_add(duration),
        }
    }

    /// Whether either clock has come to `deadline`.
    #[must_use]
    pub fn reached(&self, deadline: Self) -> bool {
        self.monotonic >= deadline.monotonic || self.wall >= deadline.wall
    }
}
