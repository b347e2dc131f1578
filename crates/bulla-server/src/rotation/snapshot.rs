use bulla::jwk::JwkSet;
use bulla::jwks::publish::Published;
use bulla::key::{AsyncSigner, KeyRotation, KeyStatus};

/// The signing keys as they are at a moment: what signs, and what is published beside it. They belong together: what
/// the signer signs verifies with what the same snapshot publishes.
#[derive(Clone, Debug)]
pub struct SigningSnapshot {
    signer: AsyncSigner,
    published: Published,
    keys: JwkSet,
    statuses: Vec<KeyStatus>,
}

impl SigningSnapshot {
    pub(super) fn of(rotation: &KeyRotation) -> Self {
        // Asked for the signer last, an older set could lack its key; the set keeps the key of an older signer.
        let signer = rotation.signer();
        let keys = rotation.published();
        Self {
            signer,
            published: Published::new(&keys),
            statuses: rotation.keys(),
            keys,
        }
    }

    /// What signs access tokens. Its `kid` and `alg` go into their headers.
    #[must_use]
    pub const fn signer(&self) -> &AsyncSigner {
        &self.signer
    }

    /// The JWK Set as `/jwks` answers with it.
    #[must_use]
    pub const fn published(&self) -> &Published {
        &self.published
    }

    /// The JWK Set.
    #[must_use]
    pub const fn jwks(&self) -> &JwkSet {
        &self.keys
    }

    /// The keys and where each stands.
    #[must_use]
    pub fn keys(&self) -> &[KeyStatus] {
        &self.statuses
    }
}
