use core::fmt;
use std::collections::HashMap;

use zeroize::Zeroizing;

/// The password of a key store, and those of entries that have one of their own.
///
/// ```
/// use bulla_x509::key_store::Passwords;
///
/// let passwords = Passwords::new("changeit").with_entry("signing", "another");
/// assert_eq!(format!("{passwords:?}"), "Passwords(for the store and 1 entry)");
/// ```
#[derive(Clone, Default)]
pub struct Passwords {
    store: Option<Zeroizing<String>>,
    entries: HashMap<String, Zeroizing<String>>,
}

impl Passwords {
    /// One password for the store and for every entry.
    #[must_use]
    pub fn new(store: impl Into<String>) -> Self {
        Self {
            store: Some(Zeroizing::new(store.into())),
            entries: HashMap::new(),
        }
    }

    /// No password: a store that needs one says that it is missing.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The same, with a password of its own for the key of one entry, as `keytool -keypass` gives it.
    /// The case of the alias does not matter.
    #[must_use]
    pub fn with_entry(mut self, alias: &str, password: impl Into<String>) -> Self {
        self.entries
            .insert(alias.to_lowercase(), Zeroizing::new(password.into()));
        self
    }

    pub(super) fn store(&self) -> Option<&str> {
        self.store.as_deref().map(String::as_str)
    }

    /// What opens the key of an entry: its own password, else the store's.
    pub(super) fn entry(&self, alias: &str) -> Option<&str> {
        self.entries
            .get(&alias.to_lowercase())
            .map(|password| password.as_str())
            .or_else(|| self.store())
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.entries.len();
        let word = if entries == 1 { "entry" } else { "entries" };
        match self.store {
            Some(_) => write!(f, "Passwords(for the store and {entries} {word})"),
            None => write!(f, "Passwords(for {entries} {word})"),
        }
    }
}

/// UTF-16, big-endian, without a mark: what Java and PKCS#12 derive from.
pub(super) fn utf16(password: &str) -> Zeroizing<Vec<u8>> {
    let mut octets = Zeroizing::new(Vec::with_capacity(2 * password.len() + 2));
    for unit in password.encode_utf16() {
        octets.extend_from_slice(&unit.to_be_bytes());
    }
    octets
}
