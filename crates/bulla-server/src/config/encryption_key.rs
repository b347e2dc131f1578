//! The key that private keys in the store are encrypted with.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bulla::SecretBytes;
use bulla::jwk::{Jwk, KeyError, SecretJwk};
use bulla::key::Backend;

use super::{Config, Given, KeyRefs, Place, Problem, StoreLocation, check_private};
use crate::rotation::KeyEncryption;

/// Its octets.
const LENGTH: usize = 32;

/// The key that the configuration names, or the one beside the store; and the one before it. None where there is none
/// yet.
pub(super) async fn find(
    config: &Config,
    key_refs: &dyn KeyRefs,
    backend: &Arc<dyn Backend>,
) -> Result<Option<KeyEncryption>, Problem> {
    let found = match &config.key_encryption_key {
        Some(given) => {
            let secret = named(given, "key_encryption_key", key_refs).await?;
            Some(bind(given, "key_encryption_key", &secret, |secret| {
                KeyEncryption::new(backend, secret)
            })?)
        }
        None => {
            let path = beside(config);
            match fs::read(&path) {
                Ok(octets) => Some(read(&path, &octets, backend)?),
                Err(error) if error.kind() == ErrorKind::NotFound => None,
                Err(error) => return Err(about(&path, &error)),
            }
        }
    };
    match (found, &config.old_key_encryption_key) {
        (Some(key), Some(given)) => {
            let old = named(given, "old_key_encryption_key", key_refs).await?;
            let both = bind(given, "old_key_encryption_key", &old, |old| {
                key.replacing(backend, old)
            });
            both.map(Some)
        }
        (found, _) => Ok(found),
    }
}

async fn named(
    given: &Given<String>,
    setting: &str,
    key_refs: &dyn KeyRefs,
) -> Result<SecretBytes, Problem> {
    let secret = key_refs.secret(&given.value, given.folder()).await;
    secret.map_err(|error| {
        let what = format!("{setting}: {error}");
        Problem::new(&given.place, what, error.fix())
    })
}

fn bind(
    given: &Given<String>,
    setting: &str,
    secret: &SecretBytes,
    bind: impl FnOnce(&SecretBytes) -> Result<KeyEncryption, KeyError>,
) -> Result<KeyEncryption, Problem> {
    bind(secret).map_err(|_| {
        Problem::new(
            &given.place,
            format!(
                "{setting}: it has {} octets and needs {LENGTH}",
                secret.len()
            ),
            "bulla jwk generate --kty oct --size 256 --out store.key",
        )
    })
}

/// Makes the key beside the store. Of two processes that do so at once, both use the same.
pub(super) fn make(config: &Config, backend: &Arc<dyn Backend>) -> Result<KeyEncryption, Problem> {
    let path = beside(config);
    let made = write(&path, backend.as_ref());
    match made {
        Ok(()) => tracing::warn!(
            "made {}: without it the signing keys in the store cannot be read; keep a copy of it, apart from copies \
             of the store",
            path.display()
        ),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(about(&path, &error)),
    }
    let octets = fs::read(&path).map_err(|error| about(&path, &error))?;
    read(&path, &octets, backend)
}

/// Where the key is unless the configuration says otherwise.
pub(super) fn beside(config: &Config) -> PathBuf {
    let StoreLocation::Sqlite(store) = &config.store.value;
    let mut name = store.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

fn read(path: &Path, octets: &[u8], backend: &Arc<dyn Backend>) -> Result<KeyEncryption, Problem> {
    if let Err(mode) = check_private(path) {
        return Err(Problem::new(
            &Place::Default,
            format!(
                "{} has mode {mode:04o}: others than its owner may use it",
                path.display()
            ),
            format!("chmod 600 {}", path.display()),
        ));
    }
    let key = match Jwk::parse(octets) {
        Ok(Jwk::Secret(key)) => KeyEncryption::new(backend, key.k()).ok(),
        _ => None,
    };
    key.ok_or_else(|| {
        Problem::new(
            &Place::Default,
            format!("{} is no symmetric JWK of {LENGTH} octets", path.display()),
            "restore it from a copy",
        )
    })
}

/// All of it, or nothing, and never over another's.
fn write(path: &Path, backend: &dyn Backend) -> std::io::Result<()> {
    let mut octets = [0; LENGTH];
    let mut mark = [0; 8];
    let random = backend
        .random(&mut octets)
        .and_then(|()| backend.random(&mut mark));
    random.map_err(|error| std::io::Error::other(error.to_string()))?;
    let key = SecretJwk::new(SecretBytes::from(&octets[..]).expose());
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", bulla::base64url::encode(mark)));
    let unfinished = PathBuf::from(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&unfinished).and_then(|mut file| {
        file.write_all(key.to_json().as_bytes())?;
        file.sync_all()
    });
    let linked = written.and_then(|()| fs::hard_link(&unfinished, path));
    let removed = fs::remove_file(&unfinished);
    linked.and(removed)
}

fn about(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(
        &Place::Default,
        format!("{}: {error}", path.display()),
        "let the server read and write the folder of its store",
    )
}
