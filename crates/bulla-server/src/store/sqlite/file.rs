use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::operations::unavailable;
use super::schema;
use crate::store::StoreError;

/// Makes the file where there is none, so that nobody else can read it at any moment. SQLite gives the files beside it
/// the same mode.
pub(super) fn prepare(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => check_modes(path),
        Err(error) => Err(io(path, &error)),
    }
}

/// A connection with which what is committed is on the disk.
pub(super) fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(unavailable)?;
    connection.busy_timeout(PATIENCE).map_err(unavailable)?;
    // Before anything is written: a database of something else stays as it is.
    schema::check(&connection)?;
    use_write_ahead_log(&connection)?;
    // FULL waits for the disk at each commit; deleted keys are overwritten.
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF",
        )
        .map_err(unavailable)?;
    Ok(connection)
}

/// A connection that only reads, or none where there is no file and one could be made.
pub(super) fn inspect(path: &Path) -> Result<Option<Connection>, StoreError> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => Err(StoreError::Unavailable(format!(
            "{}: not a file",
            path.display()
        ))),
        Ok(_) => {
            check_modes(path)?;
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(path, flags).map_err(unavailable)?;
            connection.busy_timeout(PATIENCE).map_err(unavailable)?;
            Ok(Some(connection))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new("."));
            match fs::metadata(folder) {
                Ok(found) if found.is_dir() => Ok(None),
                Ok(_) => Err(StoreError::Unavailable(format!(
                    "{}: not a folder",
                    folder.display()
                ))),
                Err(error) => Err(io(folder, &error)),
            }
        }
        Err(error) => Err(io(path, &error)),
    }
}

/// The file as it was opened. One that is removed or replaced while a connection is open goes on to be written, out of
/// sight of every other process: what it knows of used `jti` would be nobody else's.
pub(super) struct SameFile {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

impl SameFile {
    pub(super) fn new(path: &Path) -> Result<Self, StoreError> {
        let found = fs::metadata(path).map_err(|error| io(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            identity: identity(&found),
        })
    }

    /// Fails where the path leads elsewhere by now.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let found = fs::metadata(&self.path).map_err(|error| io(&self.path, &error))?;
        if identity(&found) == self.identity {
            return Ok(());
        }
        Err(StoreError::Unavailable(format!(
            "{}: another file than the one that was opened",
            self.path.display()
        )))
    }
}

/// Device and number of the file, where the system has them.
#[cfg(unix)]
fn identity(found: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}

/// How long another process may hold the lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// The busy timeout does not cover this change, so that two processes that start together have to be patient here.
fn use_write_ahead_log(connection: &Connection) -> Result<(), StoreError> {
    const PAUSE: Duration = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| {
            row.get::<_, String>(0)
        });
        match mode {
            Ok(mode) if mode.eq_ignore_ascii_case("wal") => return Ok(()),
            Ok(mode) => {
                return Err(StoreError::Unavailable(format!(
                    "no write-ahead log where the file lies (the journal mode is {mode})"
                )));
            }
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && waited < PATIENCE =>
            {
                thread::sleep(PAUSE);
                waited += PAUSE;
            }
            Err(error) => return Err(unavailable(error)),
        }
    }
}

/// The database has the signing keys. They are encrypted, and the `jti` are not; neither is anybody's business.
fn check_modes(path: &Path) -> Result<(), StoreError> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        check_mode(&PathBuf::from(name))?;
    }
    Ok(())
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt as _;
    match fs::metadata(path) {
        Ok(found) => match found.permissions().mode() & 0o7777 {
            mode if mode & 0o077 != 0 => Err(StoreError::Permissions {
                path: path.to_owned(),
                mode,
            }),
            _ => Ok(()),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io(path, &error)),
    }
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<(), StoreError> {
    Ok(())
}

fn io(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {error}", path.display()))
}
