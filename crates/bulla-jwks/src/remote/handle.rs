use core::fmt;
use std::sync::Arc;

use tokio::task::JoinHandle;

use super::builder::RemoteBuilder;
use super::error::{KeysUnavailable, RemoteError};
use super::missing_key::MissingKey;
use super::shared::Shared;
use super::snapshot::Snapshot;
use crate::health::SourceHealth;
use crate::machine::{Ask, Machine, Refused};
use crate::source::Source;

/// Keys that somebody else publishes, kept current by a task in the background. Cheap to clone; all clones are one.
///
/// ```no_run
/// # #[derive(serde::Deserialize)] struct Me {}
/// # async fn f(token: &str) -> Result<(), Box<dyn std::error::Error>> {
/// use bulla_core::jwt::Expectations;
///
/// let keys = bulla_jwks::discover("https://issuer.example").start()?; // once
/// let expect = Expectations::new("https://issuer.example", "api"); // once
/// let valid = keys.verify(|keys| expect.verify::<Me>(token, keys)).await?;
/// # Ok(()) }
/// ```
///
/// Where the token's key is known, [`verify`](Self::verify) never waits: it reads a snapshot without a lock, allocates
/// nothing and parses nothing twice. The task ends when the last clone is dropped.
#[derive(Clone)]
pub struct RemoteKeys {
    owner: Arc<Owner>,
}

struct Owner {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
    name: Box<str>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl RemoteKeys {
    /// Keys from a source of any kind; [`start`](RemoteBuilder::start) begins.
    pub fn from_source(source: impl Source + 'static) -> RemoteBuilder {
        RemoteBuilder::of(Arc::new(source))
    }

    pub(super) fn new(shared: Arc<Shared>, task: JoinHandle<()>, name: &str) -> Self {
        Self {
            owner: Arc::new(Owner {
                shared,
                task,
                name: name.into(),
            }),
        }
    }

    /// Verifies with the keys as they are now. Where the token names a key that is not among them, the issuer is asked
    /// (once for all who wait, and no more often than the cooldown allows) and `check` runs again.
    ///
    /// `check` may be any operation that takes keys: [`Expectations::verify`](bulla_core::jwt::Expectations::verify),
    /// that of a [`Jws`](bulla_core::jws::Jws), or several in a row. It runs once, again after each request that was waited
    /// for (two at most), and again where the keys were exchanged in that very moment.
    ///
    /// # Errors
    ///
    /// [`RemoteError::Token`] with what `check` said; [`RemoteError::Keys`] where there are no keys, or where the issuer
    /// cannot be asked for the one that is missing. Servers answer 401 to the first and 503 to the second.
    pub async fn verify<T, E: MissingKey>(
        &self,
        mut check: impl FnMut(&Snapshot) -> Result<T, E>,
    ) -> Result<T, RemoteError<E>> {
        let mut rounds = 0;
        loop {
            let seen = self.shared().changes();
            let error = match self.try_now(&mut check) {
                Some(Ok(value)) => return Ok(value),
                Some(Err(error)) => error,
                None if rounds < ROUNDS => {
                    rounds += 1;
                    match self.wait_for_keys().await {
                        Err(error) if self.shared().changes() == seen => return Err(error.into()),
                        _ => continue,
                    }
                }
                None => return Err(self.shared().unavailable().into()),
            };
            let Some(kid) = error.missing_key() else {
                return Err(RemoteError::Token(error));
            };
            match self.look_for(kid, rounds) {
                Ask::Wait { round } => {
                    drop(error);
                    rounds += 1;
                    self.wait(round).await?;
                }
                // Keys may have come between the look at them and the question: then look again.
                Ask::Refused(_) if self.shared().changes() != seen => {}
                Ask::Refused(why) => return Err(self.refused(why, error)),
            }
        }
    }

    /// The keys as they are now. For code that cannot wait; it makes nobody ask the issuer.
    ///
    /// # Errors
    ///
    /// [`KeysUnavailable`] where there are none, or they are too old.
    pub fn snapshot(&self) -> Result<Arc<Snapshot>, KeysUnavailable> {
        let shared = self.shared();
        let current = shared.current.load_full();
        current
            .filter(|snapshot| !shared.clocks.now().reached(snapshot.until))
            .ok_or_else(|| shared.unavailable())
    }

    /// Waits until there are keys: for a service that will not start without.
    ///
    /// # Errors
    ///
    /// [`KeysUnavailable`] where the request that is waited for failed, with the reason.
    pub async fn ready(&self) -> Result<(), KeysUnavailable> {
        if self.snapshot().is_ok() {
            return Ok(());
        }
        let waited = self.wait_for_keys().await;
        match self.snapshot() {
            Ok(_) => Ok(()),
            Err(error) => Err(waited.err().unwrap_or(error)),
        }
    }

    /// Asks for the keys now, whatever was asked when: for an operator who knows that a key was revoked. It is no help
    /// against unknown keys, which [`verify`](Self::verify) looks for by itself; whoever lets strangers cause this lets
    /// them cause requests.
    ///
    /// # Errors
    ///
    /// [`KeysUnavailable`] where the issuer does not answer; the keys stay as they are.
    pub async fn refresh(&self) -> Result<(), KeysUnavailable> {
        let shared = self.shared();
        match shared.ask(None, |machine, _| machine.refresh()) {
            Ask::Wait { round } => self.wait(round).await?,
            Ask::Refused(_) => return Err(shared.unavailable()),
        }
        if shared.machine().failures() > 0 {
            return Err(shared.unavailable());
        }
        Ok(())
    }

    /// How things stand.
    #[must_use]
    pub fn health(&self) -> SourceHealth {
        self.shared().health()
    }

    /// What the source is called: its URL or path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.owner.name
    }

