use std::time::SystemTime;

use super::{KeyPhase, RotationError, RotationKey, RotationPolicy};

/// The keys and since when each is what it is. Time is an argument.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) active: Held,
    pub(super) pending: Option<Held>,
    /// The oldest last.
    pub(super) retired: Vec<Held>,
    /// The `kid`s of those that were replaced: others may have these keys.
    pub(super) replaced: Vec<String>,
    /// Counts every change.
    pub(super) generation: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) key: RotationKey,
    pub(super) since: SystemTime,
}

impl State {
    pub(super) const fn new(key: RotationKey, now: SystemTime) -> Self {
        Self {
            active: Held { key, since: now },
            pending: None,
            retired: Vec::new(),
            replaced: Vec::new(),
            generation: 0,
        }
    }

    pub(super) fn restore(
        keys: impl IntoIterator<Item = (RotationKey, KeyPhase, SystemTime)>,
    ) -> Result<Self, RotationError> {
        let (mut active, mut pending, mut retired) = (None, None, Vec::new());
        for (key, phase, since) in keys {
            let held = Held { key, since };
            let before = match phase {
                KeyPhase::Active => active.replace(held),
                KeyPhase::Pending => pending.replace(held),
                KeyPhase::Retired => {
                    retired.push(held);
                    None
                }
            };
            if before.is_some() {
                return Err(RotationError::Phases);
            }
        }
        let state = Self {
            active: active.ok_or(RotationError::Phases)?,
            pending,
            retired,
            replaced: Vec::new(),
            generation: 0,
        };
        let mut kids = std::collections::BTreeSet::new();
        let twice = state
            .all()
            .find(|held| !kids.insert(held.key.kid()))
            .map(|held| held.key.kid.clone());
        match twice {
            Some(kid) => Err(RotationError::KidReused { kid }),
            None => Ok(state),
        }
    }

    /// Whether time alone changes something.
    pub(super) fn is_due(&self, policy: &RotationPolicy, now: SystemTime) -> bool {
        let is_due = |held: &Held, after| held.is_older(after, now) || held.is_of_the_future(now);
        (self
            .pending
            .iter()
            .any(|held| is_due(held, policy.announce)))
            || (self.retired.iter().any(|held| is_due(held, policy.retain)))
    }

    /// What time alone changes: an announced key becomes the one that signs, a retired one is no longer published.
    pub(super) fn advance(&mut self, policy: &RotationPolicy, now: SystemTime) {
        if !self.is_due(policy, now) {
            return;
        }
        self.generation += 1;
        // A clock that was set back, or was ahead when they were stored: their time begins anew, or it might never end.
        for held in self.pending.iter_mut().chain(&mut self.retired) {
            held.since = held.since.min(now);
        }
        self.retired
            .retain(|held| !held.is_older(policy.retain, now));
        if let Some(next) = self
            .pending
            .take_if(|held| held.is_older(policy.announce, now))
        {
            self.retired.insert(0, self.active.clone().at(now));
            self.active = next.at(now);
        }
    }

    pub(super) fn announce(
        &mut self,
        key: RotationKey,
        now: SystemTime,
    ) -> Result<(), RotationError> {
        if let Some(pending) = &self.pending {
            return Err(RotationError::Pending {
                kid: pending.key.kid.clone(),
            });
        }
        self.check_kid(&key)?;
        self.pending = Some(Held { key, since: now });
        self.generation += 1;
        Ok(())
    }

    pub(super) fn replace(
        &mut self,
        key: RotationKey,
        now: SystemTime,
    ) -> Result<(), RotationError> {
        self.check_kid(&key)?;
        let active = core::mem::replace(&mut self.active, Held { key, since: now });
        let gone = std::iter::once(active).chain(self.pending.take());
        self.replaced.extend(gone.map(|held| held.key.kid));
        self.generation += 1;
        Ok(())
    }

    fn check_kid(&self, key: &RotationKey) -> Result<(), RotationError> {
        if self.all().any(|held| held.key.kid == key.kid) || self.replaced.contains(&key.kid) {
            return Err(RotationError::KidReused {
                kid: key.kid.clone(),
            });
        }
        Ok(())
    }

    /// The one that signs, the one that will, and those that did: the order in which they are published.
    pub(super) fn all(&self) -> impl Iterator<Item = &Held> {
        std::iter::once(&self.active)
            .chain(&self.pending)
            .chain(&self.retired)
    }
}

impl Held {
    fn at(mut self, now: SystemTime) -> Self {
        self.since = now;
        self
    }

    fn is_of_the_future(&self, now: SystemTime) -> bool {
        self.since > now
    }

    /// A clock that was set back makes nothing older.
    fn is_older(&self, than: core::time::Duration, now: SystemTime) -> bool {
        now.duration_since(self.since).is_ok_and(|age| age >= than)
    }
}
