use std::time::Duration;

use super::unknown::UnknownKids;
use super::{Answer, Ask, CachePolicy, Fetch, Next, Now, Phase, Refused, Verdict};
use crate::freshness::Freshness;

/// When to ask the issuer, and until when its answer may be served.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use bulla_jwks::{Freshness, machine::{Answer, CachePolicy, Machine, Next, Now, Phase}};
///
/// let wall = SystemTime::now();
/// let at = |seconds| Now::new(Duration::from_secs(seconds), wall + Duration::from_secs(seconds));
/// let mut machine = Machine::new(CachePolicy::default(), 7);
/// assert!(matches!(machine.next(at(0)), Next::Fetch(_)));
/// machine.answered(Answer::Keys(Freshness::Unstated), at(1));
/// assert_eq!(machine.phase(at(2)), Phase::Fresh);
/// assert_eq!(machine.phase(at(3_600)), Phase::Stale); // nobody asked again, or nobody answered
/// assert_eq!(machine.phase(at(6_001)), Phase::Expired); // 10 times 10 minutes after the answer
/// ```
#[derive(Debug)]
pub struct Machine {
    policy: CachePolicy,
    jitter: fastrand::Rng,
    loaded: Option<Loaded>,
    /// Whether there ever was a set.
    was_loaded: bool,
    /// When the last request was made because of an unknown `kid`.
    forced_at: Option<Duration>,
    /// When the next request is due by itself.
    due: Duration,
    /// No request of its own is due before this.
    spaced: Duration,
    /// Until when the issuer asked to be left alone.
    left_alone: Duration,
    failures: u32,
    wanted: Option<Kind>,
    running: bool,
    started: u64,
    done: u64,
    unknown: UnknownKids,
    stopped: bool,
}

#[derive(Debug)]
struct Loaded {
    at: Now,
    /// How old it was already at that time: of a set that was saved by another process.
    age: Duration,
    ttl: Duration,
    refresh_after: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Scheduled,
    Forced,
}

impl Machine {
    /// A machine that has no set and is due at once. `seed` decides the jitter.
    #[must_use]
    pub fn new(policy: CachePolicy, seed: u64) -> Self {
        Self {
            policy,
            jitter: fastrand::Rng::with_seed(seed),
            loaded: None,
            was_loaded: false,
            forced_at: None,
            due: Duration::ZERO,
            spaced: Duration::ZERO,
            left_alone: Duration::ZERO,
            failures: 0,
            wanted: None,
            running: false,
            started: 0,
            done: 0,
            unknown: UnknownKids::default(),
            stopped: false,
        }
    }

    /// Begins with a set that was saved, and that the issuer confirmed `age` ago. It is due for a refresh at once.
    /// Says whether it may be served at all.
    pub fn warm(&mut self, age: Duration, freshness: Freshness, now: Now) -> bool {
        let ttl = self.policy.ttl(freshness);
        let young_enough = age < self.policy.stale_bound(ttl);
        if young_enough {
            self.was_loaded = true;
            self.loaded = Some(Loaded {
                at: now,
                age,
                ttl,
                refresh_after: Duration::ZERO,
            });
        }
        young_enough
    }

    /// What to do now. A [`Next::Fetch`] is under way from here on, and there is no second until it was reported.
    pub fn next(&mut self, now: Now) -> Next {
        if self.stopped {
            return Next::Never;
        }
        if self.running {
            return Next::At(Duration::MAX);
        }
        if self
            .servable_until()
            .is_some_and(|until| now.reached(until))
        {
            self.loaded = None;
        }
        let kind = match self.wanted.take() {
            Some(kind) => kind,
            None if self.is_due(now) => Kind::Scheduled,
            None => return Next::At(self.wake_at(now)),
        };
        self.running = true;
        self.started += 1;
        Next::Fetch(Fetch {
            forced: kind == Kind::Forced,
            conditional: self.loaded.is_some(),
        })
    }

