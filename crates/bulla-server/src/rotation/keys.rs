use core::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use bulla::jwa::SignatureAlg;
use bulla::key::{Backend, KeyRotation, RotationKey, RotationPolicy};

use super::change::Change;
use super::stored::StoredRotation;
use super::{KeyEncryption, RotationSchedule, SigningKeysError, SigningSnapshot};
use crate::store::Store;

/// The signing keys of a server. Cheap to clone; clones share the keys.
#[derive(Clone)]
pub struct SigningKeys {
    current: Arc<ArcSwap<SigningSnapshot>>,
    stored: Option<Arc<StoredRotation>>,
}

impl SigningKeys {
    /// One key that is not rotated here: of a file, or of a vault.
    #[must_use]
    pub fn fixed(key: RotationKey) -> Self {
        Self::of(&KeyRotation::new(key, RotationPolicy::new()), None)
    }

    /// The keys that a store has for a realm, the identifier of the issuer. Where it has none, one is made, and signs at
    /// once.
    ///
    /// They move on when [`refresh`](Self::refresh) is called, or while the task of
    /// [`keep_current`](Self::keep_current) runs.
    ///
    /// # Errors
    ///
    /// [`SigningKeysError`] where the store does not answer, or what it has does not open.
    pub async fn open(
        store: Arc<dyn Store>,
        realm: &str,
        encryption: KeyEncryption,
        schedule: RotationSchedule,
        alg: SignatureAlg,
        backend: Arc<dyn Backend>,
    ) -> Result<Self, SigningKeysError> {
        let realm = realm.to_owned();
        let stored = StoredRotation::new(store, realm, encryption, schedule, alg, backend);
        let rotation = stored.advance(&Change::Schedule).await?;
        Ok(Self::of(&rotation, Some(Arc::new(stored))))
    }

    fn of(rotation: &KeyRotation, stored: Option<Arc<StoredRotation>>) -> Self {
        let snapshot = SigningSnapshot::of(rotation);
        Self {
            current: Arc::new(ArcSwap::from_pointee(snapshot)),
            stored,
        }
    }

    /// The keys now. Takes no lock.
    #[must_use]
    pub fn snapshot(&self) -> Arc<SigningSnapshot> {
        self.current.load_full()
    }

    /// Reads the store and does what is due: a key that was announced long enough ago signs from now on, one that
    /// signed is published no more, the next is announced. Whatever other nodes did is seen.
    ///
    /// # Errors
    ///
    /// [`SigningKeysError`] where the store does not answer; the keys stay as they are.
    pub async fn refresh(&self) -> Result<(), SigningKeysError> {
        match &self.stored {
            Some(_) => self.change(&Change::Schedule).await,
            None => Ok(()),
        }
    }

    /// Announces the next key now. It signs once it has been published for long enough.
    ///
    /// # Errors
    ///
    /// [`SigningKeysError::Rotation`] where one is announced already: of two that rotate at once, one does.
    pub async fn rotate(&self) -> Result<(), SigningKeysError> {
        self.change(&Change::Announce).await
    }

    /// Removes a key at once, in whatever phase it is. Where it is the one that signs, a new one does from now on.
    ///
    /// # Errors
    ///
    /// [`SigningKeysError::Unknown`] for another `kid`.
    ///
    /// # Security
    ///
    /// Verifiers that keep the old set go on to accept the key until they fetch again: five minutes to a day, as they
    /// are made.
    pub async fn revoke(&self, kid: &str) -> Result<(), SigningKeysError> {
        self.change(&Change::Revoke(kid.to_owned())).await
    }

    async fn change(&self, change: &Change) -> Result<(), SigningKeysError> {
        let stored = self.stored.as_ref().ok_or(SigningKeysError::Fixed)?;
        let rotation = stored.advance(change).await?;
        let snapshot = SigningSnapshot::of(&rotation);
        if snapshot.keys() != self.snapshot().keys() {
            self.current.store(Arc::new(snapshot));
        }
        Ok(())
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys")
            .field("keys", &self.snapshot().keys())
            .finish_non_exhaustive()
    }
}
