//! The last good set on disk, so that a restart while the issuer is down still verifies.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla_core::json;
use bulla_core::jwk::JwkSet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::source::Version;

/// A file for the last good set of one source.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    path: Arc<Path>,
    source: Arc<str>,
}

/// What was saved.
#[derive(Debug)]
pub(crate) struct Saved {
    pub(crate) set: JwkSet,
    pub(crate) version: Option<Version>,
    /// How long ago the issuer confirmed the set.
    pub(crate) age: Duration,
    pub(crate) ttl: Duration,
}

#[derive(Serialize, Deserialize)]
struct Document {
    /// Whose keys they are; a file of another source is not read.
    source: String,
    /// Seconds since 1970 of the issuer's last word.
    confirmed: u64,
    /// Seconds for which the set was fresh.
    ttl: u64,
    /// Which version of this crate read the set.
    read_by: Option<String>,
    version_of: Option<String>,
    etag: Option<String>,
    last_modified: Option<String>,
    jwks: Value,
}

impl Store {
    pub(crate) fn new(path: PathBuf, source: &str) -> Self {
        Self {
            path: path.into(),
            source: source.into(),
        }
    }

    /// Replaces what was saved before, whole or not at all.
    pub(crate) fn save(
        &self,
        set: &JwkSet,
        version: Option<&Version>,
        ttl: Duration,
        now: SystemTime,
    ) -> impl Future<Output = io::Result<()>> + use<> {
        let text = self.document(set, version, ttl, now);
        let path = Arc::clone(&self.path);
        async move {
            let text = text?;
            tokio::task::spawn_blocking(move || write(&path, &text)).await?
        }
    }

    /// What was saved, with its age; nothing where there is nothing, or its age cannot be told. It is the caller who
    /// decides whether it is young enough.
    pub(crate) fn load(&self, now: SystemTime) -> io::Result<Option<Saved>> {
        let file = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let mut octets = Vec::new();
        file.take(LONGEST).read_to_end(&mut octets)?;
        let wrong = |what| io::Error::new(io::ErrorKind::InvalidData, what);
        let document: Document =
            json::from_slice(&octets, DEPTH).map_err(|_| wrong("not a saved set"))?;
        if *document.source != *self.source {
            return Err(wrong("the set of another source"));
        }
        let confirmed = UNIX_EPOCH
            .checked_add(Duration::from_secs(document.confirmed))
            .ok_or_else(|| wrong("not a time"))?;
        // From the future: this clock or that one was wrong, and nobody knows how old the keys are.
        let age = now
            .duration_since(confirmed)
            .map_err(|_| wrong("saved in the future"))?;
        let set = JwkSet::from_value(&document.jwks).map_err(|_| wrong("not a JWK Set"))?;
        let (etag, last_modified) = (document.etag, document.last_modified);
        // Another version may read keys that this one could not, which are not in the file: "not modified" would keep
        // them away.
        let is_ours = document.read_by.as_deref() == Some(env!("CARGO_PKG_VERSION"));
        let version_of = document.version_of.filter(|_| is_ours);
        Ok(Some(Saved {
            set,
            age,
            ttl: Duration::from_secs(document.ttl),
            version: version_of.map(|of| Version {
                of,
                etag,
                last_modified,
            }),
        }))
    }

    fn document(
        &self,
        set: &JwkSet,
        version: Option<&Version>,
        ttl: Duration,
        now: SystemTime,
    ) -> io::Result<Vec<u8>> {
        let document = Document {
            source: self.source.as_ref().to_owned(),
            confirmed: now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            ttl: ttl.as_secs(),
            read_by: Some(env!("CARGO_PKG_VERSION").to_owned()),
            version_of: version.map(|version| version.of.clone()),
            etag: version.and_then(|version| version.etag.clone()),
            last_modified: version.and_then(|version| version.last_modified.clone()),
            // Public keys alone ever come here.
            jwks: serde_json::from_str(&set.to_json())?,
        };
        Ok(serde_json::to_vec_pretty(&document)?)
    }
}

fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Far more than the limits of a set allow.
const LONGEST: u64 = 8 * 1024 * 1024;
const DEPTH: usize = 34;

#[cfg(test)]
mod tests;
