use bulla_x509::{PathError, PathPolicy, Position};

use crate::support::{anchors, at, certificate, chain, now, policy, validate};

#[test]
fn an_expired_leaf_is_refused() {
    let error = validate(&["expired", "intermediate"]).unwrap_err();
    let PathError::Expired {
        position,
        not_after,
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(*position, Position::Chain(0));
    assert_eq!(*not_after, certificate("expired").not_after());
    assert_eq!(error.code(), "x509.expired");
    assert_eq!(error.to_string(), "certificate 0 (the leaf) has expired");
}

#[test]
fn a_leaf_that_is_not_yet_valid_is_refused() {
    let error = validate(&["future", "intermediate"]).unwrap_err();
    assert_eq!(
        error,
        PathError::NotYetValid {
            position: Position::Chain(0),
            not_before: certificate("future").not_before()
        }
    );
    assert_eq!(error.code(), "x509.not-yet-valid");
}

#[test]
fn an_expired_authority_is_refused() {
    let error = validate(&["lapsed-ca-leaf", "lapsed-ca"]).unwrap_err();
    let position = Position::Chain(1);
    assert!(matches!(error, PathError::Expired { position: p, .. } if p == position));
}

#[test]
fn an_expired_anchor_is_refused_and_a_renewed_one_is_found() {
    let chain = chain(&["lapsed-root-leaf"]);
    let error = policy(&["lapsed-root"]).validate(&chain).unwrap_err();
    assert!(
        matches!(error, PathError::Expired { position, .. } if position == Position::Anchor),
        "{error:?}"
    );
    assert_eq!(error.to_string(), "the trust anchor has expired");
    let both = policy(&["lapsed-root", "renewed-root"]).validate(&chain);
    assert_eq!(both.unwrap().anchor(), &certificate("renewed-root"));
}

/// The time is the caller's: the same chains, at other times.
#[test]
fn the_time_is_the_clock_s() {
    let lapsed = chain(&["expired", "intermediate"]);
    let april_2026 = at(1_775_000_000);
    assert!(policy(&["root"]).at(april_2026).validate(&lapsed).is_ok());
    let clock = std::sync::Arc::new(april_2026);
    assert!(policy(&["root"]).clock(clock).validate(&lapsed).is_ok());
    let error = policy(&["root"]).at(at(0)).validate(&lapsed).unwrap_err();
    assert_eq!(error.code(), "x509.not-yet-valid");
    // Without a word it is the system's, which is later than 2026 began and earlier than the intermediate ends.
    let today = PathPolicy::new(anchors(&["root"])).validate(&chain(&["leaf", "intermediate"]));
    let in_range = std::time::SystemTime::now() < certificate("leaf").not_after();
    assert_eq!(today.is_ok(), in_range);
}

#[test]
fn the_first_and_the_last_second_are_valid() {
    let chain = chain(&["expired", "intermediate"]);
    let leaf = certificate("expired");
    let second = std::time::Duration::from_secs(1);
    let half = second / 2;
    for (time, is_valid) in [
        (leaf.not_before() - second, false),
        (leaf.not_before(), true),
        (leaf.not_after(), true),
        (leaf.not_after() + half, true),
        (leaf.not_after() + second, false),
    ] {
        let outcome = policy(&["root"]).at(time).validate(&chain);
        assert_eq!(outcome.is_ok(), is_valid, "{time:?}");
    }
}

#[test]
fn a_path_is_valid_no_longer_than_its_shortest_certificate() {
    let path = validate(&["leaf", "intermediate"]).unwrap();
    assert_eq!(path.not_after(), certificate("root").not_after());
    let path = policy(&["root"])
        .at(at(1_775_000_000))
        .validate(&chain(&["lapsed-ca-leaf", "lapsed-ca"]))
        .unwrap();
    assert_eq!(path.not_after(), certificate("lapsed-ca").not_after());
    assert!(path.not_after() < now());
}

#[test]
fn times_before_1970_and_far_away_are_judged() {
    let chain = chain(&["leaf", "intermediate"]);
    let early = std::time::UNIX_EPOCH - std::time::Duration::from_secs(1);
    let error = policy(&["root"]).at(early).validate(&chain).unwrap_err();
    assert_eq!(error.code(), "x509.not-yet-valid");
    let error = policy(&["root"])
        .at(at(u32::MAX.into()))
        .validate(&chain)
        .unwrap_err();
    assert_eq!(error.code(), "x509.expired");
}
