use core::num::NonZeroU32;
use core::time::Duration;

/// How a key in a vault is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Rules {
    pub(super) deadline: Duration,
    pub(super) tries: u32,
    pub(super) backoff: (Duration, Duration),
    pub(crate) in_flight: usize,
    pub(crate) verification: Verification,
}

/// Which of a vault's signatures are verified here, with the public key, before they are used.
///
/// It costs about as much as a hundredth of the call. It is how a wrong version, a wrong encoding or a salt of the wrong
/// length is found by us and not by whoever receives the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_enums,
    reason = "not verifying at all is not offered"
)]
pub enum Verification {
    /// Each.
    Every,
    /// One in so many, chosen by chance, and the probe at opening. That it is as long as a signature is seen of each.
    OneIn(NonZeroU32),
}

impl Rules {
    /// Three tries within three seconds, 50 ms to 1 s between them by chance; 16 calls at a time; every signature verified.
    pub const fn new() -> Self {
        Self {
            deadline: Duration::from_secs(3),
            tries: 3,
            backoff: (Duration::from_millis(50), Duration::from_secs(1)),
            in_flight: 16,
            verification: Verification::Every,
        }
    }

    /// How long an operation may take, waiting for its turn and further tries included.
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The same, with this much time at least.
    #[cfg_attr(
        not(feature = "kms-azure"),
        allow(dead_code, reason = "not every vault is slow to open")
    )]
    pub(crate) fn at_least(mut self, deadline: Duration) -> Self {
        self.deadline = self.deadline.max(deadline);
        self
    }

    /// How often an operation is tried; once at least.
    pub const fn tries(mut self, tries: u32) -> Self {
        self.tries = if tries == 0 { 1 } else { tries };
        self
    }

    /// The longest wait after a first failure, doubled after each, and the longest at all. The wait itself is a random
    /// part of it, so that many callers do not come back together.
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff = (first, longest);
        self
    }

    /// How many calls may be on their way with one key; one at least. More wait for their turn.
    pub const fn in_flight(mut self, calls: usize) -> Self {
        self.in_flight = if calls == 0 { 1 } else { calls };
        self
    }

    /// Which signatures are verified.
    pub const fn verification(mut self, verification: Verification) -> Self {
        self.verification = verification;
        self
    }
}

impl Rules {
    /// With more time, for what a first call has to do beside.
    #[cfg(feature = "kms-aws")]
    pub(crate) const fn extended_by(mut self, more: Duration) -> Self {
        self.deadline = self.deadline.saturating_add(more);
        self
    }
}

impl Verification {
    pub(crate) fn takes_this_one(self) -> bool {
        match self {
            Self::Every => true,
            Self::OneIn(n) => fastrand::u32(..n.get()) == 0,
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::new()
    }
}
