use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use bulla_core::Limits;
use bulla_core::jwk::JwkSet;
use bulla_core::key::BoxFuture;

use super::{Loaded, Source, SourceError, Version, Wish};
use crate::freshness::Freshness;

/// A file that holds a JWK Set, looked at every five seconds and read when it is another or its time or length changed.
///
/// Replace the file (write another and rename it); one that is half written is refused and the set before it kept. A
/// file that stays away or unreadable is like an issuer that is down: after an hour nothing verifies.
///
/// ```no_run
/// use bulla_jwks::{RemoteKeys, source::WatchedFile};
/// let keys = RemoteKeys::from_source(WatchedFile::new("/etc/billing/partner.jwks")).start()?;
/// # Ok::<(), bulla_jwks::StartError>(())
/// ```
#[derive(Clone, Debug)]
pub struct WatchedFile {
    path: PathBuf,
    name: String,
    period: Duration,
    limits: Limits,
}

impl WatchedFile {
    /// Watches this file.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            name: path.display().to_string(),
            path,
            period: Duration::from_secs(5),
            limits: Limits::DEFAULT,
        }
    }

    /// Looks this often.
    #[must_use]
    pub const fn every(mut self, period: Duration) -> Self {
        self.period = period;
        self
    }

    /// Other limits than the defaults, 1,000 keys and 2 MiB.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

impl Source for WatchedFile {
    fn name(&self) -> &str {
        &self.name
    }

    fn load<'a>(&'a self, wish: &'a Wish) -> BoxFuture<'a, Result<Loaded, SourceError>> {
        let (path, limits) = (self.path.clone(), self.limits.clone());
        let known = wish
            .known_of(&self.name)
            .and_then(|version| version.etag.clone());
        Box::pin(async move {
            let read = tokio::task::spawn_blocking(move || read(&path, known.as_deref(), &limits));
            let read = read.await.map_err(|_| SourceError::Overdue)??;
            let freshness = Freshness::Every(self.period);
            Ok(match read {
                None => Loaded::NotModified(freshness),
                Some((set, stamp)) => Loaded::Set {
                    set,
                    freshness,
                    version: Some(Version {
                        etag: Some(stamp),
                        ..Version::new(self.name())
                    }),
                },
            })
        })
    }
}

/// The set, unless the file is the one that is known.
fn read(
    path: &Path,
    known: Option<&str>,
    limits: &Limits,
) -> Result<Option<(JwkSet, String)>, SourceError> {
    let failed = |error: io::Error| SourceError::File(error.kind());
    let file = File::open(path).map_err(failed)?;
    let stamp = stamp(&file.metadata().map_err(failed)?);
    if known == Some(&stamp) {
        return Ok(None);
    }
    let mut octets = Vec::new();
    let most = u64::try_from(limits.jwk_set)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    file.take(most).read_to_end(&mut octets).map_err(failed)?;
    let set = JwkSet::parse_with(&octets, limits).map_err(SourceError::Malformed)?;
    Ok(Some((set, stamp)))
}

fn stamp(metadata: &fs::Metadata) -> String {
    let modified = metadata.modified().ok();
    let since = modified
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    let (time, length) = (since.as_nanos(), metadata.len());
    format!("{time}-{length}-{}", identity(metadata))
}

/// What changes even where whoever replaces the file gives the new one the time of the old (`cp -p`, `rsync -t`,
/// images whose files are all of one time): a key that was withdrawn must not live on for it.
#[cfg(unix)]
fn identity(metadata: &fs::Metadata) -> String {
    use std::os::unix::fs::MetadataExt as _;
    let changed = (metadata.ctime(), metadata.ctime_nsec());
    format!(
        "{}.{}-{}-{}",
        changed.0,
        changed.1,
        metadata.dev(),
        metadata.ino()
    )
}

#[cfg(not(unix))]
fn identity(metadata: &fs::Metadata) -> String {
    let since = metadata
        .created()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.unwrap_or_default().as_nanos().to_string()
}
