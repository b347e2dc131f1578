//! What happens to a source: counted, measured, and told to the log.

use core::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla_core::jwk::JwkSet;
use metrics::{counter, gauge};

use crate::health::{Counts, SourceHealth};
use crate::machine::{Phase, Refused};
use crate::remote::Rejected;
use crate::source::SourceError;

/// What an answer meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Changed,
    Same,
    NotModified,
}

/// Counts, and tells.
#[derive(Debug)]
pub(crate) struct Events {
    source: Arc<str>,
    last_error: Mutex<Option<Arc<SourceError>>>,
    /// What was told last; nothing yet at first, so that a source that never loads is seen to.
    phase: Mutex<Option<Phase>>,
    requests: AtomicU64,
    forced: AtomicU64,
    changed: AtomicU64,
    confirmed: AtomicU64,
    failed: AtomicU64,
    refused: AtomicU64,
    expired: AtomicU64,
}

impl Events {
    pub(crate) fn new(source: &str) -> Self {
        Self {
            source: source.into(),
            last_error: Mutex::new(None),
            phase: Mutex::new(None),
            requests: AtomicU64::new(0),
            forced: AtomicU64::new(0),
            changed: AtomicU64::new(0),
            confirmed: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            expired: AtomicU64::new(0),
        }
    }

    pub(crate) fn asked(&self, forced: bool) {
        add(&self.requests);
        if forced {
            add(&self.forced);
        }
        let reason = if forced { "unknown-kid" } else { "schedule" };
        counter!("bulla_jwks_requests_total", "source" => self.label(), "reason" => reason)
            .increment(1);
        tracing::debug!(source = &*self.source, forced, "asking for keys");
    }

    pub(crate) fn succeeded(&self, outcome: Outcome) {
        let outcome = match outcome {
            Outcome::Changed => {
                add(&self.changed);
                "changed"
            }
            Outcome::Same => {
                add(&self.confirmed);
                "same"
            }
            Outcome::NotModified => {
                add(&self.confirmed);
                "not-modified"
            }
        };
        *self
            .last_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
        counter!("bulla_jwks_answers_total", "source" => self.label(), "outcome" => outcome)
            .increment(1);
        tracing::debug!(source = &*self.source, outcome, "keys confirmed");
    }

    /// The issuer's last word was then. As a time and not as an age, which would have to be measured all the time.
    pub(crate) fn confirmed(&self, at: SystemTime) {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        gauge!("bulla_jwks_confirmed_timestamp_seconds", "source" => self.label())
            .set(since.as_secs_f64());
    }

