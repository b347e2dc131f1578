use std::time::{Duration, SystemTime};

use super::*;
use crate::freshness::Freshness;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Both clocks agree.
fn at(second: u64) -> Now {
    apart(second, second)
}

fn apart(monotonic: u64, wall: u64) -> Now {
    let today = SystemTime::UNIX_EPOCH + seconds(1_800_000_000);
    Now::new(seconds(monotonic), today + seconds(wall))
}

/// Without jitter, so that times are exact.
fn machine() -> Machine {
    let policy = CachePolicy {
        jitter: 0.0,
        ..CachePolicy::default()
    };
    Machine::new(policy, 1)
}

fn fetch(machine: &mut Machine, now: Now) -> Fetch {
    match machine.next(now) {
        Next::Fetch(fetch) => fetch,
        other => panic!("{other:?} at {now:?}"),
    }
}

const KEYS: Answer = Answer::Keys(Freshness::Unstated);

fn loaded(now: Now) -> Machine {
    let mut machine = machine();
    fetch(&mut machine, now);
    assert_eq!(machine.answered(KEYS, now), Verdict::Serve);
    machine
}

#[test]
fn the_time_that_a_set_is_fresh_is_clamped() {
    let policy = CachePolicy::default();
    let ttl = |freshness| policy.ttl(freshness).as_secs();
    assert_eq!(ttl(Freshness::Unstated), 600);
    assert_eq!(ttl(Freshness::MaxAge(seconds(0))), 300);
    assert_eq!(ttl(Freshness::MaxAge(seconds(3_600))), 3_600);
    assert_eq!(ttl(Freshness::MaxAge(seconds(315_360_000))), 86_400);
    assert_eq!(ttl(Freshness::Every(seconds(5))), 5);
    assert_eq!(policy.stale_bound(seconds(300)), seconds(3_600));
    assert_eq!(policy.stale_bound(seconds(600)), seconds(6_000));
    assert_eq!(policy.stale_bound(seconds(86_400)), seconds(86_400));
    let upside_down = CachePolicy {
        ttl_min: seconds(9),
        ttl_max: seconds(1),
        ..policy
    };
    assert_eq!(upside_down.ttl(Freshness::Unstated), seconds(1));
}

#[test]
fn a_set_is_refreshed_at_four_fifths_of_its_time_and_conditionally() {
    let mut machine = machine();
    assert_eq!(
        fetch(&mut machine, at(0)),
        Fetch {
            forced: false,
            conditional: false
        }
    );
    machine.answered(KEYS, at(1));
    assert_eq!(machine.next(at(2)), Next::At(seconds(62)));
    assert_eq!(machine.next(at(480)), Next::At(seconds(481)));
    assert_eq!(
        fetch(&mut machine, at(481)),
        Fetch {
            forced: false,
            conditional: true
        }
    );
    assert_eq!(
        machine.answered(Answer::NotModified(Freshness::Unstated), at(482)),
        Verdict::Renew
    );
    assert_eq!(machine.age(at(482)), Some(Duration::ZERO));

    // It need not say again how long: what it said before holds.
    let mut machine = self::machine();
    fetch(&mut machine, at(0));
    machine.answered(Answer::Keys(Freshness::MaxAge(seconds(3_600))), at(0));
    fetch(&mut machine, at(2_880));
    machine.answered(Answer::NotModified(Freshness::Unstated), at(2_880));
    assert_eq!(machine.phase(at(2_880 + 3_599)), Phase::Fresh);
}

#[test]
fn jitter_spreads_the_refresh_by_a_tenth_and_no_more() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let mut machine = Machine::new(CachePolicy::default(), seed);
        fetch(&mut machine, at(0));
        machine.answered(KEYS, at(0));
        let first = (0..1_000).find(|second| matches!(machine.next(at(*second)), Next::Fetch(_)));
        seen.insert(first.unwrap());
    }
    assert!(*seen.first().unwrap() >= 432, "{seen:?}");
    assert!(*seen.last().unwrap() <= 528, "{seen:?}");
    assert!(seen.len() > 50);
}

