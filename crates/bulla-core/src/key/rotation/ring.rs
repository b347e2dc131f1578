use core::fmt;
use core::time::Duration;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use super::state::State;
use super::{RotationError, RotationKey, RotationPolicy};
use crate::jwk::JwkSet;
use crate::key::AsyncSigner;
use crate::time::{Clock, SystemClock};

/// Signing keys that follow one another, without a verifier that misses one.
///
/// A key is *pending* (published, and does not sign), then *active* (the one that signs), then *retired* (published for
/// what it signed) and then gone. Time alone moves it on: [`announce`](Self::announce) is all that there is to do. Keys
/// near and far take part alike. Cheap to clone; clones share the keys.
///
/// Take a [`signer`](Self::signer) for each token: it names its own `kid`, so that a rotation in the middle of signing
/// changes nothing for the tokens that are being made.
///
/// ```
/// use bulla_core::jwa::SignatureAlg;
/// use bulla_core::jwk::{EcCurve, PrivateJwk};
/// use bulla_core::key::{KeyPhase, KeyRotation, KeySpec, RotationKey, RotationPolicy};
/// # fn f(backend: std::sync::Arc<dyn bulla_core::key::Backend>) -> Result<(), Box<dyn std::error::Error>> {
/// let make = || {
///     let key = PrivateJwk::new(backend.generate(KeySpec::Ec(EcCurve::P256))?);
///     RotationKey::local(&backend, &key, SignatureAlg::Es256)
/// };
/// let keys = KeyRotation::new(make()?, RotationPolicy::new());
/// keys.announce(make()?)?; // signs in fifteen minutes
/// assert_eq!(keys.published().keys().len(), 2);
/// assert_eq!(keys.keys()[1].phase, KeyPhase::Pending);
/// assert_eq!(keys.announce(make()?).unwrap_err().code(), "jwk.rotation-pending");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct KeyRotation {
    state: Arc<RwLock<State>>,
    policy: RotationPolicy,
    clock: Arc<dyn Clock>,
}

/// Where a key of a rotation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyPhase {
    /// Published, and does not sign yet.
    Pending,
    /// The one that signs.
    Active,
    /// Published for what it signed.
    Retired,
}

/// What may be shown of a key of a rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyStatus {
    /// The `kid`.
    pub kid: String,
    /// Where it stands.
    pub phase: KeyPhase,
    /// Since when.
    pub since: SystemTime,
    /// When time alone moves it on; the active key stays until another is announced.
    pub until: Option<SystemTime>,
}

impl KeyRotation {
    /// Starts with a key that signs at once.
    #[must_use]
    pub fn new(first: RotationKey, policy: RotationPolicy) -> Self {
        Self::with_clock(first, policy, Arc::new(SystemClock))
    }

    /// As [`new`](Self::new), and asks this clock.
    #[must_use]
    pub fn with_clock(first: RotationKey, policy: RotationPolicy, clock: Arc<dyn Clock>) -> Self {
        let state = State::new(first, clock.now());
        Self {
            state: Arc::new(RwLock::new(state)),
            policy,
            clock,
        }
    }

    /// Goes on with keys that were stored: each, where it stood and since when, as [`keys`](Self::keys) told it. Time may
    /// have moved them on since.
    ///
    /// # Errors
    ///
    /// [`RotationError::Phases`] unless one key is active and at most one pending, [`RotationError::KidReused`].
    pub fn restore(
        keys: impl IntoIterator<Item = (RotationKey, KeyPhase, SystemTime)>,
        policy: RotationPolicy,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, RotationError> {
        Ok(Self {
            state: Arc::new(RwLock::new(State::restore(keys)?)),
            policy,
            clock,
        })
    }

    /// What signs now.
    #[must_use]
    pub fn signer(&self) -> AsyncSigner {
        self.read(|state| state.active.key.signer.clone())
    }

    /// Publishes the next key, which signs once it has been public for long enough.
    ///
    /// # Errors
    ///
    /// [`RotationError::Pending`] where another waits already, [`RotationError::KidReused`].
    pub fn announce(&self, next: RotationKey) -> Result<(), RotationError> {
        self.write(|state, now| state.announce(next, now))
    }

    /// Puts a key in the place of the one that signs, at once: the old one is published no more, and neither is one that
    /// was announced. For a key that others may have. What was replaced is not taken again, as long as the program runs.
    ///
    /// # Errors
    ///
    /// [`RotationError::KidReused`].
    ///
    /// # Security
    ///
    /// Verifiers that keep the old set go on to accept the old key until they fetch again, and refuse the new one until
    /// then if they do not ask for a `kid` that they do not know.
    pub fn replace(&self, key: RotationKey) -> Result<(), RotationError> {
        self.write(|state, now| state.replace(key, now))
    }

    /// What verifiers are to be told: the key that signs, the next, and those that signed, newest first.
    #[must_use]
    pub fn published(&self) -> JwkSet {
        self.read(|state| JwkSet::new(state.all().map(|held| held.key.public.clone())))
    }

    /// The keys and where each stands, in the order of [`published`](Self::published).
    #[must_use]
    pub fn keys(&self) -> Vec<KeyStatus> {
        self.read(|state| {
            let status = |held: &super::state::Held, phase, stays: Option<Duration>| KeyStatus {
                kid: held.key.kid.clone(),
                phase,
                since: held.since,
                until: stays.and_then(|stays| held.since.checked_add(stays)),
            };
            let active = status(&state.active, KeyPhase::Active, None);
            let pending = state.pending.iter();
            let pending =
                pending.map(|held| status(held, KeyPhase::Pending, Some(self.policy.announce)));
            let retired = state.retired.iter();
            let retired =
                retired.map(|held| status(held, KeyPhase::Retired, Some(self.policy.retain)));
            std::iter::once(active)
                .chain(pending)
                .chain(retired)
                .collect()
        })
    }

    /// How long keys are public before and after they sign.
    pub const fn policy(&self) -> RotationPolicy {
        self.policy
    }

    /// Counts every change, by a caller or by time: what was made of an older count is out of date.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.read(|state| state.generation)
    }

    /// Most calls find nothing to do and share the lock.
    fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        let now = self.clock.now();
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        if !state.is_due(&self.policy, now) {
            return look(&state);
        }
        drop(state);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.advance(&self.policy, now);
        look(&state)
    }

    fn write<T>(&self, change: impl FnOnce(&mut State, SystemTime) -> T) -> T {
        let now = self.clock.now();
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.advance(&self.policy, now);
        change(&mut state, now)
    }
}

impl fmt::Debug for KeyRotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRotation")
            .field("policy", &self.policy)
            .field("keys", &self.keys())
            .finish_non_exhaustive()
    }
}
