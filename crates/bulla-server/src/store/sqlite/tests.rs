use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla::Clock;
use bulla::jwa::SignatureAlg;
use bulla::key::KeyPhase;
use tempfile::TempDir;

use super::SqliteStore;
use crate::store::{FirstUse, KeyRecord, Store as _, StoreError, StoredKeys, Swap};

/// A clock that is set by hand.
#[derive(Clone, Debug)]
struct HandClock(Arc<Mutex<SystemTime>>);

impl HandClock {
    fn at(seconds: u64) -> Self {
        Self(Arc::new(Mutex::new(at(seconds))))
    }

    fn set(&self, seconds: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at(seconds);
    }
}

impl Clock for HandClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(folder: &TempDir) -> SqliteStore {
    SqliteStore::open(folder.path().join("store.db")).unwrap()
}

fn key(kid: &str, phase: KeyPhase) -> KeyRecord {
    KeyRecord {
        kid: kid.to_owned(),
        alg: SignatureAlg::Es256,
        phase,
        since: at(1_000),
        made: at(999),
        sealed: "a.b.c.d.e".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_that_come_together_one_is_first_100_times() {
    let folder = folder();
    let stores = [open(&folder), open(&folder)]; // as two processes have it
    for round in 0..100u8 {
        let mut calls = tokio::task::JoinSet::new();
        for index in 0..200 {
            let store = stores[index % 2].clone();
            calls.spawn(async move { store.use_once([round; 32], at(u64::from(u32::MAX))).await });
        }
        let answers = calls.join_all().await;
        let first = answers
            .iter()
            .filter(|answer| **answer == Ok(FirstUse::Yes))
            .count();
        let again = answers
            .iter()
            .filter(|answer| **answer == Ok(FirstUse::No))
            .count();
        assert_eq!((first, again), (1, 199), "round {round}: {answers:?}");
    }
}

#[tokio::test]
async fn what_was_used_stays_used_when_the_store_is_opened_again() {
    let folder = folder();
    let until = SystemTime::now() + Duration::from_secs(300);
    {
        let store = open(&folder);
        assert_eq!(store.use_once([1; 32], until).await, Ok(FirstUse::Yes));
    }
    let store = open(&folder);
    assert_eq!(store.use_once([1; 32], until).await, Ok(FirstUse::No));
    assert_eq!(store.use_once([2; 32], until).await, Ok(FirstUse::Yes));
}

#[tokio::test]
async fn what_has_expired_goes_in_batches_and_not_before_clocks_agree_that_it_has() {
    let folder = folder();
    let clock = HandClock::at(1_000);
    let path = folder.path().join("store.db");
    let store = SqliteStore::open_with_clock(path, Arc::new(clock.clone())).unwrap();
    for index in 0..1_500u16 {
        let mut key = [0; 32];
        key[..2].copy_from_slice(&index.to_be_bytes());
        store.use_once(key, at(1_000)).await.unwrap();
    }
    store.use_once([255; 32], at(2_000)).await.unwrap();
    clock.set(1_060);
    assert_eq!(store.sweep().await, Ok(0));
    clock.set(1_061);
    assert_eq!(store.sweep().await, Ok(1_000));
    assert_eq!(store.sweep().await, Ok(500));
    assert_eq!(store.sweep().await, Ok(0));
    assert_eq!(store.use_once([255; 32], at(2_000)).await, Ok(FirstUse::No));
}

#[tokio::test]
async fn of_two_that_replace_the_same_keys_one_does() {
    let folder = folder();
    let (one, two) = (open(&folder), open(&folder));
    assert_eq!(one.signing_keys("r").await, Ok(StoredKeys::new(0, vec![])));
    let keys = |kid| vec![key(kid, KeyPhase::Active), key("next", KeyPhase::Pending)];
    let (a, b) = tokio::join!(
        one.replace_signing_keys("r", 0, keys("a")),
        two.replace_signing_keys("r", 0, keys("b"))
    );
    let winner = match (a, b) {
        (Ok(Swap::Done), Ok(Swap::Lost)) => "a",
        (Ok(Swap::Lost), Ok(Swap::Done)) => "b",
        other => panic!("{other:?}"),
    };
    let expected = StoredKeys::new(1, keys(winner));
    assert_eq!(one.signing_keys("r").await.unwrap(), expected);
    assert_eq!(two.signing_keys("r").await.unwrap(), expected);
    // Another realm has its own.
    assert_eq!(two.signing_keys("s").await.unwrap().generation, 0);
}

#[tokio::test]
async fn keys_that_do_not_fit_together_change_nothing() {
    let folder = folder();
    let store = open(&folder);
    let one = vec![key("a", KeyPhase::Active)];
    assert_eq!(
        store.replace_signing_keys("r", 0, one.clone()).await,
        Ok(Swap::Done)
    );
    let two_active = vec![key("b", KeyPhase::Active), key("c", KeyPhase::Active)];
    store
        .replace_signing_keys("r", 1, two_active)
        .await
        .unwrap_err();
    assert_eq!(store.signing_keys("r").await, Ok(StoredKeys::new(1, one)));
}

#[tokio::test]
async fn who_proposes_first_is_shared() {
    let folder = folder();
    let (one, two) = (open(&folder), open(&folder));
    assert_eq!(one.share("r", "nonce", "1").await.unwrap(), "1");
    assert_eq!(two.share("r", "nonce", "2").await.unwrap(), "1");
    assert_eq!(two.share("s", "nonce", "3").await.unwrap(), "3");
    assert_eq!(two.healthy().await, Ok(()));
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_is_for_its_owner_alone() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path).unwrap();
    store.use_once([1; 32], at(1)).await.unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let file = folder.path().join(format!("store.db{suffix}"));
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    for mode in [0o644, 0o660, 0o604] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        for error in [
            SqliteStore::open(&path).unwrap_err(),
            SqliteStore::check(&path).unwrap_err(),
        ] {
            assert_eq!(error.code(), "store.permissions", "{mode:o}");
        }
    }
}

