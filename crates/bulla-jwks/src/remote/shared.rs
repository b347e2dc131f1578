use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use arc_swap::ArcSwapOption;
use bulla_core::jwk::JwkSet;
use tokio::sync::{Notify, watch};

use super::clock::Clocks;
use super::compile::{Compiled, Compiler};
use super::error::KeysUnavailable;
use super::snapshot::Snapshot;
use crate::events::{Events, Outcome};
use crate::freshness::Freshness;
use crate::health::SourceHealth;
use crate::machine::{Answer, Ask, Machine, Next, Now, Phase, Verdict};
use crate::persist::Saved;
use crate::source::{Loaded, SourceError, Version, Wish};

/// What the handle and the task have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) clocks: Clocks,
    /// What readers take, without a lock.
    pub(super) current: ArcSwapOption<Snapshot>,
    changes: AtomicU64,
    /// Held for moments, and never by who has the key.
    machine: Mutex<Machine>,
    pub(super) wake: Notify,
    pub(super) stopped: Notify,
    /// The number of the last request that came to an end; closed when the task is.
    pub(super) done: watch::Receiver<u64>,
    pub(super) events: Events,
    pub(super) compiler: Compiler,
    version: Mutex<Option<Version>>,
}

/// What came of a request, for whoever saves sets.
#[derive(Debug)]
pub(super) struct Accepted {
    pub(super) set: Arc<JwkSet>,
    pub(super) version: Option<Version>,
    pub(super) ttl: Duration,
}

impl Shared {
    pub(super) fn new(
        machine: Machine,
        clocks: Clocks,
        done: watch::Receiver<u64>,
        events: Events,
        compiler: Compiler,
    ) -> Self {
        Self {
            clocks,
            current: ArcSwapOption::empty(),
            changes: AtomicU64::new(0),
            machine: Mutex::new(machine),
            wake: Notify::new(),
            stopped: Notify::new(),
            done,
            events,
            compiler,
            version: Mutex::new(None),
        }
    }

