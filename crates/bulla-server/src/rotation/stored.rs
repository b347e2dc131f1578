use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use bulla::SecretBytes;
use bulla::jwa::SignatureAlg;
use bulla::jwk::{Jwk, PrivateJwk};
use bulla::key::{Backend, KeyPhase, KeyRotation, RotationKey};
use tokio::sync::Mutex;

use super::change::Change;
use super::{KeyEncryption, RotationSchedule, SigningKeysError};
use crate::store::{KeyRecord, Store, StoredKeys, Swap};

/// The keys of a realm in a store, and how they follow one another.
#[derive(Debug)]
pub(super) struct StoredRotation {
    pub(super) store: Arc<dyn Store>,
    pub(super) realm: String,
    pub(super) encryption: KeyEncryption,
    pub(super) schedule: RotationSchedule,
    pub(super) alg: SignatureAlg,
    pub(super) backend: Arc<dyn Backend>,
    /// Keys that were opened, by `kid`. Held while the keys are changed, so that one process changes them once at a time.
    opened: Mutex<HashMap<String, RotationKey>>,
}

/// Others change the keys once in months; who loses this often is told so.
const ATTEMPTS: usize = 8;

impl StoredRotation {
    pub(super) fn new(
        store: Arc<dyn Store>,
        realm: String,
        encryption: KeyEncryption,
        schedule: RotationSchedule,
        alg: SignatureAlg,
        backend: Arc<dyn Backend>,
    ) -> Self {
        Self {
            store,
            realm,
            encryption,
            schedule,
            alg,
            backend,
            opened: Mutex::default(),
        }
    }

    /// Reads the keys, moves them on as time and `change` say, and stores what is new. Returns the keys as they are in
    /// the store then.
    pub(super) async fn advance(&self, change: &Change) -> Result<KeyRotation, SigningKeysError> {
        let mut opened = self.opened.lock().await;
        for _ in 0..ATTEMPTS {
            let now = self.store.now().await?;
            let mut stored = self.store.signing_keys(&self.realm).await?;
            let generation = stored.generation;
            let before = stored.keys.clone();
            change.drop_revoked(&mut stored.keys)?;
            let mut made = Vec::new();
            let rotation = if before.is_empty() {
                // The first key signs at once: nobody has fetched a set without it.
                let first = self.make(now, &mut opened, &mut made).await?;
                KeyRotation::with_clock(first, self.schedule.policy(), Arc::new(now))
            } else {
                self.restore(&stored, change, now, &mut opened, &mut made)
                    .await?
            };
            change
                .apply(self, &rotation, now, &mut opened, &mut made)
                .await?;
            let after = records(&rotation, &stored, &made);
            if after == before {
                return Ok(rotation);
            }
            let swap = self
                .store
                .replace_signing_keys(&self.realm, generation, after.clone());
            if swap.await? == Swap::Done {
                tell(&before, &after);
                opened.retain(|kid, _| after.iter().any(|record| record.kid == *kid));
                return Ok(rotation);
            }
        }
        Err(SigningKeysError::Contended)
    }

    /// The keys as they were stored. Where the one that signs was revoked, a new one signs in its place.
    async fn restore(
        &self,
        stored: &StoredKeys,
        change: &Change,
        now: SystemTime,
        opened: &mut HashMap<String, RotationKey>,
        made: &mut Vec<KeyRecord>,
    ) -> Result<KeyRotation, SigningKeysError> {
        let mut keys = Vec::new();
        for record in &stored.keys {
            let key = self.open(record, opened, made)?;
            keys.push((key, record.phase, record.since));
        }
        if change.may_leave_none_active() && !has_active(&stored.keys) {
            let new = self.make(now, opened, made).await?;
            keys.push((new, KeyPhase::Active, now));
        }
        let policy = self.schedule.policy();
        Ok(KeyRotation::restore(keys, policy, Arc::new(now))?)
    }

