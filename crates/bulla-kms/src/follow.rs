use bulla_core::jwa::{HashAlg, SignatureAlg};
use bulla_core::jwk::{Jwk, PublicJwk};
use bulla_core::key::{AsyncSigner, KeyRotation, RotationError, RotationPolicy};

use crate::{KeyHandle, OpenError, Opener, VaultError};

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
    /// As for [`Opener::open`]; [`VaultError::Unsupported`] for an algorithm that the key is
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
        let keys = KeyRotation::new(first, policy);
        Ok(Self::resume(opener, uri, alg, keys))
    }

    /// Goes on with keys that were there before: those that [`KeyRotation::restore`] has of a store. A program that
    /// starts anew by [`open`](Self::open) in the middle of a rotation signs with a version that verifiers may not know
    /// yet, and publishes the one before no more.
    pub fn resume(
        mut opener: Opener,
        uri: impl Into<String>,
        alg: SignatureAlg,
        keys: KeyRotation,
    ) -> Self {
        opener.kid = None;
        Self {
            opener,
            uri: uri.into(),
            alg,
            keys,
        }
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
    /// As for [`KeyHandle::rotation_key`]; [`VaultError::Unsupported`] where another key has its `kid` already, as every
    /// version has that was opened with one and the same.
    pub fn announce(&self, next: &KeyHandle) -> Result<Followed, OpenError> {
        let key = next.rotation_key(self.alg)?;
        let kid = key.kid().to_owned();
        match self.keys.announce(key) {
            Ok(()) => Ok(Followed::Announced { kid }),
            Err(RotationError::KidReused { kid }) if self.is_another(&kid, next) => Err(
                VaultError::unsupported(format!("the kid {kid:?} names another version")).into(),
            ),
            // Still the same; or one that an alias was moved back to: it is published still, or was replaced for good.
            Err(RotationError::KidReused { .. }) => Ok(Followed::Unchanged),
            // One step at a time: the next check announces it.
            Err(RotationError::Pending { .. }) => Ok(Followed::Unchanged),
            Err(error) => Err(OpenError::bug(&error)),
        }
    }

    /// Whether a key that is published under this `kid` is not the one of the handle.
    fn is_another(&self, kid: &str, next: &KeyHandle) -> bool {
        let thumbprint = |key: &PublicJwk| key.thumbprint(HashAlg::Sha256);
        let next = next.public().map(thumbprint);
        self.keys.published().keys().iter().any(|key| match key {
            Jwk::Public(key) if key.members().kid.as_deref() == Some(kid) => {
                Some(thumbprint(key)) != next
            }
            _ => false,
        })
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
