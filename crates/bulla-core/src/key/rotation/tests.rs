use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use super::{KeyPhase, KeyRotation, RotationError, RotationKey, RotationPolicy};
use crate::jwa::{AlgName, SignatureAlg};
use crate::jwk::{Jwk, PublicJwk, PublicKeyUse};
use crate::key::{Sign, SignError, Signature, Signer, SigningInput};
use crate::time::Clock;

const MINUTE: Duration = Duration::from_secs(60);
const POLICY: RotationPolicy = RotationPolicy::new().announce(MINUTE).retain(MINUTE);

/// RFC 8037 appendix A.2.
const PUBLIC: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

struct NoSign;

impl Sign for NoSign {
    fn alg(&self) -> &AlgName {
        SignatureAlg::Ed25519.name()
    }

    fn sign(&self, _: &SigningInput<'_>) -> Result<Signature, SignError> {
        Err(SignError::Failed)
    }
}

#[derive(Debug)]
struct Hand(Mutex<SystemTime>);

impl Hand {
    fn move_on(&self, by: Duration) {
        *self.0.lock().expect("a clock") += by;
    }
}

impl Clock for Hand {
    fn now(&self) -> SystemTime {
        *self.0.lock().expect("a clock")
    }
}

fn key(kid: &str) -> RotationKey {
    let signer = Signer::new(Arc::new(NoSign), Some(kid.to_owned()));
    RotationKey::new(signer, PublicJwk::parse(PUBLIC).expect("a key")).expect("a key")
}

fn start() -> (KeyRotation, Arc<Hand>) {
    let hand = Arc::new(Hand(Mutex::new(SystemTime::UNIX_EPOCH + MINUTE * 1_000)));
    let clock: Arc<dyn Clock> = Arc::clone(&hand) as _;
    (KeyRotation::with_clock(key("a"), POLICY, clock), hand)
}

fn published(keys: &KeyRotation) -> Vec<String> {
    let set = keys.published();
    let kids = set.keys().iter().map(|key| key.members().kid.clone());
    kids.map(Option::unwrap).collect()
}

#[test]
fn a_key_is_public_before_it_signs_and_after() {
    let (keys, hand) = start();
    keys.announce(key("b")).expect("announced");
    assert_eq!(published(&keys), ["a", "b"]);
    hand.move_on(MINUTE - Duration::from_nanos(1));
    assert_eq!(keys.signer().kid(), Some("a"));
    hand.move_on(Duration::from_nanos(1));
    assert_eq!(keys.signer().kid(), Some("b"));
    assert_eq!(published(&keys), ["b", "a"]);
    assert_eq!(keys.keys()[1].phase, KeyPhase::Retired);
    hand.move_on(MINUTE);
    assert_eq!(published(&keys), ["b"]);
}

#[test]
fn retirement_begins_when_it_is_seen_that_the_next_key_signs() {
    let (keys, hand) = start();
    keys.announce(key("b")).expect("announced");
    // Nobody looks for an hour; what "a" signed in that hour must still verify.
    hand.move_on(MINUTE * 60);
    assert_eq!(published(&keys), ["b", "a"]);
}

#[test]
fn one_at_a_time() {
    let (keys, hand) = start();
    keys.announce(key("b")).expect("announced");
    let before = keys.generation();
    assert_eq!(
        keys.announce(key("c")),
        Err(RotationError::Pending { kid: "b".into() })
    );
    assert_eq!(keys.generation(), before);
    hand.move_on(MINUTE);
    keys.announce(key("c")).expect("the time of b has come");
    assert_eq!(published(&keys), ["b", "c", "a"]);
}

#[test]
fn a_kid_names_one_key() {
    let (keys, _) = start();
    let reused = || Err(RotationError::KidReused { kid: "a".into() });
    assert_eq!(keys.announce(key("a")), reused());
    assert_eq!(keys.replace(key("a")), reused());
}

#[test]
fn an_emergency_leaves_nothing_of_the_old_key() {
    let (keys, _) = start();
    keys.announce(key("b")).expect("announced");
    keys.replace(key("c")).expect("replaced");
    assert_eq!(keys.signer().kid(), Some("c"));
    assert_eq!(published(&keys), ["c"]);
}