    fn open(
        &self,
        record: &KeyRecord,
        opened: &mut HashMap<String, RotationKey>,
        made: &mut Vec<KeyRecord>,
    ) -> Result<RotationKey, SigningKeysError> {
        if let Some(key) = opened.get(&record.kid) {
            return Ok(key.clone());
        }
        let sealed = || SigningKeysError::Sealed {
            name: record.kid.clone(),
        };
        let found = self
            .encryption
            .open(&self.realm, &record.kid, &record.sealed)
            .ok_or_else(sealed)?;
        let Ok(Jwk::Private(key)) = Jwk::parse(found.secret.expose()) else {
            return Err(sealed());
        };
        let key = RotationKey::local(&self.backend, &key, record.alg)?;
        if key.kid() != record.kid {
            return Err(sealed());
        }
        if found.by_old {
            let octets = found.secret.expose();
            made.push(KeyRecord {
                sealed: self.encryption.seal(&self.realm, &record.kid, octets)?,
                ..record.clone()
            });
            // Not kept until it is stored: who loses the swap reads and seals it again.
            return Ok(key);
        }
        opened.insert(record.kid.clone(), key.clone());
        Ok(key)
    }

    /// A new key, and its record beside those that were made.
    pub(super) async fn make(
        &self,
        now: SystemTime,
        opened: &mut HashMap<String, RotationKey>,
        made: &mut Vec<KeyRecord>,
    ) -> Result<RotationKey, SigningKeysError> {
        let alg = self.alg;
        // An RSA key takes a while to be found.
        let generated = tokio::task::spawn_blocking(move || bulla::generate(alg)).await;
        let mut key: PrivateJwk = generated.map_err(|_| bulla::jwk::KeyError::Backend)??;
        let rotation_key = RotationKey::local(&self.backend, &key, alg)?;
        key.members_mut().kid = Some(rotation_key.kid().to_owned());
        let octets = SecretBytes::from(key.to_json().as_bytes());
        made.push(KeyRecord {
            kid: rotation_key.kid().to_owned(),
            alg,
            phase: KeyPhase::Pending,
            since: now,
            made: now,
            sealed: self
                .encryption
                .seal(&self.realm, rotation_key.kid(), octets.expose())?,
        });
        opened.insert(rotation_key.kid().to_owned(), rotation_key.clone());
        Ok(rotation_key)
    }
}

fn has_active(keys: &[KeyRecord]) -> bool {
    keys.iter().any(|record| record.phase == KeyPhase::Active)
}

/// The keys of a rotation as they are stored: where each stands is the rotation's, the rest is of its record.
fn records(rotation: &KeyRotation, stored: &StoredKeys, made: &[KeyRecord]) -> Vec<KeyRecord> {
    let statuses = rotation.keys().into_iter();
    let record = |kid: &str| {
        // What was made comes first: a key that was sealed anew is in both.
        let mut known = made.iter().chain(&stored.keys);
        known.find(|record| record.kid == kid).cloned()
    };
    statuses
        .filter_map(|status| {
            Some(KeyRecord {
                phase: status.phase,
                since: status.since,
                ..record(&status.kid)?
            })
        })
        .collect()
}

/// Every change of a key is for the audit log: who verifies tokens may ask when.
fn tell(before: &[KeyRecord], after: &[KeyRecord]) {
    let phase = |records: &[KeyRecord], kid: &str| {
        let record = records.iter().find(|record| record.kid == kid);
        record.map(|record| record.phase)
    };
    for record in after {
        let was = phase(before, &record.kid);
        if was != Some(record.phase) {
            tracing::info!(
                target: crate::audit::TARGET,
                kid = record.kid,
                alg = record.alg.name().as_str(),
                "the signing key is {}",
                match record.phase {
                    KeyPhase::Pending => "pending: it is published, and signs later",
                    KeyPhase::Active => "active: it signs from now on",
                    _ => "retired: it signs no more",
                }
            );
        }
    }
    for record in before {
        if phase(after, &record.kid).is_none() {
            tracing::info!(
                target: crate::audit::TARGET,
                kid = record.kid,
                "the signing key is removed: it is published no more"
            );
        }
    }
}
