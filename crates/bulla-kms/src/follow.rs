use bulla_core::jwa::SignatureAlg;
use bulla_core::key::{AsyncSigner, KeyRotation, RotationError, RotationPolicy};

use crate::{KeyHandle, OpenError, Opener};

/// Follows a name in a vault (an alias, or a key without a version) from one version to the next: the next is opened and
/// tried, then published, and signs once it has been public for long enough.
///
/// Whoever rotates makes a new version, or lets the alias point to a new key; whoever signs calls [`check`](Self::check)
/// now and then, and takes a [`signer`](Self::signer) for each token. A signer keeps its version and its `kid`, so a
/// rotation in the middle of signing changes nothing for the tokens that are being made.
#[derive(Clone, Debug)]
pub struct FollowedKey {
    opener: Opener,
    uri: String,
    alg: SignatureAlg,
    keys: KeyRotation,
}

/// What [`FollowedKey::check`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is no third outcome")]
pub enum Followed {
    /// The name stands for a key that is known already.
    Unchanged,
    /// The name stands for another, which is published now and signs later.
    Announced {
        /// Its `kid`.
        kid: String,
    },
}

impl FollowedKey {
    /// Opens what the name stands for now; it signs at once. Each version gets its thumbprint as `kid`.
    ///
    /// # Errors
    ///
    /// As for [`Opener::open`]; [`VaultError::Unsupported`](crate::VaultError::Unsupported) for an algorithm that the key is
    /// not for.
    pub async fn open(
        opener: Opener,
        uri: impl Into<String>,
        alg: SignatureAlg,
        policy: RotationPolicy,
    ) -> Result<Self, OpenError> {
        let (mut opener, uri) = (opener, uri.into());
        // One `kid` for all versions would name several keys.
        opener.kid = None;
        let first = opener.open(&uri).await?.rotation_key(alg)?;
        Ok(Self {
            opener,
            uri,
            alg,
            keys: KeyRotation::new(first, policy),
        })
    }

    /// Looks what the name stands for, and announces it if it is new.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open). What signs goes on signing.
    pub async fn check(&self) -> Result<Followed, OpenError> {
        self.announce(&self.opener.open(&self.uri).await?)
    }

    /// Announces a handle that was opened otherwise: from a client of the caller's own.
    ///
    /// # Errors
    ///
    /// As for [`KeyHandle::rotation_key`].
    pub fn announce(&self, next: &KeyHandle) -> Result<Followed, OpenError> {
        let key = next.rotation_key(self.alg)?;
        let kid = key.kid().to_owned();
        match self.keys.announce(key) {
            Ok(()) => Ok(Followed::Announced { kid }),
            // Still the same; or the one before last, which an alias was moved back to.
            Err(RotationError::KidReused { .. }) => Ok(Followed::Unchanged),
            // One step at a time: the next check announces it.
            Err(RotationError::Pending { .. }) => Ok(Followed::Unchanged),
            Err(error) => Err(OpenError::bug(&error)),
        }
    }

    /// What signs now.
    #[must_use]
    pub fn signer(&self) -> AsyncSigner {
        self.keys.signer()
    }

    /// All versions that are published.
    #[must_use]
    pub const fn keys(&self) -> &KeyRotation {
        &self.keys
    }
}