    pub(crate) fn failed(&self, error: SourceError) {
        add(&self.failed);
        let code = error.code();
        counter!("bulla_jwks_answers_total", "source" => self.label(), "outcome" => code)
            .increment(1);
        tracing::warn!(source = &*self.source, code, %error, "keys could not be refreshed");
        *self
            .last_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(error));
    }

    /// A set took the place of another.
    pub(crate) fn replaced(&self, old: Option<&JwkSet>, new: &JwkSet, rejected: &[Rejected]) {
        let kids = |set: &JwkSet| -> Vec<String> {
            set.keys()
                .iter()
                .filter_map(|key| key.members().kid.clone())
                .collect()
        };
        let (old_kids, new_kids) = (old.map(kids).unwrap_or_default(), kids(new));
        let added: Vec<&String> = new_kids
            .iter()
            .filter(|kid| !old_kids.contains(kid))
            .collect();
        let removed: Vec<&String> = old_kids
            .iter()
            .filter(|kid| !new_kids.contains(kid))
            .collect();
        let source = &*self.source;
        if old.is_some() {
            counter!("bulla_jwks_rollovers_total", "source" => self.label()).increment(1);
            tracing::info!(
                source,
                ?added,
                ?removed,
                "rollover: the issuer's keys changed"
            );
        } else {
            tracing::info!(source, kids = ?new_kids, "keys loaded");
        }
        for key in rejected {
            tracing::warn!(source, kid = ?key.kid, code = key.code, "key not used");
        }
        gauge!("bulla_jwks_keys", "source" => self.label()).set(count(new.keys().len()));
    }

    /// A token with an unknown key caused no request.
    pub(crate) fn refused(&self, kid: Option<&str>, why: Refused) {
        add(&self.refused);
        let reason = match why {
            Refused::Cooldown => "cooldown",
            Refused::Failing => "failing",
            Refused::Remembered => "remembered",
            Refused::Stopped => "stopped",
            Refused::Throttled => "throttled",
            Refused::TooLong => "too-long",
        };
        counter!("bulla_jwks_refused_total", "source" => self.label(), "reason" => reason)
            .increment(1);
        tracing::debug!(source = &*self.source, kid = %Shown(kid), reason, "not asking for a key");
    }

    pub(crate) fn expired(&self) {
        add(&self.expired);
        tracing::error!(
            source = &*self.source,
            "the keys are too old and dropped; nothing verifies"
        );
        gauge!("bulla_jwks_keys", "source" => self.label()).set(0.0);
    }

    pub(crate) fn not_saved(&self, error: &io::Error) {
        tracing::warn!(source = &*self.source, %error, "the set could not be saved");
    }

    pub(crate) fn not_restored(&self, error: &io::Error) {
        tracing::warn!(source = &*self.source, %error, "the saved set is not used");
    }

    /// Tells where things changed.
    pub(crate) fn phase(&self, now: Phase) {
        let before = {
            let mut phase = self.phase.lock().unwrap_or_else(PoisonError::into_inner);
            phase.replace(now)
        };
        if before == Some(now) {
            return;
        }
        if let Some(before) = before {
            gauge!("bulla_jwks_phase", "source" => self.label(), "phase" => word(before)).set(0.0);
        }
        gauge!("bulla_jwks_phase", "source" => self.label(), "phase" => word(now)).set(1.0);
        if now == Phase::Stale {
            tracing::warn!(source = &*self.source, "serving keys past their time");
        }
    }

    pub(crate) fn last_error(&self) -> Option<Arc<SourceError>> {
        self.last_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn health(
        &self,
        phase: Phase,
        age: Option<Duration>,
        keys: usize,
        unknown_kids: usize,
    ) -> SourceHealth {
        let read = |counted: &AtomicU64| counted.load(Ordering::Relaxed);
        SourceHealth {
            phase,
            age,
            keys,
            unknown_kids,
            last_error: self.last_error(),
            counts: Counts {
                requests: read(&self.requests),
                forced: read(&self.forced),
                changed: read(&self.changed),
                confirmed: read(&self.confirmed),
                failed: read(&self.failed),
                refused: read(&self.refused),
                expired: read(&self.expired),
            },
        }
    }

    fn label(&self) -> metrics::SharedString {
        metrics::SharedString::from_shared(Arc::clone(&self.source))
    }
}

/// What a stranger wrote, for a log: short, and with nothing in it that a terminal would obey.
struct Shown<'a>(Option<&'a str>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(kid) = self.0 else {
            return f.write_str("none");
        };
        let beginning: String = kid.chars().take(LONGEST_SHOWN).collect();
        write!(f, "{beginning:?}")?;
        if beginning.len() < kid.len() {
            write!(f, " and {} octets more", kid.len() - beginning.len())?;
        }
        Ok(())
    }
}

const LONGEST_SHOWN: usize = 64;

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

const fn word(phase: Phase) -> &'static str {
    match phase {
        Phase::Loading => "loading",
        Phase::Fresh => "fresh",
        Phase::Stale => "stale",
        Phase::Expired => "expired",
        Phase::Stopped => "stopped",
    }
}

/// Exact for every set that the limits allow.
fn count(keys: usize) -> f64 {
    u32::try_from(keys).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_wrote_is_escaped_and_cut() {
        assert_eq!(
            Shown(Some("a\u{1b}[31m\n")).to_string(),
            r#""a\u{1b}[31m\n""#
        );
        assert_eq!(Shown(None).to_string(), "none");
        let long = "é".repeat(1_000);
        assert!(
            Shown(Some(&long))
                .to_string()
                .ends_with("and 1872 octets more")
        );
    }
}
