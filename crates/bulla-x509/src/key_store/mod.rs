//! Key stores: files that hold keys under names, PKCS#12 and JKS, and directories of key files.
//!
//! [`StoredKeys`] is what each of them becomes: entries, and a search by alias, `kid`, `x5t`, `x5t#S256` and thumbprint. Stores
//! [join](StoredKeys::join), and the first that has a key answers. [`DirectoryOfKeys`] reads a directory. [`KeyStoreResolver`] makes a
//! [`ResolveKey`](bulla_core::trust::ResolveKey) of them.

mod certified;
mod directory;
mod entry;
mod error;
pub mod jks;
mod key_file;
mod passwords;
pub mod pkcs12;
mod resolver;
mod stored_keys;

pub use directory::DirectoryOfKeys;
pub use entry::{Entry, Rejected};
pub use error::KeyStoreError;
pub use passwords::Passwords;
pub use resolver::KeyStoreResolver;
pub use stored_keys::StoredKeys;