#[test]
fn an_unknown_kid_makes_one_request_for_all_who_wait() {
    let mut machine = loaded(at(0));
    assert_eq!(
        machine.unknown_kid(Some("a"), at(1)),
        Ask::Wait { round: 2 }
    );
    assert_eq!(
        machine.unknown_kid(Some("b"), at(1)),
        Ask::Wait { round: 2 }
    );
    assert_eq!(
        fetch(&mut machine, at(1)),
        Fetch {
            forced: true,
            conditional: true
        }
    );
    assert_eq!(
        machine.unknown_kid(Some("c"), at(2)),
        Ask::Wait { round: 2 }
    );
    machine.answered(KEYS, at(3));
    assert_eq!(machine.done(), 2);
}

#[test]
fn the_cooldown_begins_at_the_attempt_whatever_comes_of_it() {
    for fails in [false, true] {
        let mut machine = loaded(at(0));
        machine.unknown_kid(Some("a"), at(10));
        fetch(&mut machine, at(10));
        if fails {
            machine.failed(None, at(15));
            // The retry by itself comes and fails, and changes nothing.
            fetch(&mut machine, at(16));
            machine.failed(None, at(16));
        } else {
            machine.answered(KEYS, at(15));
        }
        assert_eq!(
            machine.unknown_kid(Some("b"), at(39)),
            Ask::Refused(Refused::Cooldown)
        );
        assert!(matches!(
            machine.unknown_kid(Some("b"), at(40)),
            Ask::Wait { .. }
        ));
    }
}

#[test]
fn a_scheduled_request_does_not_use_up_the_forced_one() {
    let mut machine = loaded(at(0));
    fetch(&mut machine, at(480));
    machine.answered(KEYS, at(481));
    assert_eq!(
        machine.unknown_kid(Some("new"), at(482)),
        Ask::Wait { round: 3 }
    );
}

#[test]
fn an_unknown_kid_is_remembered_for_the_cooldown_then_for_longer_each_time() {
    let mut machine = loaded(at(0));
    machine.still_unknown("x", at(0));
    assert_eq!(
        machine.unknown_kid(Some("x"), at(29)),
        Ask::Refused(Refused::Remembered)
    );
    assert!(matches!(
        machine.unknown_kid(Some("x"), at(30)),
        Ask::Wait { .. }
    ));
    let mut now = 30;
    for expected in [60, 120, 240, 300, 300] {
        machine.still_unknown("x", at(now));
        machine.still_unknown("x", at(now)); // another who waited for the same answer
        now += expected;
        assert_eq!(
            machine.unknown_kid(Some("x"), at(now - 1)),
            Ask::Refused(Refused::Remembered)
        );
        assert!(!matches!(
            machine.unknown_kid(Some("x"), at(now)),
            Ask::Refused(Refused::Remembered)
        ));
    }
}

#[test]
fn the_memory_of_unknown_kids_is_bounded_and_long_ones_are_never_looked_for() {
    let mut machine = loaded(at(0));
    for index in 0..100_000 {
        machine.still_unknown(&format!("kid-{index}"), at(1));
    }
    assert_eq!(machine.unknown_kids(), 1_024);
    assert_eq!(
        machine.unknown_kid(Some("kid-99999"), at(2)),
        Ask::Refused(Refused::Remembered)
    );
    let long = "k".repeat(257);
    machine.still_unknown(&long, at(2));
    assert_eq!(machine.unknown_kids(), 1_024);
    assert_eq!(
        machine.unknown_kid(Some(&long), at(2)),
        Ask::Refused(Refused::TooLong)
    );
    assert!(matches!(
        machine.unknown_kid(Some(&long[..256]), at(2)),
        Ask::Wait { .. }
    ));
}

#[test]
fn a_set_is_served_while_the_issuer_fails_until_its_bound_and_no_longer() {
    let mut machine = loaded(at(0));
    let mut now = 480;
    while now < 6_000 {
        if let Next::Fetch(_) = machine.next(at(now)) {
            machine.failed(None, at(now));
        }
        let expected = if now < 600 {
            Phase::Fresh
        } else {
            Phase::Stale
        };
        assert_eq!(machine.phase(at(now)), expected, "{now}");
        now += 1;
    }
    assert_eq!(machine.phase(at(6_000)), Phase::Expired);
    machine.next(at(6_000));
    assert_eq!(machine.servable_until(), None);
    // And it recovers.
    let back = (6_000..6_032)
        .find(|now| matches!(machine.next(at(*now)), Next::Fetch(_)))
        .unwrap();
    assert_eq!(machine.answered(KEYS, at(back)), Verdict::Serve);
    assert_eq!(machine.phase(at(back)), Phase::Fresh);
}

