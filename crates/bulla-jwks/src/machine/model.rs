//! Whatever happens, in whatever order: three promises, checked against a model that only remembers.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::*;
use crate::freshness::Freshness;

#[derive(Clone, Debug)]
enum Step {
    /// Both clocks go on.
    Pass(u64),
    /// Only the time of day does: the machine slept, or somebody set the clock.
    Sleep(u64),
    /// The clock is set back.
    SetBack(u64),
    /// What is under way is answered so.
    Keys(Freshness),
    NoKeys,
    NotModified,
    Fail(Option<u64>),
    /// A token names a key that is not there; it may be noted as looked for.
    Unknown(u8, bool),
    /// A token comes while there may be no keys.
    Token,
}

fn freshness() -> impl Strategy<Value = Freshness> {
    prop_oneof![
        Just(Freshness::Unstated),
        Just(Freshness::MaxAge(Duration::MAX)),
        (0_u64..200_000).prop_map(|age| Freshness::MaxAge(Duration::from_secs(age))),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0_u64..90).prop_map(Step::Pass),
        2 => (0_u64..30_000).prop_map(Step::Pass),
        1 => (0_u64..100_000).prop_map(Step::Sleep),
        1 => (0_u64..100_000).prop_map(Step::SetBack),
        3 => freshness().prop_map(Step::Keys),
        1 => Just(Step::NoKeys),
        1 => Just(Step::NotModified),
        3 => proptest::option::of(0_u64..100_000).prop_map(Step::Fail),
        4 => (any::<u8>(), any::<bool>()).prop_map(|(kid, noted)| Step::Unknown(kid, noted)),
        2 => Just(Step::Token),
    ]
}

/// What really happened, beside what the machine makes of it.
struct World {
    machine: Machine,
    monotonic: u64,
    wall: u64,
    under_way: Option<Fetch>,
    /// When the issuer last confirmed the set, by both clocks, and for how long it may then be served.
    confirmed: Option<(u64, u64, Duration)>,
    forced: Vec<u64>,
}

impl World {
    fn now(&self) -> Now {
        let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(self.wall);
        Now::new(Duration::from_secs(self.monotonic), wall)
    }

    fn drive(&mut self) {
        let now = self.now();
        if let Next::Fetch(fetch) = self.machine.next(now) {
            assert!(self.under_way.is_none(), "two requests at once");
            self.under_way = Some(fetch);
            if fetch.forced {
                self.forced.push(self.monotonic);
            }
        }
    }

    fn confirm(&mut self, freshness: Freshness) {
        let policy = self.machine.policy();
        let bound = policy.stale_bound(policy.ttl(freshness));
        assert!(bound <= Duration::from_secs(86_400));
        self.confirmed = Some((self.monotonic, self.wall, bound));
    }

    fn apply(&mut self, step: &Step) {
        match step {
            Step::Pass(seconds) => {
                self.monotonic += seconds;
                self.wall += seconds;
            }
            Step::Sleep(seconds) => self.wall += seconds,
            Step::SetBack(seconds) => self.wall = self.wall.saturating_sub(*seconds),
            _ => {}
        }
        let now = self.now();
        match step {
            Step::Unknown(kid, noted) => {
                let kid = format!("kid-{kid}");
                self.machine.unknown_kid(Some(&kid), now);
                if *noted {
                    self.machine.still_unknown(&kid, now);
                }
            }
            Step::Token => {
                self.machine.no_keys(now);
            }
            Step::Keys(freshness) if self.under_way.take().is_some() => {
                assert_eq!(
                    self.machine.answered(Answer::Keys(*freshness), now),
                    Verdict::Serve
                );
                self.confirm(*freshness);
            }
            Step::NotModified if self.under_way.take().is_some() => {
                let answer = Answer::NotModified(Freshness::Unstated);
                if self.machine.answered(answer, now) == Verdict::Renew {
                    let (.., bound) = self.confirmed.expect("nothing was there to be renewed");
                    self.confirmed = Some((self.monotonic, self.wall, bound));
                }
            }
            Step::NoKeys if self.under_way.take().is_some() => {
                self.machine.answered(Answer::NoKeys, now);
            }
            Step::Fail(after) if self.under_way.take().is_some() => {
                self.machine.failed(after.map(Duration::from_secs), now);
            }
            _ => {}
        }
    }

    fn check(&self) {
        let now = self.now();
        if let Some(until) = self.machine.servable_until()
            && !now.reached(until)
        {
            let (monotonic, wall, bound) = self.confirmed.expect("served what nobody sent");
            assert!(
                Duration::from_secs(self.monotonic - monotonic) < bound,
                "served past the bound"
            );
            let slept = self.wall.saturating_sub(wall);
            assert!(
                Duration::from_secs(slept) < bound,
                "served past the bound by the time of day"
            );
            assert!(matches!(
                self.machine.phase(now),
                Phase::Fresh | Phase::Stale
            ));
        }
        for pair in self.forced.windows(2) {
            assert!(
                pair[1] >= pair[0] + 30,
                "forced too fast: {:?}",
                self.forced
            );
        }
        assert!(self.machine.unknown_kids() <= 1_024);
    }

    /// Let the issuer be well again: soon there are fresh keys.
    fn recovers(&mut self) {
        for _ in 0..400 {
            self.drive();
            if self.under_way.is_some() {
                self.apply(&Step::Keys(Freshness::Unstated));
            }
            if self.machine.phase(self.now()) == Phase::Fresh && self.machine.failures() == 0 {
                return;
            }
            self.apply(&Step::Pass(1));
        }
        panic!("no keys 400 s after the issuer came back");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
    #[test]
    fn the_cache_keeps_its_promises(steps in proptest::collection::vec(step(), 1..120), seed: u64) {
        let mut world = World {
            machine: Machine::new(CachePolicy::default(), seed),
            monotonic: 0,
            wall: 1_800_000_000,
            under_way: None,
            confirmed: None,
            forced: Vec::new(),
        };
        for step in &steps {
            world.apply(step);
            world.check();
            world.drive();
            world.check();
        }
        world.recovers();
    }
}
