use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use bulla_core::Limits;
use bulla_core::jwk::Jwk;
use bulla_core::key::Backend;

use super::{Entry, KeyStoreError, Passwords, Rejected, StoredKeys, key_file};

/// The keys in the files of one directory: JWK, JWK Sets, PEM, DER, PKCS#12 and JKS, told by their content.
///
/// A key is known by its own `kid`; one that has none, as in PEM, by the name of its file without the extension. Files are taken in
/// the order of their names. What is no key is [rejected](StoredKeys::rejected) under the name of the file, and so are
/// directories; files whose name begins with a dot are passed over.
///
/// A symbolic link is followed within the directory, as Kubernetes mounts secrets, and not out of it. Nothing but regular files is
/// opened.
///
/// ```no_run
/// # fn f(backend: &dyn bulla_core::key::Backend) -> Result<(), bulla_x509::key_store::KeyStoreError> {
/// use bulla_x509::key_store::{DirectoryOfKeys, KeyStoreResolver, Passwords};
///
/// let directory = DirectoryOfKeys::read("/etc/partners", &Passwords::none(), backend)?;
/// for path in directory.exposed() {
///     eprintln!("{}: others may read or change this private key", path.display());
/// }
/// let resolver = KeyStoreResolver::new("/etc/partners", directory.into_keys());
/// # Ok(()) }
/// ```
///
/// # Security
///
/// Who may write into the directory decides which keys are trusted.
#[derive(Clone, Debug)]
pub struct DirectoryOfKeys {
    keys: StoredKeys,
    exposed: Vec<PathBuf>,
}

impl DirectoryOfKeys {
    /// Reads the directory as it is now.
    ///
    /// The password opens stores and encrypted PEM files alike; [one for an entry](Passwords::with_entry) is for an alias in a
    /// store or for the name of a PEM file without its extension.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::Io`] where the directory cannot be listed; [`KeyStoreError::LimitExceeded`] for more than
    /// 1,000 files or keys, or 16 MiB of them.
    pub fn read(
        directory: impl AsRef<Path>,
        passwords: &Passwords,
        backend: &dyn Backend,
    ) -> Result<Self, KeyStoreError> {
        let directory = fs::canonicalize(directory)?;
        let mut found = Found {
            passwords,
            backend,
            octets: 0,
            entries: Vec::new(),
            rejected: Vec::new(),
            exposed: Vec::new(),
        };
        for path in visible_files(&directory)? {
            found.add(&directory, path)?;
        }
        Ok(Self {
            keys: StoredKeys::new(found.entries, found.rejected),
            exposed: found.exposed,
        })
    }

    /// The keys.
    #[must_use]
    pub const fn keys(&self) -> &StoredKeys {
        &self.keys
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_keys(self) -> StoredKeys {
        self.keys
    }

    /// Files with private or secret keys that others than their owner may read or write. Always empty where files have no such modes.
    #[must_use]
    pub fn exposed(&self) -> &[PathBuf] {
        &self.exposed
    }
}

struct Found<'a> {
    passwords: &'a Passwords,
    backend: &'a dyn Backend,
    octets: usize,
    entries: Vec<Entry>,
    rejected: Vec<Rejected>,
    exposed: Vec<PathBuf>,
}

impl Found<'_> {
    fn add(&mut self, directory: &Path, path: PathBuf) -> Result<(), KeyStoreError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let (octets, metadata) = match open(directory, &path) {
            Ok(file) => file,
            Err(error) => {
                self.reject(&name, error);
                return Ok(());
            }
        };
        self.octets += octets.len();
        if self.octets > MOST_OCTETS {
            return Err(KeyStoreError::LimitExceeded("the length of all key files"));
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        match key_file::read(&octets, &stem, self.passwords, self.backend) {
            Ok(keys) => {
                let is_secret = |entry: &Entry| !matches!(entry.key(), Jwk::Public(_));
                if keys.entries().iter().any(is_secret) && is_exposed(&metadata) {
                    self.exposed.push(path.clone());
                }
                for rejected in keys.rejected() {
                    self.reject(&format!("{name}#{}", rejected.name), rejected.error.clone());
                }
                self.entries.extend(keys.into_entries());
            }
            Err(error) => self.reject(&name, error),
        }
        if self.entries.len() > Limits::DEFAULT.keys {
            return Err(KeyStoreError::LimitExceeded("the number of keys"));
        }
        Ok(())
    }

    fn reject(&mut self, name: &str, error: KeyStoreError) {
        self.rejected.push(Rejected {
            name: name.to_owned(),
            error,
        });
    }
}

/// In the order of their names, so that every start finds the same key first.
fn visible_files(directory: &Path) -> Result<Vec<PathBuf>, KeyStoreError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if files.len() == Limits::DEFAULT.keys {
            return Err(KeyStoreError::LimitExceeded("the number of files"));
        }
        files.push(entry.path());
    }
    files.sort_unstable();
    Ok(files)
}

/// The octets of a regular file that is in the directory, wherever links lead.
fn open(
    directory: &Path,
    path: &Path,
) -> Result<(zeroize::Zeroizing<Vec<u8>>, fs::Metadata), KeyStoreError> {
    let path = fs::canonicalize(path)?;
    if !path.starts_with(directory) {
        return Err(KeyStoreError::Unsupported("a link out of the directory"));
    }
    // Looked at before it is opened: opening a pipe waits for somebody to write.
    check_regular(&fs::symlink_metadata(&path)?)?;
    let file = File::open(&path)?;
    let metadata = file.metadata()?;
    check_regular(&metadata)?;
    let limit = Limits::DEFAULT.jwk_set;
    let mut octets = zeroize::Zeroizing::new(Vec::new());
    file.take(limit as u64 + 1).read_to_end(&mut octets)?;
    if octets.len() > limit {
        return Err(KeyStoreError::LimitExceeded("the length of the key file"));
    }
    Ok((octets, metadata))
}

fn check_regular(metadata: &fs::Metadata) -> Result<(), KeyStoreError> {
    if metadata.is_file() {
        Ok(())
    } else if metadata.is_dir() {
        Err(KeyStoreError::Unsupported(
            "a directory in a directory of keys",
        ))
    } else {
        Err(KeyStoreError::Unsupported(
            "a pipe, socket or device as a key file",
        ))
    }
}

#[cfg(unix)]
fn is_exposed(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o066 != 0
}

#[cfg(not(unix))]
fn is_exposed(_: &fs::Metadata) -> bool {
    false
}

const MOST_OCTETS: usize = 8 * Limits::DEFAULT.jwk_set;
