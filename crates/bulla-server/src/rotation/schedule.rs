use std::time::Duration;

use bulla::key::RotationPolicy;

/// When signing keys follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RotationSchedule {
    pending: Duration,
    retired: Duration,
    active: Duration,
}

impl RotationSchedule {
    /// A key is published for 24 hours before it signs, signs for 90 days, and stays published for an hour after.
    ///
    /// A day, so that every verifier has fetched the set again, those that look once a day too. An hour, since tokens
    /// live ten minutes.
    pub const fn new() -> Self {
        Self {
            pending: Duration::from_secs(24 * 3600),
            retired: Duration::from_secs(3600),
            active: Duration::from_secs(90 * 24 * 3600),
        }
    }

    /// A key is published for so long before it signs.
    pub const fn pending(mut self, pending: Duration) -> Self {
        self.pending = pending;
        self
    }

    /// A key stays published for so long after it signed.
    pub const fn retired(mut self, retired: Duration) -> Self {
        self.retired = retired;
        self
    }

    /// A key signs for so long. The next one is announced early enough to be there in time.
    pub const fn active(mut self, active: Duration) -> Self {
        self.active = active;
        self
    }

    /// The age of the key that signs at which the next is announced.
    pub(super) fn announce_at(&self) -> Duration {
        self.active.saturating_sub(self.pending)
    }

    pub(super) const fn policy(&self) -> RotationPolicy {
        RotationPolicy::new()
            .announce(self.pending)
            .retain(self.retired)
    }
}

impl Default for RotationSchedule {
    fn default() -> Self {
        Self::new()
    }
}
