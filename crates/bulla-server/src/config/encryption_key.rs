//! The key that private keys in the store are encrypted with.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bulla::SecretBytes;
use bulla::jwk::{Jwk, SecretJwk};
use bulla::key::Backend;

use super::{Config, KeyRefs, Place, Problem, StoreLocation, check_private};
use crate::rotation::KeyEncryption;

/// Its octets.
const LENGTH: usize = 32;

/// The key that the configuration names, or the one beside the store. None where there is none yet.
pub(super) async fn find(
    config: &Config,
    key_refs: &dyn KeyRefs,
    backend: &Arc<dyn Backend>,
) -> Result<Option<KeyEncryption>, Problem> {
    let Some(given) = &config.key_encryption_key else {
        let path = beside(config);
        return match fs::read(&path) {
            Ok(octets) => read(&path, &octets, backend).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(about(&path, &error)),
        };
    };
    let secret = key_refs.secret(&given.value, given.folder()).await;
    let secret = secret.map_err(|error| {
        let what = format!("key_encryption_key: {error}");
        Problem::new(&given.place, what, error.fix())
    })?;
    let bound = KeyEncryption::new(backend, &secret).map_err(|_| {
        Problem::new(
            &given.place,
            format!(
                "key_encryption_key: it has {} octets and needs {LENGTH}",
                secret.len()
            ),
            "bulla jwk generate --kty oct --size 256 --out store.key",
        )
    });
    bound.map(Some)
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
