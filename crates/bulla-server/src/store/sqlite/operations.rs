use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla::jwa::SignatureAlg;
use bulla::key::KeyPhase;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, params};

use crate::store::{FirstUse, KeyRecord, StoreError, StoredKeys, Swap};

pub(super) fn use_once(
    connection: &Connection,
    key: &[u8; 32],
    until: SystemTime,
) -> Result<FirstUse, StoreError> {
    let inserted = connection
        .prepare_cached("INSERT INTO used (key, until) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        .and_then(|mut insert| insert.execute(params![key, millis(until)]))
        .map_err(unavailable)?;
    Ok(if inserted == 1 {
        FirstUse::Yes
    } else {
        FirstUse::No
    })
}

/// Little enough that nobody waits long for it.
const SWEPT_AT_ONCE: i64 = 1_000;

pub(super) fn sweep(connection: &Connection, before: i64) -> Result<usize, StoreError> {
    connection
        .prepare_cached(
            "DELETE FROM used WHERE key IN
                (SELECT key FROM used WHERE until < ?1 ORDER BY until LIMIT ?2)",
        )
        .and_then(|mut delete| delete.execute(params![before, SWEPT_AT_ONCE]))
        .map_err(unavailable)
}

pub(super) fn signing_keys(connection: &Connection, realm: &str) -> Result<StoredKeys, StoreError> {
    let generation = generation(connection, realm)?;
    let mut select = connection
        .prepare_cached(
            "SELECT kid, alg, phase, since, made, sealed FROM signing_key WHERE realm = ?1
                ORDER BY position",
        )
        .map_err(unavailable)?;
    let rows = select.query_map([realm], read_key).map_err(unavailable)?;
    let keys = rows
        .map(|row| row.map_err(unavailable)?)
        .collect::<Result<_, StoreError>>()?;
    Ok(StoredKeys::new(generation, keys))
}

pub(super) fn replace_signing_keys(
    connection: &Connection,
    realm: &str,
    expected: u64,
    keys: &[KeyRecord],
) -> Result<Swap, StoreError> {
    if generation(connection, realm)? != expected {
        return Ok(Swap::Lost);
    }
    let execute = |sql| connection.execute_batch(sql).map_err(unavailable);
    // Others share the transaction: what fails half way is undone by itself.
    execute("SAVEPOINT swap")?;
    let written = write_keys(connection, realm, expected.saturating_add(1), keys);
    if written.is_err() {
        execute("ROLLBACK TO swap")?;
    }
    execute("RELEASE swap")?;
    written.map(|()| Swap::Done)
}

pub(super) fn share(
    connection: &Connection,
    realm: &str,
    name: &str,
    proposed: &str,
) -> Result<String, StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO shared (realm, name, value) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )
        .and_then(|mut insert| insert.execute(params![realm, name, proposed]))
        .map_err(unavailable)?;
    connection
        .prepare_cached("SELECT value FROM shared WHERE realm = ?1 AND name = ?2")
        .and_then(|mut select| select.query_row([realm, name], |row| row.get(0)))
        .map_err(unavailable)
}

/// A file that is gone, full or damaged fails here and not when a token is asked for.
pub(super) fn healthy(connection: &Connection) -> Result<(), StoreError> {
    connection
        .prepare_cached("SELECT count(*) FROM signing_generation")
        .and_then(|mut select| select.query_row([], |row| row.get::<_, i64>(0)))
        .map(|_| ())
        .map_err(unavailable)
}

fn generation(connection: &Connection, realm: &str) -> Result<u64, StoreError> {
    let found: Option<i64> = connection
        .prepare_cached("SELECT generation FROM signing_generation WHERE realm = ?1")
        .and_then(|mut select| select.query_row([realm], |row| row.get(0)).optional())
        .map_err(unavailable)?;
    u64::try_from(found.unwrap_or(0)).map_err(|_| damaged("a generation is negative"))
}

fn write_keys(
    connection: &Connection,
    realm: &str,
    generation: u64,
    keys: &[KeyRecord],
) -> Result<(), StoreError> {
    let generation = i64::try_from(generation).map_err(|_| damaged("a generation overflows"))?;
    connection
        .prepare_cached(
            "INSERT INTO signing_generation (realm, generation) VALUES (?1, ?2)
                ON CONFLICT (realm) DO UPDATE SET generation = excluded.generation",
        )
        .and_then(|mut upsert| upsert.execute(params![realm, generation]))
        .map_err(unavailable)?;
    connection
        .prepare_cached("DELETE FROM signing_key WHERE realm = ?1")
        .and_then(|mut delete| delete.execute([realm]))
        .map_err(unavailable)?;
    let mut insert = connection
        .prepare_cached(
            "INSERT INTO signing_key (realm, position, kid, alg, phase, since, made, sealed)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .map_err(unavailable)?;
    for (position, key) in (0i64..).zip(keys) {
        let phase = phase_name(key.phase).ok_or_else(|| damaged("a phase has no name"))?;
        insert
            .execute(params![
                realm,
                position,
                key.kid,
                key.alg.name().as_str(),
                phase,
                millis(key.since),
                millis(key.made),
                key.sealed,
            ])
            .map_err(unavailable)?;
    }
    Ok(())
}

fn read_key(row: &Row<'_>) -> rusqlite::Result<Result<KeyRecord, StoreError>> {
    let (kid, alg, phase): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let (since, made, sealed): (i64, i64, String) = (row.get(3)?, row.get(4)?, row.get(5)?);
    let Some(alg) = SignatureAlg::from_name(&alg) else {
        return Ok(Err(damaged("a signing key has an algorithm that is none")));
    };
    let Some(phase) = phase_of(&phase) else {
        return Ok(Err(damaged("a signing key has a phase that is none")));
    };
    Ok(Ok(KeyRecord {
        kid,
        alg,
        phase,
        since: time(since),
        made: time(made),
        sealed,
    }))
}

const PHASES: &[(KeyPhase, &str)] = &[
    (KeyPhase::Active, "active"),
    (KeyPhase::Pending, "pending"),
    (KeyPhase::Retired, "retired"),
];

fn phase_name(phase: KeyPhase) -> Option<&'static str> {
    let row = PHASES.iter().find(|(known, _)| *known == phase);
    row.map(|(_, name)| *name)
}

fn phase_of(name: &str) -> Option<KeyPhase> {
    let row = PHASES.iter().find(|(_, known)| *known == name);
    row.map(|(phase, _)| *phase)
}

/// Milliseconds since 1970, as the tables have them.
pub(super) fn millis(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

fn time(millis: i64) -> SystemTime {
    let since = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
    UNIX_EPOCH.checked_add(since).unwrap_or(UNIX_EPOCH)
}

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(what.to_owned())
}

/// By value, for `map_err`.
#[allow(clippy::needless_pass_by_value)]
pub(super) fn unavailable(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::Foreign,
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged(error.to_string()),
        _ => StoreError::Unavailable(error.to_string()),
    }
}
