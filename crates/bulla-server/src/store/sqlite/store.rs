use core::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bulla::key::BoxFuture;
use bulla::{Clock, SystemClock};

use super::operations::{self, millis};
use super::writer::Writer;
use super::{file, schema};
use crate::store::{FirstUse, KeyRecord, Store, StoreError, StoredKeys, Swap};

/// A [`Store`] in a file of SQLite, for the processes of one machine.
///
/// What is answered is on the disk: a `jti` that was used before the process was killed, or the power was lost, stays
/// used (write-ahead log, `synchronous=FULL`). Requests that come together share one write to the disk. The file is
/// made with mode 0600, and refused where others than its owner may use it. It must not lie on a network file system,
/// where SQLite cannot lock it.
#[derive(Clone)]
pub struct SqliteStore {
    writer: Writer,
    path: PathBuf,
    clock: Arc<dyn Clock>,
}

impl SqliteStore {
    /// Opens the file, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the file cannot be opened, is open to others, or is no store of ours.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        Self::open_with_clock(path, Arc::new(SystemClock))
    }

    /// As [`open`](Self::open), and takes the time from this clock.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_with_clock(
        path: impl Into<PathBuf>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let path = path.into();
        file::prepare(&path)?;
        let connection = file::connect(&path)?;
        schema::migrate(&connection)?;
        Ok(Self {
            writer: Writer::start(connection, file::SameFile::new(&path)?)?,
            path,
            clock,
        })
    }

    /// Whether [`open`](Self::open) would open the file, or make it. Changes nothing.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn check(path: &Path) -> Result<(), StoreError> {
        match file::inspect(path)? {
            Some(connection) => schema::check(&connection).map(|_| ()),
            None => Ok(()),
        }
    }

    /// The keys of a realm, read without making or changing anything. `None` where nothing was stored yet.
    pub(crate) fn read_keys(path: &Path, realm: &str) -> Result<Option<StoredKeys>, StoreError> {
        match file::inspect(path)? {
            Some(connection) if schema::check(&connection)? > 0 => {
                operations::signing_keys(&connection, realm).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Store for SqliteStore {
    fn now(&self) -> BoxFuture<'_, Result<SystemTime, StoreError>> {
        // The processes are on one machine: its clock is the store's.
        let now = self.clock.now();
        Box::pin(async move { Ok(now) })
    }

    fn use_once(
        &self,
        key: [u8; 32],
        until: SystemTime,
    ) -> BoxFuture<'_, Result<FirstUse, StoreError>> {
        self.writer
            .call(move |connection| operations::use_once(connection, &key, until))
    }

    fn sweep(&self) -> BoxFuture<'_, Result<usize, StoreError>> {
        let before = self.clock.now().checked_sub(KEPT_FOR_LONGER);
        self.writer.call(move |connection| {
            before.map_or(Ok(0), |before| {
                operations::sweep(connection, millis(before))
            })
        })
    }

    fn signing_keys<'a>(&'a self, realm: &'a str) -> BoxFuture<'a, Result<StoredKeys, StoreError>> {
        let realm = realm.to_owned();
        self.writer
            .call(move |connection| operations::signing_keys(connection, &realm))
    }

    fn replace_signing_keys<'a>(
        &'a self,
        realm: &'a str,
        expected: u64,
        keys: Vec<KeyRecord>,
    ) -> BoxFuture<'a, Result<Swap, StoreError>> {
        let realm = realm.to_owned();
        self.writer.call(move |connection| {
            operations::replace_signing_keys(connection, &realm, expected, &keys)
        })
    }

    fn share<'a>(
        &'a self,
        realm: &'a str,
        name: &'a str,
        proposed: &'a str,
    ) -> BoxFuture<'a, Result<String, StoreError>> {
        let (realm, name, proposed) = (realm.to_owned(), name.to_owned(), proposed.to_owned());
        self.writer
            .call(move |connection| operations::share(connection, &realm, &name, &proposed))
    }

    fn healthy(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.writer.call(operations::healthy)
    }
}

/// A node whose clock is behind accepts what has expired here.
const KEPT_FOR_LONGER: Duration = Duration::from_secs(60);

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