#[test]
fn pauses_after_failures_double_up_to_half_a_minute() {
    let mut machine = machine();
    let mut now = 0;
    for pause in [1, 2, 4, 8, 16, 30, 30, 30] {
        fetch(&mut machine, at(now));
        machine.failed(None, at(now));
        assert_eq!(machine.no_keys(at(now)), Ask::Refused(Refused::Failing));
        assert_eq!(machine.next(at(now)), Next::At(seconds(now + pause)));
        now += pause;
    }
}

#[test]
fn retry_after_is_heeded_for_forced_requests_too_and_believed_up_to_five_minutes() {
    let mut machine = loaded(at(0));
    fetch(&mut machine, at(480));
    machine.failed(Some(seconds(86_400)), at(480));
    assert_eq!(
        machine.unknown_kid(Some("a"), at(481)),
        Ask::Refused(Refused::Throttled)
    );
    assert_eq!(machine.next_in(at(481)), seconds(299));
    assert!(!matches!(machine.next(at(779)), Next::Fetch(_)));
    fetch(&mut machine, at(780));
}

#[test]
fn a_set_without_usable_key_is_an_error_at_first_and_an_anomaly_later() {
    let mut cold = machine();
    fetch(&mut cold, at(0));
    assert_eq!(cold.answered(Answer::NoKeys, at(0)), Verdict::Nothing);
    assert_eq!(cold.phase(at(0)), Phase::Loading);

    let mut warm = loaded(at(0));
    fetch(&mut warm, at(480));
    assert_eq!(warm.answered(Answer::NoKeys, at(480)), Verdict::Keep);
    assert_eq!(
        warm.age(at(480)),
        Some(seconds(480)),
        "an anomaly makes nothing younger"
    );

    let policy = CachePolicy {
        keep_on_empty: false,
        ..CachePolicy::default()
    };
    let mut strict = Machine::new(policy, 1);
    fetch(&mut strict, at(0));
    strict.answered(KEYS, at(0));
    fetch(&mut strict, at(600));
    assert_eq!(strict.answered(Answer::NoKeys, at(600)), Verdict::Nothing);
    assert_eq!(strict.servable_until(), None);
}

#[test]
fn not_modified_without_a_set_is_no_answer() {
    let mut machine = machine();
    fetch(&mut machine, at(0));
    assert_eq!(
        machine.answered(Answer::NotModified(Freshness::Unstated), at(0)),
        Verdict::Nothing
    );
    assert_eq!(machine.failures(), 1);
}

#[test]
fn a_clock_that_is_set_back_makes_nothing_younger_and_forces_nothing() {
    let mut machine = loaded(apart(0, 1_000_000));
    assert_eq!(machine.age(apart(300, 0)), Some(seconds(300)));
    assert!(!matches!(machine.next(apart(300, 0)), Next::Fetch(_)));
    fetch(&mut machine, apart(480, 0));
    machine.failed(None, apart(480, 0));
    assert_eq!(machine.phase(apart(6_000, 0)), Phase::Expired);
}

#[test]
fn time_that_the_machine_slept_counts_for_ages_and_not_for_pauses() {
    let day = 86_400;
    let mut machine = loaded(at(0));
    machine.unknown_kid(Some("a"), at(1));
    fetch(&mut machine, at(1));
    machine.answered(KEYS, at(1));
    assert_eq!(machine.phase(apart(2, day)), Phase::Expired);
    assert_eq!(
        machine.unknown_kid(Some("b"), apart(2, day)),
        Ask::Refused(Refused::Cooldown)
    );
    // Asked again at once, and after a failure not without a pause.
    fetch(&mut machine, apart(2, day));
    machine.failed(None, apart(2, day));
    assert!(!matches!(machine.next(apart(2, day)), Next::Fetch(_)));
    fetch(&mut machine, apart(3, day + 1));
    assert_eq!(machine.answered(KEYS, apart(3, day + 1)), Verdict::Serve);
    assert_eq!(machine.phase(apart(3, day + 1)), Phase::Fresh);
}

