use std::collections::HashMap;
use std::time::SystemTime;

use bulla::key::{KeyPhase, KeyRotation, RotationError, RotationKey};

use super::SigningKeysError;
use super::stored::StoredRotation;
use crate::store::KeyRecord;

/// What to do with the keys beside what time alone does.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Announce the next key once it is time to.
    Schedule,
    /// Announce the next key now.
    Announce,
    /// Remove a key now; where it signs, another takes its place at once.
    Revoke(String),
}

impl Change {
    /// Takes a key that is revoked from the others.
    pub(super) fn drop_revoked(&self, keys: &mut Vec<KeyRecord>) -> Result<(), SigningKeysError> {
        let Self::Revoke(kid) = self else {
            return Ok(());
        };
        let at = keys.iter().position(|record| record.kid == *kid);
        let at = at.ok_or_else(|| SigningKeysError::Unknown { kid: kid.clone() })?;
        keys.remove(at);
        Ok(())
    }

    pub(super) const fn may_leave_none_active(&self) -> bool {
        matches!(self, Self::Revoke(_))
    }

    pub(super) async fn apply(
        &self,
        stored: &StoredRotation,
        rotation: &KeyRotation,
        now: SystemTime,
        opened: &mut HashMap<String, RotationKey>,
        made: &mut Vec<KeyRecord>,
    ) -> Result<(), SigningKeysError> {
        let announces = match self {
            Self::Schedule => is_time(stored, rotation, now),
            Self::Announce => {
                if let Some(kid) = pending(rotation) {
                    return Err(RotationError::Pending { kid }.into());
                }
                true
            }
            Self::Revoke(_) => false,
        };
        if announces {
            let next = stored.make(now, opened, made).await?;
            rotation.announce(next)?;
        }
        Ok(())
    }
}

fn pending(rotation: &KeyRotation) -> Option<String> {
    let statuses = rotation.keys().into_iter();
    statuses
        .filter(|status| status.phase == KeyPhase::Pending)
        .map(|status| status.kid)
        .next()
}

/// The key that signs is old enough, or of an algorithm that the configuration no longer names.
fn is_time(stored: &StoredRotation, rotation: &KeyRotation, now: SystemTime) -> bool {
    if pending(rotation).is_some() {
        return false;
    }
    let statuses = rotation.keys();
    let active = statuses
        .iter()
        .find(|status| status.phase == KeyPhase::Active);
    let is_old = active.is_some_and(|active| {
        let age = now.duration_since(active.since);
        age.is_ok_and(|age| age >= stored.schedule.announce_at())
    });
    is_old || rotation.signer().alg() != stored.alg.name()
}
