use core::fmt;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::said::Digests;
use super::{KeyName, Trusted};
use crate::jwk::{Jwk, KeyError, check_certificates, thumbprint};
use crate::key::Backend;
use crate::limits::Limits;

/// Keys at hand, found by name. Only trusted keys go in, by its type:
///
/// ```compile_fail,E0308
/// # use bulla_core::{Untrusted, jwk::Jwk, trust::KeyStore};
/// # fn f(store: &dyn KeyStore, brought: Untrusted<Jwk>) {
/// store.insert(brought);
/// # }
/// ```
///
/// while what somebody vouches for does:
///
/// ```
/// # use bulla_core::{Untrusted, jwk::Jwk, trust::KeyStore};
/// # fn f(store: &dyn KeyStore, brought: Untrusted<Jwk>) {
/// store.insert(brought.trust());
/// # }
/// ```
pub trait KeyStore: Send + Sync {
    /// The keys of a name, the oldest first; none where there is none. Several keys may have one `kid` (RFC 7517 §4.5).
    fn get(&self, name: KeyName<'_>) -> Vec<Arc<Trusted<Jwk>>>;

    /// Puts a key in. A key with the same `kid`, of the same kind and with the same thumbprint is replaced, so that
    /// what was allowed with it before no longer is.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] where `x5c`, `x5t` or `x5t#S256` do not belong to the key, [`KeyError::LimitExceeded`] where the store is full.
    fn insert(&self, key: Trusted<Jwk>) -> Result<(), KeyError>;

    /// Takes out every key of a name, and says how many there were. Tokens whose keys were resolved before are still verified with them.
    fn remove(&self, name: KeyName<'_>) -> usize;
}

/// A [`KeyStore`] in memory, shared by reference between threads. It holds at most [`Limits::keys`] keys, 1,000.
///
/// ```
/// # use std::sync::Arc;
/// # use bulla_core::{Trusted, jwk::{Jwk, KeyError}, key::Backend};
/// use bulla_core::trust::{InMemoryKeyStore, KeyName, KeyStore as _, Trust};
/// # fn f(backend: Arc<dyn Backend>) -> Result<(), KeyError> {
/// let store = InMemoryKeyStore::new(&backend);
/// let jwk = Jwk::parse(br#"{"kty":"OKP","crv":"Ed25519","kid":"2026-11","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#)?;
/// store.insert(Trusted::new(jwk, Trust::Caller))?;
/// assert_eq!(store.get(KeyName::Kid("2026-11")).len(), 1);
/// # Ok(()) }
/// ```
pub struct InMemoryKeyStore {
    backend: Arc<dyn Backend>,
    capacity: usize,
    rows: RwLock<Rows>,
}

#[derive(Default)]
struct Rows {
    next: u64,
    keys: HashMap<u64, Arc<Trusted<Jwk>>>,
    /// Ids in the order of insertion; a name seldom has more than one.
    by_name: HashMap<Name, Vec<u64>>,
}

/// A [`KeyName`] that is kept.
#[derive(PartialEq, Eq, Hash)]
enum Name {
    Kid(Box<str>),
    CertificateSha1([u8; 20]),
    CertificateSha256([u8; 32]),
    Thumbprint([u8; 32]),
}

impl InMemoryKeyStore {
    /// An empty store. The backend computes the SHA-1 of certificates, nothing else.
    #[must_use]
    pub fn new(backend: &Arc<dyn Backend>) -> Self {
        Self::with_capacity(backend, Limits::DEFAULT.keys)
    }

    /// An empty store for at most `capacity` keys.
    #[must_use]
    pub fn with_capacity(backend: &Arc<dyn Backend>, capacity: usize) -> Self {
        Self {
            backend: Arc::clone(backend),
            capacity,
            rows: RwLock::default(),
        }
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read(|rows| rows.keys.len())
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// No step below can leave the rows half changed, so a panic elsewhere does not poison them.
    fn read<T>(&self, read: impl FnOnce(&Rows) -> T) -> T {
        read(&self.rows.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, write: impl FnOnce(&mut Rows) -> T) -> T {
        write(&mut self.rows.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn names(&self, key: &Jwk) -> Vec<Name> {
        let members = key.members();
        let Digests { sha1, sha256 } = Digests::of(members, self.backend.as_ref());
        let kid = members.kid.as_deref();
        let names = [
            kid.map(|kid| Name::Kid(kid.into())),
            sha1.map(Name::CertificateSha1),
            sha256.map(Name::CertificateSha256),
            Some(Name::Thumbprint(thumbprint::sha256(key))),
        ];
        names.into_iter().flatten().collect()
    }
}

impl KeyStore for InMemoryKeyStore {
    fn get(&self, name: KeyName<'_>) -> Vec<Arc<Trusted<Jwk>>> {
        self.read(|rows| {
            let ids = rows.by_name.get(&name.into());
            let keys = ids.into_iter().flatten();
            keys.filter_map(|id| rows.keys.get(id).cloned()).collect()
        })
    }

    fn insert(&self, key: Trusted<Jwk>) -> Result<(), KeyError> {
        if let Some(public) = key.public_key() {
            check_certificates(
                key.members(),
                &public,
                key.members().alg.as_ref(),
                self.backend.as_ref(),
            )?;
        }
        let names = self.names(&key);
        self.write(|rows| {
            let replaced = rows.same(&key);
            if replaced.is_none() && rows.keys.len() >= self.capacity {
                return Err(KeyError::LimitExceeded("the number of keys in the store"));
            }
            if let Some(id) = replaced {
                rows.forget(id);
            }
            rows.add(key, names);
            Ok(())
        })
    }

    fn remove(&self, name: KeyName<'_>) -> usize {
        self.write(|rows| {
            let ids = rows.by_name.get(&name.into()).cloned().unwrap_or_default();
            ids.iter().for_each(|id| rows.forget(*id));
            ids.len()
        })
    }
}

impl Rows {
    fn add(&mut self, key: Trusted<Jwk>, names: Vec<Name>) {
        let id = self.next;
        self.next += 1;
        self.keys.insert(id, Arc::new(key));
        for name in names {
            self.by_name.entry(name).or_default().push(id);
        }
    }

    fn forget(&mut self, id: u64) {
        self.keys.remove(&id);
        self.by_name.retain(|_, ids| {
            ids.retain(|known| *known != id);
            !ids.is_empty()
        });
    }

    /// The row of the same key under the same `kid`.
    fn same(&self, key: &Jwk) -> Option<u64> {
        let thumbprint = Name::Thumbprint(thumbprint::sha256(key));
        let mut ids = self.by_name.get(&thumbprint).into_iter().flatten();
        let is_same =
            |known: &Jwk| known.kind() == key.kind() && known.members().kid == key.members().kid;
        ids.find(|id| self.keys.get(id).is_some_and(|known| is_same(known)))
            .copied()
    }
}

impl From<KeyName<'_>> for Name {
    fn from(name: KeyName<'_>) -> Self {
        match name {
            KeyName::Kid(kid) => Self::Kid(kid.into()),
            KeyName::CertificateSha1(digest) => Self::CertificateSha1(*digest),
            KeyName::CertificateSha256(digest) => Self::CertificateSha256(*digest),
            KeyName::Thumbprint(digest) => Self::Thumbprint(*digest),
        }
    }
}

/// How many keys; not which.
impl fmt::Debug for InMemoryKeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InMemoryKeyStore({} keys)", self.len())
    }
}
