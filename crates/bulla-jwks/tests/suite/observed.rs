//! What an operator sees.

use std::sync::Arc;

use bulla_jwks::https;
use bulla_jwks::machine::Phase;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use crate::support::{Issuer, Key, TestClock, URL, code, pass, verify};

#[test]
fn metrics_and_health_tell_the_same_story() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let (one, two) = (Key::new("1"), Key::new("2"));
            let issuer = Issuer::new(&[&one]);
            let clock = Arc::new(TestClock::new());
            let builder = https(URL).client(issuer.clone()).clock(clock);
            let keys = builder.start().unwrap();
            assert_eq!(keys.health().phase, Phase::Loading);
            keys.ready().await.unwrap();
            let health = keys.health();
            assert_eq!((health.phase, health.keys), (Phase::Fresh, 1));
            issuer.publish(&[&one, &two]);
            verify(&keys, &two.token()).await.unwrap();
            assert_eq!(code(&keys, &Key::new("3").token()).await, "jwk.not-found");
            let counts = keys.health().counts;
            assert_eq!(
                (
                    counts.requests,
                    counts.forced,
                    counts.changed,
                    counts.refused
                ),
                (2, 1, 2, 1)
            );
            issuer.fail();
            pass(7_000).await;
            assert_eq!(keys.health().phase, Phase::Expired);
            assert!(keys.health().age.is_none());
        });
    });
    // A snapshot takes the counters with it, so one is enough for all.
    let source = ("source", URL);
    let snapshot = snapshotter.snapshot().into_vec();
    let read = |name: &str, labels: &[(&str, &str)]| {
        let has = |key: &metrics::Key, (name, value): &(&str, &str)| {
            key.labels()
                .any(|label| label.key() == *name && label.value() == *value)
        };
        let mut rows = snapshot.iter();
        let found = rows.find(|(key, ..)| {
            key.key().name() == name && labels.iter().all(|label| has(key.key(), label))
        });
        found.map(|(.., value)| match value {
            DebugValue::Counter(count) => *count as f64,
            DebugValue::Gauge(value) => value.into_inner(),
            DebugValue::Histogram(_) => f64::NAN,
        })
    };
    assert_eq!(
        read(
            "bulla_jwks_requests_total",
            &[source, ("reason", "unknown-kid")]
        ),
        Some(1.0)
    );
    assert_eq!(
        read(
            "bulla_jwks_answers_total",
            &[source, ("outcome", "changed")]
        ),
        Some(2.0)
    );
    assert!(
        read(
            "bulla_jwks_answers_total",
            &[source, ("outcome", "remote.unavailable")]
        ) > Some(10.0)
    );
    assert_eq!(read("bulla_jwks_rollovers_total", &[source]), Some(1.0));
    assert_eq!(
        read(
            "bulla_jwks_refused_total",
            &[source, ("reason", "cooldown")]
        ),
        Some(1.0)
    );
    assert_eq!(
        read("bulla_jwks_phase", &[source, ("phase", "expired")]),
        Some(1.0)
    );
    assert_eq!(
        read("bulla_jwks_phase", &[source, ("phase", "fresh")]),
        Some(0.0)
    );
    assert_eq!(read("bulla_jwks_keys", &[source]), Some(0.0));
    // Two answers of 50 ms each, one after the other; what failed later confirmed nothing.
    let confirmed = read("bulla_jwks_confirmed_timestamp_seconds", &[source]);
    let since = confirmed.unwrap() - 1_800_000_000.0;
    assert!((0.09..1.0).contains(&since), "{since}");
}

#[test]
fn a_source_that_never_loads_is_measured_as_loading() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let issuer = Issuer::new(&[]);
            issuer.fail();
            let keys = https(URL).client(issuer).start().unwrap();
            keys.ready().await.unwrap_err();
        });
    });
    let snapshot = snapshotter.snapshot().into_vec();
    let mut rows = snapshot.iter();
    let row = rows.find(|(key, ..)| {
        let mut labels = key.key().labels();
        key.key().name() == "bulla_jwks_phase" && labels.any(|label| label.value() == "loading")
    });
    assert_eq!(row.unwrap().3, DebugValue::Gauge(1.0.into()));
}