#[test]
fn a_clock_that_is_set_back_makes_nothing_older() {
    let (keys, hand) = start();
    keys.announce(key("b")).expect("announced");
    *hand.0.lock().expect("a clock") -= MINUTE * 30;
    assert_eq!(keys.signer().kid(), Some("a"));
}

#[test]
fn what_is_published_says_what_it_is_for() {
    let (keys, _) = start();
    let set = keys.published();
    let Some(Jwk::Public(key)) = set.keys().first() else {
        panic!("a public key")
    };
    assert_eq!(key.members().key_use, Some(PublicKeyUse::Signature));
    assert_eq!(
        key.members().alg.as_ref(),
        Some(SignatureAlg::Ed25519.name())
    );
}

#[test]
fn a_key_without_a_kid_is_not_taken() {
    let public = || PublicJwk::parse(PUBLIC).expect("a key");
    let nameless = Signer::new(Arc::new(NoSign), None);
    assert_eq!(
        RotationKey::new(nameless, public()).unwrap_err(),
        RotationError::Kid
    );
    let mut other = public();
    other.members_mut().kid = Some("other".into());
    let signer = Signer::new(Arc::new(NoSign), Some("a".into()));
    assert_eq!(
        RotationKey::new(signer, other).unwrap_err(),
        RotationError::Kid
    );
}

#[test]
fn what_was_stored_goes_on_where_it_stood() {
    let (keys, hand) = start();
    keys.announce(key("b")).expect("none is announced");
    let stored = keys.keys();
    hand.move_on(MINUTE * 3);
    let again = KeyRotation::restore(
        stored
            .iter()
            .map(|status| (key(&status.kid), status.phase, status.since)),
        POLICY,
        Arc::clone(&hand) as _,
    )
    .expect("keys that were stored");
    assert_eq!(again.signer().kid(), Some("b"));
    assert_eq!(published(&again), ["b", "a"]);
    assert_eq!(again.generation(), 1);
}

#[test]
fn what_does_not_fit_together_is_not_gone_on_with() {
    let now = SystemTime::UNIX_EPOCH;
    let restore = |keys: &[(&str, KeyPhase)]| {
        let keys = keys.iter().map(|(kid, phase)| (key(kid), *phase, now));
        KeyRotation::restore(keys, POLICY, Arc::new(now)).map(|_| ())
    };
    let (active, pending) = (KeyPhase::Active, KeyPhase::Pending);
    assert_eq!(restore(&[]), Err(RotationError::Phases));
    assert_eq!(restore(&[("a", pending)]), Err(RotationError::Phases));
    let twice = restore(&[("a", active), ("b", active)]);
    assert_eq!(twice, Err(RotationError::Phases));
    let reused = restore(&[("a", active), ("a", KeyPhase::Retired)]);
    assert_eq!(reused, Err(RotationError::KidReused { kid: "a".into() }));
}

#[test]
fn what_was_replaced_does_not_come_back() {
    let (keys, hand) = start();
    keys.announce(key("b")).expect("announced");
    keys.replace(key("c")).expect("replaced");
    hand.move_on(MINUTE * 100);
    for kid in ["a", "b", "c"] {
        let reused = RotationError::KidReused { kid: kid.into() };
        assert_eq!(keys.announce(key(kid)), Err(reused.clone()), "{kid}");
        assert_eq!(keys.replace(key(kid)), Err(reused), "{kid}");
    }
    keys.announce(key("d")).expect("announced");
}

#[test]
fn a_clock_that_is_set_back_keeps_no_key_waiting_for_longer_than_it_is_announced() {
    let (keys, hand) = start();
    keys.announce(key("b")).expect("announced");
    *hand.0.lock().expect("a clock") -= MINUTE * 500;
    assert_eq!(keys.signer().kid(), Some("a"));
    hand.move_on(MINUTE - Duration::from_nanos(1));
    assert_eq!(keys.signer().kid(), Some("a"));
    hand.move_on(Duration::from_nanos(1));
    assert_eq!(keys.signer().kid(), Some("b"));
    *hand.0.lock().expect("a clock") -= MINUTE * 100;
    assert_eq!(published(&keys), ["b", "a"]);
    hand.move_on(MINUTE);
    assert_eq!(published(&keys), ["b"]);
}
