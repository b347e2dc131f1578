//! What operators see of the client, and what nobody sees. A program of its own: what a thread without a subscriber finds
//! out about an event first, all other threads believe for a while.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[allow(dead_code, unused_imports, reason = "the other tests use more of it")]
#[path = "client/support.rs"]
mod support;

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulla_oauth::message::{ErrorCode, ErrorResponse};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tokio::time::advance;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use support::{ISSUER, Server, refuse};

/// Writes each event of ours as one line.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("bulla_oauth")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Two grants and a refusal between them; a token that is kept, one that is served although stale.
async fn use_a_source() {
    let server = Server::new();
    let tokens = server.tokens();
    tokens.token().await.expect("a token");
    tokens.token().await.expect("the same");
    let error = ErrorResponse::new(ErrorCode::InvalidClient).description("unknown\nkey");
    server.then(refuse(&error));
    advance(Duration::from_secs(520)).await;
    tokens
        .token()
        .await
        .expect("the same, and the next is asked for");
    tokio::time::sleep(Duration::from_millis(100)).await;
    tokens.token().await.expect("the same, which is stale");
    tokio::time::sleep(Duration::from_secs(2)).await;
    tokens
        .token()
        .await
        .expect("the same, and the next is asked for again");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(
        tokens.token().await.expect("the next").as_str(),
        "secret-token-3"
    );
}

#[test]
fn metrics_and_log_tell_what_happened_and_no_secret() {
    let (log, recorder) = (Log::default(), DebuggingRecorder::new());
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    tracing::subscriber::with_default(log.clone(), || {
        metrics::with_local_recorder(&recorder, || runtime.block_on(use_a_source()));
    });

    let snapshot = snapshotter.snapshot().into_vec();
    let count = |name: &str, labels: &[(&str, &str)]| {
        let found = snapshot.iter().find(|(key, ..)| {
            let has = |(name, value): &(&str, &str)| {
                let mut all = key.key().labels();
                all.any(|label| label.key() == *name && label.value() == *value)
            };
            key.key().name() == name && labels.iter().all(has)
        });
        match found {
            Some((.., DebugValue::Counter(count))) => *count,
            other => panic!("{name}: {other:?}"),
        }
    };
    let requests = "bulla_oauth_client_requests_total";
    let of = |outcome| {
        [
            ("issuer", ISSUER),
            ("client", "billing"),
            ("grant", "client_credentials"),
            ("outcome", outcome),
        ]
    };
    assert_eq!(count(requests, &of("granted")), 2);
    assert_eq!(count(requests, &of("oauth.client-refused")), 1);
    let tokens = "bulla_oauth_client_tokens_total";
    assert_eq!(count(tokens, &[("issuer", ISSUER), ("how", "awaited")]), 1);
    assert_eq!(count(tokens, &[("issuer", ISSUER), ("how", "kept")]), 3);
    assert_eq!(count(tokens, &[("issuer", ISSUER), ("how", "stale")]), 2);
    let seconds = snapshot
        .iter()
        .find(|(key, ..)| key.key().name() == "bulla_oauth_client_request_seconds");
    let Some((.., DebugValue::Histogram(seconds))) = seconds else {
        panic!("no histogram");
    };
    assert_eq!(seconds.len(), 3);

    let lines = log.0.lock().unwrap().clone();
    let has = |parts: &[&str]| {
        let found = lines
            .iter()
            .any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(found, "{parts:?} in {lines:#?}");
    };
    has(&["DEBUG", "token granted", "billing", ISSUER, "600"]);
    has(&[
        "WARN",
        "no token",
        "oauth.client-refused",
        "401 invalid_client: unknown?key",
    ]);
    let shown = format!("{lines:?} {snapshot:?}");
    // A token, and how every assertion and proof begins.
    for secret in ["secret-token", "eyJ"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
