//! What stands in the log. A program of its own: what a thread without a subscriber finds out about an event first,
//! all other threads believe for a while.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[allow(dead_code, unused_imports)]
#[path = "suite/support/mod.rs"]
mod support;

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use bulla_jwks::https;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use support::{Issuer, Key, URL, code, pass, verify};

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
        metadata.target().starts_with("bulla_jwks")
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

impl Log {
    /// Whether there is a line with all of these in it.
    fn has(&self, parts: &[&str]) -> bool {
        let lines = self.0.lock().unwrap();
        lines
            .iter()
            .any(|line| parts.iter().all(|part| line.contains(part)))
    }
}

#[test]
fn the_log_tells_of_refreshes_rollovers_failures_age_and_refusals() {
    let log = Log::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    tracing::subscriber::with_default(log.clone(), || {
        runtime.block_on(async {
            let (old, new) = (Key::new("old\u{1b}[31m"), Key::new("new"));
            let issuer = Issuer::new(&[&old]);
            let keys = https(URL).client(issuer.clone()).start().unwrap();
            verify(&keys, &old.token()).await.unwrap();
            issuer.publish(&[&new]);
            verify(&keys, &new.token()).await.unwrap();
            let stranger = Key::new("evil\r\nERROR forged=true");
            assert_eq!(code(&keys, &stranger.token()).await, "jwk.not-found");
            issuer.fail();
            pass(7_000).await;
        });
    });
    assert!(log.has(&["INFO", "keys loaded", URL]));
    assert!(log.has(&[
        "INFO",
        "rollover",
        "added=[\"new\"]",
        r#"removed=["old\u{1b}[31m"]"#
    ]));
    assert!(log.has(&["DEBUG", "asking for keys", "forced=true"]));
    assert!(log.has(&[
        "DEBUG",
        "not asking for a key",
        r#"kid="evil\r\nERROR forged=true""#,
        "cooldown"
    ]));
    assert!(log.has(&["WARN", "could not be refreshed", "remote.unavailable"]));
    assert!(log.has(&["WARN", "past their time"]));
    assert!(log.has(&["ERROR", "too old and dropped"]));
    for line in log.0.lock().unwrap().iter() {
        let control = line.chars().any(char::is_control);
        assert!(!control, "a stranger wrote to the terminal: {line:?}");
        let token = line.contains("eyJ");
        assert!(!token, "a token is in the log: {line}");
    }
}

/// Stops the thread that tells of keys until somebody says to go on.
struct Halts {
    reached: Mutex<mpsc::Sender<()>>,
    go: Mutex<mpsc::Receiver<()>>,
}

impl Subscriber for Halts {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("bulla_jwks")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        if line.0.contains("keys confirmed") {
            self.reached.lock().unwrap().send(()).unwrap();
            let patience = Duration::from_secs(10);
            self.go.lock().unwrap().recv_timeout(patience).unwrap();
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn a_token_that_comes_while_keys_are_taken_is_not_turned_away() {
    let ((reached, when_reached), (go, when_told)) = (mpsc::channel(), mpsc::channel());
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let key = Key::new("a");
    let issuer = Issuer::new(&[&key]);
    let of_task = runtime();
    let keys = of_task.block_on(async { https(URL).client(issuer).start().unwrap() });
    let (taking, halts) = (
        keys.clone(),
        Halts {
            reached: Mutex::new(reached),
            go: Mutex::new(when_told),
        },
    );
    let task = std::thread::spawn(move || {
        tracing::subscriber::with_default(halts, || of_task.block_on(taking.ready()))
    });
    when_reached.recv_timeout(Duration::from_secs(10)).unwrap();
    let outcome = runtime().block_on(code(&keys, &key.token()));
    go.send(()).unwrap();
    task.join().unwrap().unwrap();
    assert_eq!(outcome, "ok");
}
