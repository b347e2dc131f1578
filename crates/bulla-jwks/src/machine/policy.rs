use std::time::Duration;

use crate::freshness::Freshness;

/// Every number that decides when an issuer is asked and how long its keys are used. `Default` is what we recommend.
///
/// ```
/// use std::time::Duration;
/// use bulla_jwks::machine::CachePolicy;
///
/// // Microsoft asks that an unknown key be looked for no more often than every five minutes.
/// let policy = CachePolicy { cooldown: Duration::from_secs(300), ..CachePolicy::default() };
/// assert_eq!(policy.stale_bound(policy.ttl_default), Duration::from_secs(6_000));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CachePolicy {
    /// How long a set is fresh where the answer does not say: 10 minutes.
    pub ttl_default: Duration,
    /// The shortest time a set is fresh whatever the answer says (`no-store`, `max-age=0`): 5 minutes.
    pub ttl_min: Duration,
    /// The longest time a set is fresh whatever the answer says: 24 hours. How fast a key that was withdrawn is
    /// forgotten depends on it.
    pub ttl_max: Duration,
    /// The part of its fresh time after which a set is fetched again in the background: 0.8.
    pub refresh_at: f64,
    /// By how much, up or down, that moment and the pauses after failures differ from one process to another: 0.1.
    pub jitter: f64,
    /// The least time between two requests that tokens with an unknown `kid` cause: 30 seconds. It begins when the
    /// request is made, whatever comes of it, and scheduled requests do not touch it.
    pub cooldown: Duration,
    /// How many unknown `kid`s are remembered, so that they cause no further request: 1,024.
    pub unknown_kids: usize,
    /// How long an unknown `kid` is remembered at most: 5 minutes. The first time it is for as long as the cooldown,
    /// each further time twice as long.
    pub unknown_ttl_max: Duration,
    /// Octets of a `kid` that is looked for at the issuer: 256. A longer one is never.
    pub kid_len: usize,
    /// A set is served while the issuer fails for at least this long after the issuer last confirmed it: 1 hour.
    pub stale_min: Duration,
    /// And for this many times its fresh time: 10. Zero is as one: what is fresh is served.
    pub stale_ttls: u32,
    /// But never longer than this: 24 hours. Then no key is left and nothing verifies.
    pub stale_max: Duration,
    /// The pause after the first failure in a row: 1 second. Each further one doubles it.
    pub retry_min: Duration,
    /// The longest pause after failures: 30 seconds.
    pub retry_max: Duration,
    /// The longest `Retry-After` that is believed: 5 minutes.
    pub retry_after_max: Duration,
    /// Whether an answer without one usable key leaves the set before it in place, within its stale time: yes.
    /// At first load such an answer is an error either way.
    pub keep_on_empty: bool,
}

impl Default for CachePolicy {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            ttl_default: seconds(600),
            ttl_min: seconds(300),
            ttl_max: seconds(24 * 3_600),
            refresh_at: 0.8,
            jitter: 0.1,
            cooldown: seconds(30),
            unknown_kids: 1_024,
            unknown_ttl_max: seconds(300),
            kid_len: 256,
            stale_min: seconds(3_600),
            stale_ttls: 10,
            stale_max: seconds(24 * 3_600),
            retry_min: seconds(1),
            retry_max: seconds(30),
            retry_after_max: seconds(300),
            keep_on_empty: true,
        }
    }
}

impl CachePolicy {
    /// How long a set is fresh whose answer said this.
    #[must_use]
    pub fn ttl(&self, freshness: Freshness) -> Duration {
        let ttl = match freshness {
            Freshness::Every(period) => return period,
            Freshness::Unstated => self.ttl_default,
            Freshness::MaxAge(age) => age,
        };
        // Not `clamp`, which panics where somebody sets the bounds the wrong way round.
        ttl.max(self.ttl_min).min(self.ttl_max)
    }

    /// How long after the issuer last confirmed it a set may be served, if it is fresh for `ttl`.
    #[must_use]
    pub fn stale_bound(&self, ttl: Duration) -> Duration {
        self.stale_min
            .max(ttl.saturating_mul(self.stale_ttls.max(1)))
            .min(self.stale_max)
    }
}
