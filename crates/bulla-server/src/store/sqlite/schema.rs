use rusqlite::Connection;

use super::operations::unavailable;
use crate::store::StoreError;

/// "BULA": what tells a store of ours from every other database.
const APPLICATION: i32 = 0x4255_4c41;

/// What makes each version out of the one before. Never changed, only added to.
const MIGRATIONS: &[&str] = &["
CREATE TABLE used (
    key BLOB PRIMARY KEY NOT NULL,  -- SHA-256 of kind, realm, party and jti
    until INTEGER NOT NULL          -- milliseconds since 1970, as all times here
) STRICT, WITHOUT ROWID;
CREATE INDEX used_until ON used (until);

CREATE TABLE signing_generation (
    realm TEXT PRIMARY KEY NOT NULL,
    generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE signing_key (
    realm TEXT NOT NULL,
    position INTEGER NOT NULL,
    kid TEXT NOT NULL,
    alg TEXT NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('pending', 'active', 'retired')),
    since INTEGER NOT NULL,
    made INTEGER NOT NULL,
    sealed TEXT NOT NULL,           -- a compact JWE
    PRIMARY KEY (realm, kid)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX signing_key_active ON signing_key (realm) WHERE phase = 'active';

CREATE TABLE shared (
    realm TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (realm, name)
) STRICT, WITHOUT ROWID;
"];

/// Brings the tables up to date, all steps or none. Of two processes that start together one does it.
pub(super) fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let execute = |sql: &str| connection.execute_batch(sql).map_err(unavailable);
    execute("BEGIN IMMEDIATE")?;
    let migrated = steps(connection);
    match migrated {
        Ok(()) => execute("COMMIT"),
        Err(error) => {
            execute("ROLLBACK")?;
            Err(error)
        }
    }
}

fn steps(connection: &Connection) -> Result<(), StoreError> {
    let version = check(connection)?;
    let execute = |sql: &str| connection.execute_batch(sql).map_err(unavailable);
    for (version, step) in MIGRATIONS.iter().enumerate().skip(version) {
        execute(step)?;
        execute(&format!("PRAGMA user_version = {}", version + 1))?;
    }
    execute(&format!("PRAGMA application_id = {APPLICATION}"))
}

/// The version of the tables; 0 for an empty file.
pub(super) fn check(connection: &Connection) -> Result<usize, StoreError> {
    let ask = |sql| {
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .map_err(unavailable)
    };
    let application = ask("PRAGMA application_id")?;
    let is_empty = ask("SELECT count(*) FROM sqlite_schema")? == 0;
    if application != i64::from(APPLICATION) && !(application == 0 && is_empty) {
        return Err(StoreError::Foreign);
    }
    let found = ask("PRAGMA user_version")?;
    let version = usize::try_from(found).map_err(|_| StoreError::Foreign)?;
    if version > MIGRATIONS.len() {
        return Err(StoreError::Newer {
            found: u32::try_from(found).unwrap_or(u32::MAX),
            known: u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX),
        });
    }
    Ok(version)
}
