use std::time::SystemTime;

use bulla_core::jwk::PublicJwk;

use crate::{Certificate, DistinguishedName};

/// A chain of certificates that a [`PathPolicy`](super::PathPolicy) found trustworthy, at the time it was asked.
///
/// The key is what everything was for. Whether the *subject* is the party you deal with is the caller's to decide:
/// compare [`leaf`](Self::leaf)`.subject()` or its `subject_alt_names()` with what you expect, unless the anchors
/// vouch for that party alone.
#[derive(Clone, Debug)]
pub struct ValidatedPath {
    pub(super) jwk: PublicJwk,
    pub(super) leaf: Certificate,
    pub(super) authorities: Vec<Certificate>,
    pub(super) anchor: Certificate,
}

impl ValidatedPath {
    /// The leaf's key, trusted: with `x5c` as it was presented, `x5t`, `x5t#S256`, the `use` that the certificate's
    /// `keyUsage` leaves to it, if only one is left, and the `alg` that its identifier restricts it to, if any.
    #[must_use]
    pub const fn jwk(&self) -> &PublicJwk {
        &self.jwk
    }

    /// The same, out of the path.
    #[must_use]
    pub fn into_jwk(self) -> PublicJwk {
        self.jwk
    }

    /// The certificate of the key.
    #[must_use]
    pub const fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// The certificates between leaf and anchor, nearest to the leaf first.
    #[must_use]
    pub fn authorities(&self) -> &[Certificate] {
        &self.authorities
    }

    /// The anchor that the trust comes from; the leaf itself where that was accepted.
    #[must_use]
    pub const fn anchor(&self) -> &Certificate {
        &self.anchor
    }

    /// The name of the anchor.
    #[must_use]
    pub const fn anchor_subject(&self) -> &DistinguishedName {
        self.anchor.subject()
    }

    /// The last second at which every certificate of the path is valid: do not keep the key for longer.
    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.authorities
            .iter()
            .chain([&self.anchor])
            .map(Certificate::not_after)
            .fold(self.leaf.not_after(), SystemTime::min)
    }
}