    pub(super) fn machine(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What to do now; with it, what cannot be served any more goes.
    pub(super) fn next(&self) -> Next {
        let now = self.clocks.now();
        let (next, phase) = {
            let mut machine = self.machine();
            (machine.next(now), machine.phase(now))
        };
        let over = matches!(phase, Phase::Expired | Phase::Stopped);
        if over && self.current.swap(None).is_some() && phase == Phase::Expired {
            self.events.expired();
        }
        self.events.phase(phase);
        next
    }

    pub(super) fn wish(&self, forced: bool, conditional: bool) -> Wish {
        let known = self.version().clone();
        Wish {
            forced,
            known: known.filter(|_| conditional),
        }
    }

    /// Takes what a source gave; says what is to be saved.
    pub(super) fn take(&self, result: Result<Loaded, SourceError>) -> Option<Accepted> {
        match result {
            Ok(Loaded::Set {
                set,
                freshness,
                version,
            }) => {
                let compiled = self.compiler.compile(&set);
                if compiled.keys.verifiers().len() == 0 {
                    self.take_empty(compiled.rejected.len());
                    return None;
                }
                self.take_keys(compiled, freshness, version)
            }
            Ok(Loaded::NotModified(freshness)) => self.take_not_modified(freshness),
            Err(error) => {
                let retry_after = error.retry_after();
                self.events.failed(error);
                let now = self.clocks.now();
                self.machine().failed(retry_after, now);
                None
            }
        }
    }

    /// Serves a set that was saved, if it is young enough.
    pub(super) fn take_saved(&self, saved: Saved) {
        let compiled = self.compiler.compile(&saved.set);
        let now = self.clocks.now();
        let (old, set) = {
            let mut machine = self.machine();
            let ttl = Freshness::MaxAge(saved.ttl);
            if compiled.keys.verifiers().len() == 0 || !machine.warm(saved.age, ttl, now) {
                return;
            }
            let Some(until) = machine.servable_until() else {
                return;
            };
            self.replace(compiled, until)
        };
        *self.version() = saved.version;
        let confirmed = self.clocks.wall().now().checked_sub(saved.age);
        self.events.confirmed(confirmed.unwrap_or(UNIX_EPOCH));
        self.tell_replaced(old.as_deref(), &set);
    }

    fn take_keys(
        &self,
        compiled: Compiled,
        freshness: Freshness,
        version: Option<Version>,
    ) -> Option<Accepted> {
        let now = self.clocks.now();
        let same = self
            .current
            .load()
            .as_ref()
            .is_some_and(|old| *old.set == compiled.set);
        let (old, set, ttl) = {
            // The lock is held until the keys are there: whoever the machine then refuses finds them.
            let mut machine = self.machine();
            machine.answered(Answer::Keys(freshness), now);
            let (until, ttl) = (machine.servable_until()?, machine.ttl()?);
            if same {
                (None, self.renew(until)?, ttl)
            } else {
                let (old, set) = self.replace(compiled, until);
                (old, set, ttl)
            }
        };
        self.version().clone_from(&version);
        self.events.succeeded(if same {
            Outcome::Same
        } else {
            Outcome::Changed
        });
        self.events.confirmed(self.clocks.wall().now());
        if !same {
            self.tell_replaced(old.as_deref(), &set);
        }
        Some(Accepted { set, version, ttl })
    }

    fn take_not_modified(&self, freshness: Freshness) -> Option<Accepted> {
        let now = self.clocks.now();
        let (renewed, ttl) = {
            let mut machine = self.machine();
            let verdict = machine.answered(Answer::NotModified(freshness), now);
            let until = machine
                .servable_until()
                .filter(|_| verdict == Verdict::Renew);
            (until.and_then(|until| self.renew(until)), machine.ttl())
        };
        let Some(set) = renewed else {
            let unasked = crate::http::BadAnswer::Unasked;
            self.events
                .failed(crate::http::FetchError::Answer(unasked).into());
            return None;
        };
        self.events.succeeded(Outcome::NotModified);
        self.events.confirmed(self.clocks.wall().now());
        let version = self.version().clone();
        Some(Accepted {
            set,
            version,
            ttl: ttl?,
        })
    }

    /// A set without a usable key is an anomaly: whoever published it did not mean that nobody may verify.
    fn take_empty(&self, rejected: usize) {
        let now = self.clocks.now();
        self.events.failed(SourceError::NoUsableKey { rejected });
        if self.machine().answered(Answer::NoKeys, now) == Verdict::Nothing {
            self.current.store(None);
        }
    }

    /// Serves a set; gives back what was served before, and the set.
    fn replace(&self, compiled: Compiled, until: Now) -> (Option<Arc<Snapshot>>, Arc<JwkSet>) {
        let set = Arc::new(compiled.set);
        let old = self.current.swap(Some(Arc::new(Snapshot {
            keys: Arc::new(compiled.keys),
            set: Arc::clone(&set),
            rejected: compiled.rejected.into(),
            until,
            headers: Arc::default(),
        })));
        self.changes.fetch_add(1, Ordering::Release);
        (old, set)
    }

    fn tell_replaced(&self, old: Option<&Snapshot>, set: &JwkSet) {
        self.events
            .replaced(old.map(Snapshot::set), set, &self.rejected());
    }

    /// The same keys for longer. They keep their memory of headers.
    fn renew(&self, until: Now) -> Option<Arc<JwkSet>> {
        let old = self.current.load_full()?;
        let set = Arc::clone(&old.set);
        let renewed = Snapshot {
            until,
            ..Snapshot::clone(&old)
        };
        self.current.store(Some(Arc::new(renewed)));
        self.changes.fetch_add(1, Ordering::Release);
        Some(set)
    }

    /// How often what readers take was exchanged. Read before it is taken, it tells whether there is another since.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    fn version(&self) -> MutexGuard<'_, Option<Version>> {
        self.version.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rejected(&self) -> Arc<[super::Rejected]> {
        self.current
            .load()
            .as_ref()
            .map_or_else(|| Arc::from([]), |now| Arc::clone(&now.rejected))
    }

    /// Asks the machine, and wakes the task where there is something to do.
    pub(super) fn ask(&self, kid: Option<&str>, ask: impl FnOnce(&mut Machine, Now) -> Ask) -> Ask {
        let now = self.clocks.now();
        let answer = ask(&mut self.machine(), now);
        match answer {
            Ask::Wait { .. } => self.wake.notify_one(),
            Ask::Refused(why) => self.events.refused(kid, why),
        }
        answer
    }

    pub(super) fn unavailable(&self) -> KeysUnavailable {
        let now = self.clocks.now();
        let machine = self.machine();
        let (phase, next_in) = (machine.phase(now), machine.next_in(now));
        drop(machine);
        KeysUnavailable {
            phase,
            last_error: self.events.last_error(),
            retry_after: (phase != Phase::Stopped).then_some(next_in),
        }
    }

    pub(super) fn health(&self) -> SourceHealth {
        let now = self.clocks.now();
        let machine = self.machine();
        let (phase, age) = (machine.phase(now), machine.age(now));
        let unknown_kids = machine.unknown_kids();
        drop(machine);
        let keys = self
            .current
            .load()
            .as_ref()
            .map_or(0, |now| now.keys.verifiers().len());
        self.events.health(phase, age, keys, unknown_kids)
    }
}