    /// A token names a key that is not in the set (`None`: by the thumbprint of a certificate). At most one request
    /// per [`cooldown`](CachePolicy::cooldown) comes of it.
    pub fn unknown_kid(&mut self, kid: Option<&str>, now: Now) -> Ask {
        if self.stopped {
            return Ask::Refused(Refused::Stopped);
        }
        if let Some(kid) = kid {
            if kid.len() > self.policy.kid_len {
                return Ask::Refused(Refused::TooLong);
            }
            if self.unknown.remembers(kid, now.monotonic()) {
                return Ask::Refused(Refused::Remembered);
            }
        }
        if let Some(round) = self.under_way() {
            return Ask::Wait { round };
        }
        if now.monotonic() < self.left_alone {
            return Ask::Refused(Refused::Throttled);
        }
        let cooled = |at: Duration| now.monotonic().saturating_sub(at) >= self.policy.cooldown;
        if !self.forced_at.is_none_or(cooled) {
            return Ask::Refused(Refused::Cooldown);
        }
        // At the attempt: an issuer that fails must not be asked more often than one that answers.
        self.forced_at = Some(now.monotonic());
        self.begin(Kind::Forced)
    }

    /// A token came while there is no set to look in.
    pub fn no_keys(&mut self, now: Now) -> Ask {
        if self.stopped {
            return Ask::Refused(Refused::Stopped);
        }
        if let Some(round) = self.under_way() {
            return Ask::Wait { round };
        }
        if now.monotonic() < self.left_alone {
            return Ask::Refused(Refused::Throttled);
        }
        if !self.is_due(now) {
            return Ask::Refused(Refused::Failing);
        }
        self.begin(Kind::Scheduled)
    }

    /// An operator wants the keys as they are now, whatever was asked when. A request that is under way may have been
    /// answered too early: there is another one after it.
    pub fn refresh(&mut self) -> Ask {
        if self.stopped {
            return Ask::Refused(Refused::Stopped);
        }
        self.begin(Kind::Forced)
    }

    /// The issuer was asked because of `kid`, answered, and does not have it.
    pub fn still_unknown(&mut self, kid: &str, now: Now) {
        if kid.len() <= self.policy.kid_len {
            self.unknown.note(kid, now.monotonic(), &self.policy);
        }
    }

    /// The request was answered.
    pub fn answered(&mut self, answer: Answer, now: Now) -> Verdict {
        if self.stopped {
            self.finish();
            return Verdict::Nothing;
        }
        let (freshness, verdict) = match answer {
            Answer::Keys(freshness) => (freshness, Verdict::Serve),
            Answer::NotModified(freshness) if self.loaded.is_some() => (freshness, Verdict::Renew),
            Answer::NotModified(_) => return self.no_good(now),
            Answer::NoKeys => {
                if !self.policy.keep_on_empty {
                    self.loaded = None;
                }
                return self.no_good(now);
            }
        };
        // RFC 9111 §4.3.4: what "not modified" does not say anew still holds.
        let ttl = match (&self.loaded, answer) {
            (Some(loaded), Answer::NotModified(Freshness::Unstated)) => loaded.ttl,
            _ => self.policy.ttl(freshness),
        };
        let refresh_after = self
            .jittered(scaled(ttl, self.policy.refresh_at))
            .max(SHORTEST);
        self.finish();
        self.failures = 0;
        self.was_loaded = true;
        self.left_alone = Duration::ZERO;
        self.due = now.monotonic().saturating_add(refresh_after);
        self.spaced = now.monotonic().saturating_add(SHORTEST);
        self.loaded = Some(Loaded {
            at: now,
            age: Duration::ZERO,
            ttl,
            refresh_after,
        });
        verdict
    }

    /// The request failed; `retry_after` is what the issuer said about the next one.
    pub fn failed(&mut self, retry_after: Option<Duration>, now: Now) {
        self.finish();
        let doubled = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        let pause = self.policy.retry_min.saturating_mul(doubled);
        self.failures = self.failures.saturating_add(1);
        let mut pause = self
            .jittered(pause.min(self.policy.retry_max))
            .max(SHORTEST);
        if let Some(asked) = retry_after {
            let asked = asked.min(self.policy.retry_after_max);
            self.left_alone = now.monotonic().saturating_add(asked);
            pause = pause.max(asked);
        }
        self.due = now.monotonic().saturating_add(pause);
    }

