use core::hash::Hash;
use std::collections::HashMap;

use bulla_core::Limits;
use bulla_core::key::Backend;
use bulla_core::trust::KeyName;

use super::{Entry, KeyStoreError, Passwords, Rejected, jks, pkcs12};

/// The keys of a key store, or of several, with a search that is computed once.
///
/// Entries stand in the order of the file. Where several answer to one question the first does; so of several stores
/// that are [joined](Self::join), the first that has the key.
///
/// ```
/// # fn f(octets: &[u8], backend: &dyn bulla_core::key::Backend) -> Result<(), bulla_x509::key_store::KeyStoreError> {
/// use bulla_x509::key_store::{Passwords, StoredKeys};
///
/// // PKCS#12 or JKS: the content tells
/// let store = StoredKeys::read(octets, &Passwords::new("changeit"), backend)?;
/// let signing = store.named("signing")?;
/// println!("{} since {:?}", signing.key().kind(), signing.created());
/// for rejected in store.rejected() {
///     eprintln!("{} is left out: {}", rejected.name, rejected.error);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
pub struct StoredKeys {
    entries: Vec<Entry>,
    rejected: Vec<Rejected>,
    index: Index,
}

impl StoredKeys {
    /// Reads a PKCS#12 or JKS file; which of them, its content tells.
    ///
    /// # Errors
    ///
    /// As [`pkcs12::read`] and [`jks::read`]; [`KeyStoreError::NotAKeyFile`] where it is neither, and
    /// [`KeyStoreError::Jceks`] for the store that only Java reads.
    pub fn read(
        octets: &[u8],
        passwords: &Passwords,
        backend: &dyn Backend,
    ) -> Result<Self, KeyStoreError> {
        if jks::is_jks(octets) {
            jks::read(octets, passwords, backend)
        } else if pkcs12::is_pkcs12(octets) {
            pkcs12::read(octets, passwords, backend)
        } else {
            Err(KeyStoreError::NotAKeyFile)
        }
    }

    pub(super) fn new(entries: Vec<Entry>, rejected: Vec<Rejected>) -> Self {
        let index = Index::of(&entries);
        Self {
            entries,
            rejected,
            index,
        }
    }

    /// The keys of both, those of `self` first.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self.rejected.extend(other.rejected);
        Self::new(self.entries, self.rejected)
    }

    /// Every key, in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// What could not be read or is no key, with the reason. It does not keep the other keys from being used.
    #[must_use]
    pub fn rejected(&self) -> &[Rejected] {
        &self.rejected
    }

    /// The entry of this alias, whose case does not matter, or why there is none.
    ///
    /// # Errors
    ///
    /// What the entry was rejected for; [`KeyStoreError::NotFound`] where there is no entry of that name.
    pub fn named(&self, alias: &str) -> Result<&Entry, KeyStoreError> {
        if let Some(entry) = self.at(self.index.alias(alias)).next() {
            return Ok(entry);
        }
        Err(self
            .rejected
            .iter()
            .find(|rejected| rejected.name.to_lowercase() == alias.to_lowercase())
            .map_or(KeyStoreError::NotFound, |rejected| rejected.error.clone()))
    }

    /// The first key of a name.
    ///
    /// A `kid` is compared octet for octet. Where no key has it, it is looked for among the aliases without regard to case,
    /// because Java changes that.
    ///
    /// ```
    /// # fn f(store: &bulla_x509::key_store::StoredKeys, x5t: &[u8; 20]) {
    /// use bulla_core::trust::KeyName;
    /// println!("there: {}", store.find(KeyName::CertificateSha1(x5t)).is_some());
    /// # }
    /// ```
    #[must_use]
    pub fn find(&self, name: KeyName<'_>) -> Option<&Entry> {
        self.find_all(name).next()
    }

    /// Every key of a name, in order.
    pub fn find_all(&self, name: KeyName<'_>) -> impl Iterator<Item = &Entry> {
        self.at(self.index.get(name))
    }

    fn at<'a>(&'a self, rows: &'a [usize]) -> impl Iterator<Item = &'a Entry> {
        rows.iter().filter_map(|at| self.entries.get(*at))
    }
}

/// Where the entries stand that answer to each name.
#[derive(Clone, Debug, Default)]
struct Index {
    aliases: Rows<String>,
    kids: Rows<String>,
    sha1: Rows<[u8; 20]>,
    sha256: Rows<[u8; 32]>,
    thumbprints: Rows<[u8; 32]>,
}

type Rows<Name> = HashMap<Name, Vec<usize>>;

impl Index {
    fn of(entries: &[Entry]) -> Self {
        let mut index = Self::default();
        for (at, entry) in entries.iter().enumerate() {
            let members = entry.key().members();
            let kid = members.kid.clone();
            push(&mut index.aliases, Some(entry.alias().to_lowercase()), at);
            push(&mut index.kids, kid, at);
            push(&mut index.sha1, members.x5t, at);
            push(&mut index.sha256, members.x5t_s256, at);
            push(&mut index.thumbprints, Some(*entry.thumbprint()), at);
        }
        index
    }

    fn alias(&self, alias: &str) -> &[usize] {
        rows(self.aliases.get(&alias.to_lowercase()))
    }

    fn get(&self, name: KeyName<'_>) -> &[usize] {
        match name {
            KeyName::Kid(kid) => match self.kids.get(kid) {
                Some(found) => found,
                None => self.alias(kid),
            },
            KeyName::CertificateSha1(digest) => rows(self.sha1.get(digest)),
            KeyName::CertificateSha256(digest) => rows(self.sha256.get(digest)),
            KeyName::Thumbprint(digest) => rows(self.thumbprints.get(digest)),
            _ => &[],
        }
    }
}

fn push<Name: Eq + Hash>(rows: &mut Rows<Name>, name: Option<Name>, at: usize) {
    if let Some(name) = name {
        rows.entry(name).or_default().push(at);
    }
}

fn rows(found: Option<&Vec<usize>>) -> &[usize] {
    found.map_or(&[], Vec::as_slice)
}

/// Refuses a file before it is looked at.
pub(super) fn check_len(octets: &[u8]) -> Result<(), KeyStoreError> {
    if octets.len() > Limits::DEFAULT.jwk_set {
        return Err(KeyStoreError::LimitExceeded("the length of the key store"));
    }
    Ok(())
}
