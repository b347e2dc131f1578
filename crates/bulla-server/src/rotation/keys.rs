use core::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use bulla::key::{KeyRotation, RotationKey, RotationPolicy};

use super::SigningSnapshot;

/// The signing keys of a server. Cheap to clone; clones share the keys.
#[derive(Clone)]
pub struct SigningKeys {
    current: Arc<ArcSwap<SigningSnapshot>>,
}

impl SigningKeys {
    /// One key that is not rotated here: of a file, or of a vault.
    #[must_use]
    pub fn fixed(key: RotationKey) -> Self {
        let rotation = KeyRotation::new(key, RotationPolicy::new());
        let snapshot = SigningSnapshot::of(&rotation);
        Self {
            current: Arc::new(ArcSwap::from_pointee(snapshot)),
        }
    }

    /// The keys now. Takes no lock.
    #[must_use]
    pub fn snapshot(&self) -> Arc<SigningSnapshot> {
        self.current.load_full()
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys")
            .field("keys", &self.snapshot().keys())
            .finish_non_exhaustive()
    }
}