    /// Nothing is fetched and nothing served from here on.
    pub fn stop(&mut self) {
        self.stopped = true;
        self.loaded = None;
    }

    /// Until when the set may be served, whatever happens; `None` where there is none.
    #[must_use]
    pub fn servable_until(&self) -> Option<Now> {
        let loaded = self.loaded.as_ref()?;
        let bound = self.policy.stale_bound(loaded.ttl);
        Some(loaded.at.after(bound.saturating_sub(loaded.age)))
    }

    /// How long the set is fresh after the issuer confirmed it.
    #[must_use]
    pub fn ttl(&self) -> Option<Duration> {
        self.loaded.as_ref().map(|loaded| loaded.ttl)
    }

    /// How long ago the issuer last confirmed the set.
    #[must_use]
    pub fn age(&self, now: Now) -> Option<Duration> {
        let loaded = self.loaded.as_ref()?;
        Some(now.since(loaded.at).saturating_add(loaded.age))
    }

    /// How long it is until the issuer is asked again by itself.
    #[must_use]
    pub fn next_in(&self, now: Now) -> Duration {
        self.due.saturating_sub(now.monotonic())
    }

    /// How things stand.
    #[must_use]
    pub fn phase(&self, now: Now) -> Phase {
        match (&self.loaded, self.age(now)) {
            _ if self.stopped => Phase::Stopped,
            (Some(loaded), Some(age)) if age < loaded.ttl => Phase::Fresh,
            (Some(loaded), Some(age)) if age < self.policy.stale_bound(loaded.ttl) => Phase::Stale,
            (Some(_), _) => Phase::Expired,
            (None, _) if self.was_loaded => Phase::Expired,
            (None, _) => Phase::Loading,
        }
    }

    /// How many requests have come to an end.
    #[must_use]
    pub const fn done(&self) -> u64 {
        self.done
    }

    /// How many requests in a row have failed.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// How many unknown `kid`s are remembered.
    #[must_use]
    pub fn unknown_kids(&self) -> usize {
        self.unknown.len()
    }

    /// The numbers it goes by.
    #[must_use]
    pub const fn policy(&self) -> &CachePolicy {
        &self.policy
    }

    fn begin(&mut self, kind: Kind) -> Ask {
        self.wanted = Some(kind);
        Ask::Wait {
            round: self.started + 1,
        }
    }

    fn under_way(&self) -> Option<u64> {
        match (self.running, self.wanted) {
            (true, _) => Some(self.started),
            (false, Some(_)) => Some(self.started + 1),
            (false, None) => None,
        }
    }

    fn is_due(&self, now: Now) -> bool {
        // After a failure the pause alone decides, or a machine that slept would ask without one.
        let aged = self.failures == 0
            && now.monotonic() >= self.spaced
            && match &self.loaded {
                Some(loaded) => now.since(loaded.at) >= loaded.refresh_after,
                None => self.was_loaded,
            };
        aged || now.monotonic() >= self.due
    }

    /// When to look again: for the next request, or to give up a set that has come to its end.
    fn wake_at(&self, now: Now) -> Duration {
        let end = self
            .servable_until()
            .map_or(Duration::MAX, |until| until.monotonic());
        let looked = now.monotonic().saturating_add(LOOK_EVERY);
        self.due.min(end).min(looked)
    }

    fn no_good(&mut self, now: Now) -> Verdict {
        self.failed(None, now);
        if self.loaded.is_some() {
            Verdict::Keep
        } else {
            Verdict::Nothing
        }
    }

    fn finish(&mut self) {
        self.running = false;
        self.done = self.started;
    }

    fn jittered(&mut self, duration: Duration) -> Duration {
        let by = self.policy.jitter.clamp(0.0, 1.0);
        scaled(duration, 1.0 + by * (2.0 * self.jitter.f64() - 1.0))
    }
}

/// How long nothing is looked at: timers do not run while a machine sleeps, so that its sleep is noticed only then.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Between two requests, whatever a policy or a source says: a zero somewhere must not become a busy loop.
const SHORTEST: Duration = Duration::from_millis(100);

fn scaled(duration: Duration, by: f64) -> Duration {
    Duration::try_from_secs_f64(duration.as_secs_f64() * by).unwrap_or(duration)
}
