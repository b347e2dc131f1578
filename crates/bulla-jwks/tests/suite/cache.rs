//! A paused clock and a scripted issuer: what happens over minutes and days.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bulla_core::jwk::JwkSet;
use bulla_core::key::{BoxFuture, Keys as _};
use bulla_jwks::http::{FetchError, Unreachable};
use bulla_jwks::machine::Phase;
use bulla_jwks::source::{Loaded, Source, SourceError, Wish};
use bulla_jwks::{Freshness, RemoteKeys, https};

use crate::support::{Answers, Issuer, Key, TestClock, URL, code, pass, verify};

fn start(issuer: &Issuer) -> RemoteKeys {
    let clock = Arc::new(TestClock::new());
    https(URL)
        .client(issuer.clone())
        .clock(clock)
        .start()
        .unwrap()
}

async fn ready(issuer: &Issuer) -> RemoteKeys {
    let keys = start(issuer);
    keys.ready().await.unwrap();
    keys
}

#[tokio::test(start_paused = true)]
async fn three_lines_verify_a_token() {
    let key = Key::new("2026-11");
    let keys = start(&Issuer::new(&[&key]));
    verify(&keys, &key.token()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_known_kid_is_verified_without_waiting_and_without_a_request() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let keys = ready(&issuer).await;
    let token = key.token();
    for _ in 0..1_000 {
        let expect = crate::support::expect();
        let mut verified = Box::pin(keys.verify(|keys| expect.verify::<()>(&token, keys)));
        let once =
            std::future::poll_fn(|context| std::task::Poll::Ready(verified.as_mut().poll(context)));
        assert!(once.await.is_ready(), "it waited");
    }
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn rotation_under_load_fails_no_token() {
    let mut current = Key::new("0");
    let issuer = Issuer::new(&[&current]);
    let keys = ready(&issuer).await;
    for generation in 1..20 {
        // The new key is published and used at once, with the old one still in use.
        let next = Key::new(&generation.to_string());
        issuer.publish(&[&next, &current]);
        let mut load = tokio::task::JoinSet::new();
        for index in 0..50 {
            let (keys, token) = (
                keys.clone(),
                if index % 2 == 0 {
                    next.token()
                } else {
                    current.token()
                },
            );
            load.spawn(async move {
                verify(&keys, &token)
                    .await
                    .map_err(|error| error.to_string())
            });
        }
        for outcome in load.join_all().await {
            outcome.unwrap();
        }
        current = next;
        pass(40).await;
    }
    assert!(keys.health().counts.forced <= 19);
}

#[tokio::test(start_paused = true)]
async fn a_revoked_key_is_gone_with_the_first_answer_that_lacks_it() {
    let (stolen, fresh) = (Key::new("stolen"), Key::new("fresh"));
    let issuer = Issuer::new(&[&stolen]);
    let keys = ready(&issuer).await;
    issuer.publish(&[&fresh]);
    verify(&keys, &stolen.token())
        .await
        .expect("nobody has told us yet");
    // The first token of the new key brings the news.
    verify(&keys, &fresh.token()).await.unwrap();
    assert_eq!(code(&keys, &stolen.token()).await, "jwk.not-found");
}

#[tokio::test(start_paused = true)]
async fn a_revoked_key_is_gone_at_the_latest_with_the_scheduled_refresh() {
    let (stolen, other) = (Key::new("stolen"), Key::new("other"));
    let issuer = Issuer::new(&[&stolen, &other]);
    let keys = ready(&issuer).await;
    issuer.publish(&[&other]);
    pass(530).await; // 80 % of 10 minutes, and a tenth for jitter
    assert_eq!(code(&keys, &stolen.token()).await, "jwk.not-found");
    verify(&keys, &other.token()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_ten_minutes_is_not_noticed_by_tokens() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let keys = ready(&issuer).await;
    pass(400).await;
    issuer.fail();
    for _ in 0..60 {
        pass(10).await;
        verify(&keys, &key.token()).await.unwrap();
    }
    let health = keys.health();
    assert_eq!(health.phase, Phase::Stale);
    assert_eq!(health.last_error.unwrap().code(), "remote.unavailable");
    issuer.publish(&[&key]);
    pass(35).await;
    assert_eq!(keys.health().phase, Phase::Fresh);
    assert!(keys.health().last_error.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_two_days_fails_closed_at_the_bound_and_recovers() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let keys = ready(&issuer).await;
    issuer.fail();
    pass(5_990).await;
    verify(&keys, &key.token()).await.unwrap();
    let kept = keys.snapshot().unwrap();
    pass(20).await; // ten times ten minutes are over
    assert_eq!(code(&keys, &key.token()).await, "remote.unavailable");
    assert_eq!(keys.snapshot().unwrap_err().phase, Phase::Expired);
    assert_eq!(
        kept.key_set().verifiers().len(),
        1,
        "who keeps a snapshot keeps it"
    );
    pass(2 * 86_400).await;
    assert_eq!(code(&keys, &key.token()).await, "remote.unavailable");
    assert_eq!(keys.health().counts.expired, 1);
    issuer.publish(&[&key]);
    pass(35).await;
    verify(&keys, &key.token()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_day_is_the_longest_that_keys_outlive_their_issuer() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    issuer.freshness(Freshness::MaxAge(Duration::from_secs(10 * 365 * 86_400)));
    let keys = ready(&issuer).await;
    issuer.fail();
    pass(86_390).await;
    verify(&keys, &key.token()).await.unwrap();
    pass(15).await;
    assert_eq!(code(&keys, &key.token()).await, "remote.unavailable");
}

#[tokio::test(start_paused = true)]
async fn the_first_load_that_fails_is_an_error_with_its_reason_and_tried_again() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    issuer.answer(Answers::Fails(FetchError::Denied { status: 403 }));
    let keys = start(&issuer);
    let error = keys.ready().await.unwrap_err();
    assert_eq!(
        (error.code(), error.phase),
        ("remote.denied", Phase::Loading)
    );
    assert_eq!(code(&keys, &key.token()).await, "remote.denied");
    issuer.publish(&[&key]);
    pass(2).await;
    verify(&keys, &key.token()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn while_the_issuer_fails_an_unknown_kid_is_nobodys_fault() {
    let (known, new) = (Key::new("known"), Key::new("new"));
    let issuer = Issuer::new(&[&known]);
    let keys = ready(&issuer).await;
    issuer.fail();
    for _ in 0..3 {
        // 503 and not 401: whether the key exists is not known.
        let Err(bulla_jwks::RemoteError::Keys(error)) = verify(&keys, &new.token()).await else {
            panic!("accepted, or the token blamed");
        };
        assert_eq!(error.code(), "remote.unavailable");
        assert!(
            error.retry_after.unwrap() <= Duration::from_secs(2),
            "{error:?}"
        );
    }
    issuer.publish(&[&known, &new]);
    pass(2).await; // the pause after one failure
    verify(&keys, &new.token()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_throttled_issuer_is_left_alone_and_the_caller_told_for_how_long() {
    let (known, new) = (Key::new("known"), Key::new("new"));
    let issuer = Issuer::new(&[&known]);
    let keys = ready(&issuer).await;
    let retry_after = Some(Duration::from_secs(60));
    issuer.answer(Answers::Fails(FetchError::Throttled { retry_after }));
    assert_eq!(code(&keys, &new.token()).await, "remote.throttled");
    pass(35).await; // the cooldown is over, what the issuer asked for is not
    let asked = issuer.asked();
    let Err(bulla_jwks::RemoteError::Keys(error)) = verify(&keys, &new.token()).await else {
        panic!("accepted");
    };
    assert_eq!(error.code(), "remote.throttled");
    assert!(
        error.retry_after.unwrap() <= Duration::from_secs(26),
        "{error:?}"
    );
    assert_eq!(issuer.asked(), asked);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_hangs_is_given_up_and_holds_up_nobody_for_ever() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    issuer.answer(Answers::Hangs);
    let keys = start(&issuer);
    assert_eq!(code(&keys, &key.token()).await, "remote.unavailable");
    issuer.publish(&[&key]);
    pass(2).await;
    verify(&keys, &key.token()).await.unwrap();
}

/// Panics when it is asked first, at once or while it is waited for.
#[derive(Debug)]
struct Panics {
    later: bool,
    asked: AtomicUsize,
    set: JwkSet,
}

impl Source for Panics {
    fn name(&self) -> &str {
        "panics"
    }

    fn load<'a>(&'a self, _: &'a Wish) -> BoxFuture<'a, Result<Loaded, SourceError>> {
        let first = self.asked.fetch_add(1, Ordering::SeqCst) == 0;
        assert!(self.later || !first, "at once");
        Box::pin(async move {
            tokio::task::yield_now().await;
            assert!(!first, "later");
            Ok(Loaded::Set {
                set: self.set.clone(),
                freshness: Freshness::Unstated,
                version: None,
            })
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_is_asked_again() {
    let key = Key::new("a");
    for later in [false, true] {
        let (asked, set) = (AtomicUsize::new(0), JwkSet::new([key.public()]));
        let keys = RemoteKeys::from_source(Panics { later, asked, set });
        let keys = keys.start().unwrap();
        assert_eq!(code(&keys, &key.token()).await, "remote.unavailable");
        pass(2).await;
        verify(&keys, &key.token()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_changed_set_is_another_snapshot_and_an_unchanged_one_keeps_its_memory() {
    let (one, two) = (Key::new("1"), Key::new("2"));
    let issuer = Issuer::new(&[&one]);
    let keys = ready(&issuer).await;
    let first = keys.snapshot().unwrap();
    pass(530).await;
    let renewed = keys.snapshot().unwrap();
    assert!(std::ptr::eq(first.key_set(), renewed.key_set()));
    assert!(std::ptr::eq(
        first.header_cache().unwrap(),
        renewed.header_cache().unwrap()
    ));
    issuer.publish(&[&one, &two]);
    pass(530).await;
    assert!(!std::ptr::eq(
        first.key_set(),
        keys.snapshot().unwrap().key_set()
    ));
    assert_eq!(keys.snapshot().unwrap().set().keys().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_task_ends_with_the_last_handle() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let keys = ready(&issuer).await;
    let clone = keys.clone();
    drop(keys);
    pass(600).await;
    assert_eq!(issuer.asked(), 2);
    drop(clone);
    pass(86_400).await;
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn shut_down_is_for_every_clone() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let keys = ready(&issuer).await;
    keys.clone().shut_down();
    assert_eq!(code(&keys, &key.token()).await, "remote.unavailable");
    assert_eq!(keys.health().phase, Phase::Stopped);
    pass(86_400).await;
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_answered_after_a_shutdown_is_not_served() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let keys = start(&issuer);
    tokio::task::yield_now().await;
    assert_eq!(issuer.asked(), 1, "under way");
    keys.shut_down();
    pass(1).await;
    assert_eq!(code(&keys, &key.token()).await, "remote.unavailable");
    assert!(keys.snapshot().is_err());

    // And nobody goes on waiting for it.
    issuer.answer(Answers::Hangs);
    let keys = start(&issuer);
    let (waiting, token) = (keys.clone(), key.token());
    let waiting = tokio::spawn(async move { code(&waiting, &token).await });
    pass(1).await;
    let before = tokio::time::Instant::now();
    keys.shut_down();
    assert_eq!(waiting.await.unwrap(), "remote.unavailable");
    assert_eq!(before.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn without_kid_a_token_is_verified_only_where_one_key_fits() {
    let (one, two) = (Key::new("1"), Key::new("2"));
    let other_alg = Key::with("3", bulla_core::jwa::SignatureAlg::Ed25519);
    let issuer = Issuer::new(&[&one, &other_alg]);
    let keys = ready(&issuer).await;
    verify(&keys, &one.token_without_kid()).await.unwrap();
    verify(&keys, &other_alg.token_without_kid()).await.unwrap();
    issuer.publish(&[&one, &two, &other_alg]);
    pass(530).await;
    // The set itself tries several; what it then remembers is not for the snapshot.
    let (expect, snapshot) = (crate::support::expect(), keys.snapshot().unwrap());
    let nameless = one.token_without_kid();
    expect.verify::<()>(&nameless, snapshot.key_set()).unwrap();
    assert_eq!(code(&keys, &nameless).await, "jwk.not-found");
    verify(&keys, &other_alg.token_without_kid()).await.unwrap();
    verify(&keys, &one.token()).await.unwrap();
}

#[test]
fn a_runtime_that_is_gone_leaves_nobody_waiting() {
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let first = runtime();
    let keys = first.block_on(async {
        let keys = https(URL).client(issuer.clone()).start().unwrap();
        keys.ready().await.unwrap();
        keys
    });
    drop(first);
    runtime().block_on(async {
        verify(&keys, &key.token())
            .await
            .expect("what is known verifies without the task");
        assert_eq!(
            code(&keys, &Key::new("new").token()).await,
            "remote.unavailable"
        );
    });
    assert_eq!(https(URL).start().unwrap_err().code(), "jwks.no-runtime");
}

#[tokio::test(start_paused = true)]
async fn a_restart_during_an_outage_verifies_within_the_stale_bound() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("issuer.json");
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    issuer.with_etag();
    let clock = Arc::new(TestClock::new());
    let start = || {
        let builder = https(URL).client(issuer.clone()).clock(clock.clone());
        builder.saved_at(&path).start().unwrap()
    };
    let before = start();
    before.ready().await.unwrap();
    while !path.exists() {
        tokio::task::yield_now().await;
    }
    drop(before);

    issuer.answer(Answers::Fails(FetchError::Unavailable {
        why: Unreachable::Connect,
        retry_after: None,
    }));
    clock.jump(5_000);
    let restarted = start();
    verify(&restarted, &key.token()).await.unwrap();
    assert_eq!(restarted.health().phase, Phase::Stale);
    // What it knows it asks about: the version is kept, too.
    pass(3).await;
    assert_eq!(issuer.last_request().etag.as_deref(), Some("\"1\""));
    pass(1_000).await; // 100 minutes after the issuer's last word
    assert_eq!(code(&restarted, &key.token()).await, "remote.unavailable");
    drop(restarted);

    clock.jump(86_400);
    assert_eq!(
        start().health().phase,
        Phase::Loading,
        "too old to begin with"
    );
}

#[tokio::test(start_paused = true)]
async fn an_operator_has_a_revoked_key_dropped_at_once_and_is_told_where_that_failed() {
    let (old, new) = (Key::new("old"), Key::new("new"));
    let issuer = Issuer::new(&[&old, &new]);
    let keys = ready(&issuer).await;
    verify(&keys, &old.token()).await.unwrap();
    issuer.publish(&[&new]);
    verify(&keys, &old.token()).await.unwrap();
    keys.refresh().await.unwrap();
    assert_eq!(issuer.asked(), 2);
    assert_eq!(code(&keys, &old.token()).await, "jwk.not-found");
    verify(&keys, &new.token()).await.unwrap();
    issuer.fail();
    assert_eq!(
        keys.refresh().await.unwrap_err().code(),
        "remote.unavailable"
    );
    verify(&keys, &new.token()).await.unwrap();
}