#[test]
fn a_set_that_was_saved_keeps_its_age() {
    let mut machine = machine();
    assert!(machine.warm(seconds(5_000), Freshness::Unstated, at(10)));
    assert_eq!(machine.phase(at(10)), Phase::Stale);
    assert!(fetch(&mut machine, at(10)).conditional);
    machine.failed(None, at(10));
    assert_eq!(machine.phase(at(1_009)), Phase::Stale);
    assert_eq!(machine.phase(at(1_010)), Phase::Expired);
    let mut too_old = self::machine();
    assert!(!too_old.warm(seconds(6_000), Freshness::Unstated, at(10)));
    assert_eq!(too_old.phase(at(10)), Phase::Loading);
}

#[test]
fn shut_down_asks_and_serves_nothing() {
    let mut machine = loaded(at(0));
    machine.stop();
    assert_eq!(machine.next(at(9_999)), Next::Never);
    assert_eq!(
        machine.unknown_kid(Some("a"), at(1)),
        Ask::Refused(Refused::Stopped)
    );
    assert_eq!(machine.no_keys(at(1)), Ask::Refused(Refused::Stopped));
    assert_eq!(machine.servable_until(), None);
    assert_eq!(machine.phase(at(1)), Phase::Stopped);

    let mut under_way = loaded(at(0));
    fetch(&mut under_way, at(480));
    under_way.stop();
    assert_eq!(under_way.answered(KEYS, at(481)), Verdict::Nothing);
    assert_eq!(
        under_way.servable_until(),
        None,
        "what was asked before comes too late"
    );
}

#[test]
fn what_is_fresh_is_served_even_where_nothing_stale_is() {
    let policy = CachePolicy {
        stale_min: Duration::ZERO,
        stale_ttls: 0,
        jitter: 0.0,
        ..CachePolicy::default()
    };
    assert_eq!(policy.stale_bound(seconds(600)), seconds(600));
    let mut machine = Machine::new(policy, 1);
    fetch(&mut machine, at(0));
    machine.answered(KEYS, at(0));
    assert!(!matches!(machine.next(at(1)), Next::Fetch(_)));
    assert_eq!(machine.phase(at(599)), Phase::Fresh);
    assert_eq!(machine.phase(at(600)), Phase::Expired);
}

#[test]
fn a_set_that_may_not_be_served_at_all_becomes_no_busy_loop() {
    let policy = CachePolicy {
        stale_max: Duration::ZERO,
        ..CachePolicy::default()
    };
    let mut machine = Machine::new(policy, 1);
    fetch(&mut machine, at(0));
    machine.answered(KEYS, at(0));
    assert!(matches!(machine.next(at(0)), Next::At(_)));
    assert_eq!(machine.no_keys(at(0)), Ask::Refused(Refused::Failing));
    fetch(&mut machine, at(1));
}

#[test]
fn a_zero_somewhere_becomes_no_busy_loop() {
    let zero = Duration::ZERO;
    let policy = CachePolicy {
        ttl_min: zero,
        ttl_max: zero,
        retry_min: zero,
        retry_max: zero,
        ..CachePolicy::default()
    };
    for freshness in [Freshness::Every(zero), Freshness::MaxAge(zero)] {
        let mut machine = Machine::new(policy.clone(), 1);
        fetch(&mut machine, at(0));
        machine.answered(Answer::Keys(freshness), at(0));
        assert_eq!(machine.next(at(0)), Next::At(Duration::from_millis(100)));
        fetch(&mut machine, at(1));
        machine.failed(None, at(1));
        assert_eq!(machine.next(at(1)), Next::At(Duration::from_millis(1_100)));
    }
}

#[test]
fn an_operator_is_answered_by_a_request_that_began_after_the_wish() {
    let mut machine = loaded(at(0));
    assert_eq!(machine.refresh(), Ask::Wait { round: 2 });
    assert!(fetch(&mut machine, at(1)).forced);
    // While that one is under way: another, and one for all who wish so.
    assert_eq!(machine.refresh(), Ask::Wait { round: 3 });
    assert_eq!(machine.refresh(), Ask::Wait { round: 3 });
    machine.answered(KEYS, at(2));
    assert!(fetch(&mut machine, at(2)).forced);
    machine.answered(KEYS, at(3));
    assert_eq!(machine.done(), 3);
    assert!(!matches!(machine.next(at(4)), Next::Fetch(_)));
    // The cooldown is for unknown keys, and was not begun.
    assert_eq!(
        machine.unknown_kid(Some("a"), at(4)),
        Ask::Wait { round: 4 }
    );
    machine.stop();
    assert_eq!(machine.refresh(), Ask::Refused(Refused::Stopped));
}
