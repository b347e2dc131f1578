use std::sync::Arc;
use std::time::Duration;

use bulla_core::Clock;
use tokio::time::Instant;

use crate::machine::Now;

/// Both clocks: tokio's, which timers go by, and the time of day.
#[derive(Clone, Debug)]
pub(super) struct Clocks {
    start: Instant,
    wall: Arc<dyn Clock>,
}

impl Clocks {
    pub(super) fn new(wall: Arc<dyn Clock>) -> Self {
        Self {
            start: Instant::now(),
            wall,
        }
    }

    pub(super) fn now(&self) -> Now {
        Now::new(self.start.elapsed(), self.wall.now())
    }

    pub(super) fn wall(&self) -> &dyn Clock {
        self.wall.as_ref()
    }

    /// The moment when the monotonic clock shows `reading`; within a day, which is never long.
    pub(super) fn instant(&self, reading: Duration) -> Instant {
        let longest = self.start.elapsed().saturating_add(DAY);
        self.start + reading.min(longest)
    }
}

const DAY: Duration = Duration::from_secs(24 * 3_600);
