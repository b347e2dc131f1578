use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla_core::Clock;
use tokio::time::Instant;

/// A time of day that goes with tokio's paused clock, and can be set.
#[derive(Clone, Debug)]
pub(crate) struct TestClock {
    start: Instant,
    set: Arc<AtomicI64>,
}

impl TestClock {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            set: Arc::default(),
        }
    }

    /// Sets the clock, forward or back.
    pub(crate) fn jump(&self, seconds: i64) {
        self.set.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        let seconds = 1_800_000_000 + self.set.load(Ordering::SeqCst);
        UNIX_EPOCH + Duration::from_secs(seconds.try_into().unwrap_or(0)) + self.start.elapsed()
    }
}

/// Lets so much time pass on the paused clock; everything that is due meanwhile happens.
pub(crate) async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}
