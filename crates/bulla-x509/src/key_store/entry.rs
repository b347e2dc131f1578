use std::time::{Duration, SystemTime};

use bulla_core::jwk::{Jwk, PublicJwk, certificate_sha256, thumbprint};
use bulla_core::key::Backend;

use super::KeyStoreError;

/// One key of a store, with the name it has there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    alias: String,
    created: Option<SystemTime>,
    key: Jwk,
    thumbprint: [u8; 32],
}

/// What stands in a store or directory and is no key for us.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// The alias, or the name of the file.
    pub name: String,
    /// Why.
    pub error: KeyStoreError,
}

impl Entry {
    /// A key that has the alias as its `kid` unless it has one already, and the digests of its certificate as `x5t` and
    /// `x5t#S256`.
    pub(super) fn new(
        alias: impl Into<String>,
        created: Option<SystemTime>,
        mut key: Jwk,
        backend: &dyn Backend,
    ) -> Self {
        let alias = alias.into();
        let members = key.members_mut();
        members.kid.get_or_insert_with(|| alias.clone());
        if let Some(certificate) = members.x5c.as_ref().and_then(|chain| chain.first()) {
            let x5t = backend.certificate_sha1(certificate);
            let x5t_s256 = certificate_sha256(certificate);
            members.x5t.get_or_insert(x5t);
            members.x5t_s256.get_or_insert(x5t_s256);
        }
        Self {
            thumbprint: thumbprint::sha256(&key),
            alias,
            created,
            key,
        }
    }

    /// The name of the entry; for a key of a directory, the name of the file without its extension.
    #[must_use]
    pub fn alias(&self) -> &str {
        &self.alias
    }

    /// When the entry was made, where the store says so. Nobody vouches for it.
    #[must_use]
    pub const fn created(&self) -> Option<SystemTime> {
        self.created
    }

    /// The key: a private one with its certificate chain, a secret one, or that of a trusted certificate. Its `kid` is the
    /// alias, unless it came with one.
    #[must_use]
    pub const fn key(&self) -> &Jwk {
        &self.key
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_key(self) -> Jwk {
        self.key
    }

    /// The thumbprint of the key ([RFC 7638](https://www.rfc-editor.org/rfc/rfc7638)), with SHA-256.
    #[must_use]
    pub const fn thumbprint(&self) -> &[u8; 32] {
        &self.thumbprint
    }

    /// The public half, or nothing for a secret key.
    #[must_use]
    pub fn public(&self) -> Option<PublicJwk> {
        match &self.key {
            Jwk::Public(key) => Some(key.clone()),
            Jwk::Private(key) => Some(key.public()),
            _ => None,
        }
    }
}

/// A time that Java counts in milliseconds since 1970.
pub(super) fn java_time(milliseconds: u64) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds))
}