#[test]
fn what_is_no_store_of_ours_is_left_alone() {
    let folder = folder();
    let write = |name: &str, sql: &str| {
        let path = folder.path().join(name);
        super::file::prepare(&path).unwrap();
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch(sql).unwrap();
        path
    };
    let other = write("other.db", "CREATE TABLE t (a)");
    let newer = write(
        "newer.db",
        "PRAGMA application_id = 0x42554c41; PRAGMA user_version = 1000",
    );
    let text = folder.path().join("text");
    super::file::prepare(&text).unwrap();
    std::fs::write(
        &text,
        "not a database, and long enough to be read as one. ".repeat(30),
    )
    .unwrap();
    for (path, expected) in [
        (&other, "store.foreign"),
        (&newer, "store.newer"),
        (&text, "store.foreign"),
    ] {
        let before = std::fs::read(path).unwrap();
        assert_eq!(SqliteStore::check(path).unwrap_err().code(), expected);
        assert_eq!(SqliteStore::open(path).unwrap_err().code(), expected);
        assert!(before == std::fs::read(path).unwrap(), "{}", path.display());
    }
}

#[test]
fn looking_makes_nothing() {
    let folder = folder();
    let path = folder.path().join("store.db");
    assert_eq!(SqliteStore::check(&path), Ok(()));
    assert!(!path.exists());
    let nowhere = folder.path().join("none/store.db");
    assert!(matches!(
        SqliteStore::check(&nowhere),
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(
        SqliteStore::open(&nowhere),
        Err(StoreError::Unavailable(_))
    ));
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_gone_or_another_answers_nothing() {
    let folder = folder();
    let store = open(&folder);
    let used = store.use_once([1; 32], at(2_000)).await;
    assert_eq!(used.unwrap(), FirstUse::Yes);
    for suffix in ["", "-wal", "-shm"] {
        std::fs::remove_file(folder.path().join(format!("store.db{suffix}"))).unwrap();
    }
    for _ in 0..2 {
        // What it would say now, no other process would know.
        let used = store.use_once([2; 32], at(2_000)).await;
        assert!(matches!(used, Err(StoreError::Unavailable(_))), "{used:?}");
        assert!(store.healthy().await.is_err());
        drop(open(&folder)); // the second time there is another
    }
}
