use core::time::Duration;

/// How long a key is public before it signs, and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RotationPolicy {
    pub(super) announce: Duration,
    pub(super) retain: Duration,
}

impl RotationPolicy {
    /// A new key is public for 15 minutes before it signs, and for 10 minutes after: fit for client assertions, which
    /// live a minute, and for verifiers that keep a set for 10 minutes.
    pub const fn new() -> Self {
        Self {
            announce: Duration::from_secs(15 * 60),
            retain: Duration::from_secs(10 * 60),
        }
    }

    /// A new key is public for so long before it signs: at least for as long as verifiers keep the set they have.
    pub const fn announce(mut self, announce: Duration) -> Self {
        self.announce = announce;
        self
    }

    /// A key that signs no more stays public for so long: at least for as long as what it signed is valid, and what
    /// clocks may differ by.
    pub const fn retain(mut self, retain: Duration) -> Self {
        self.retain = retain;
        self
    }

    /// How long a new key is public before it signs. A published set should be kept for less.
    #[must_use]
    pub const fn announced_for(&self) -> Duration {
        self.announce
    }

    /// How long a key stays public that signs no more.
    #[must_use]
    pub const fn retained_for(&self) -> Duration {
        self.retain
    }
}

impl Default for RotationPolicy {
    fn default() -> Self {
        Self::new()
    }
}