    /// Ends the task and drops the keys, for every clone. Nothing verifies from here on.
    pub fn shut_down(&self) {
        let shared = self.shared();
        shared.machine().stop();
        shared.current.store(None);
        shared.wake.notify_one();
        shared.stopped.notify_one();
    }

    /// `None` where there are no keys that may be used.
    fn try_now<T, E>(
        &self,
        check: &mut impl FnMut(&Snapshot) -> Result<T, E>,
    ) -> Option<Result<T, E>> {
        let shared = self.shared();
        let current = shared.current.load();
        let snapshot = current.as_deref()?;
        (!shared.clocks.now().reached(snapshot.until)).then(|| check(snapshot))
    }

    async fn wait_for_keys(&self) -> Result<(), KeysUnavailable> {
        match self.shared().ask(None, Machine::no_keys) {
            Ask::Wait { round } => self.wait(round).await,
            Ask::Refused(_) => Err(self.shared().unavailable()),
        }
    }

    /// Until a request came to an end. Fails where the task, or the runtime it was on, is no more.
    async fn wait(&self, round: u64) -> Result<(), KeysUnavailable> {
        let mut done = self.shared().done.clone();
        match done.wait_for(|done| *done >= round).await {
            Ok(_) => Ok(()),
            Err(_) => Err(self.shared().unavailable()),
        }
    }

    /// Asks for a key that is not there, after so many requests that were waited for already.
    fn look_for(&self, kid: Option<&str>, rounds: usize) -> Ask {
        let shared = self.shared();
        let answer = if rounds < ROUNDS {
            shared.ask(kid, |machine, now| machine.unknown_kid(kid, now))
        } else {
            Ask::Refused(Refused::Cooldown)
        };
        // Only what was really looked for is remembered, and only where the issuer answered.
        if rounds > 0 && answer == Ask::Refused(Refused::Cooldown) {
            let now = shared.clocks.now();
            let mut machine = shared.machine();
            if let (Some(kid), 0) = (kid, machine.failures()) {
                machine.still_unknown(kid, now);
            }
        }
        answer
    }

    fn refused<E>(&self, why: Refused, error: E) -> RemoteError<E> {
        // While the issuer fails, whether the key exists is not known.
        let not_known = match why {
            Refused::Remembered | Refused::TooLong => false,
            Refused::Cooldown => self.shared().machine().failures() > 0,
            Refused::Failing | Refused::Stopped | Refused::Throttled => true,
        };
        if not_known {
            self.shared().unavailable().into()
        } else {
            RemoteError::Token(error)
        }
    }

    fn shared(&self) -> &Shared {
        &self.owner.shared
    }
}

impl<E> From<KeysUnavailable> for RemoteError<E> {
    fn from(error: KeysUnavailable) -> Self {
        Self::Keys(error)
    }
}

impl fmt::Debug for RemoteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeys")
            .field("name", &self.owner.name)
            .field("health", &self.health())
            .finish_non_exhaustive()
    }
}

/// A request that was under way when the token came may have been answered too early for it; the next one was not.
const ROUNDS: usize = 2;
