use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla::jwa::SignatureAlg;
use bulla::key::KeyPhase;
use bulla::{Clock, SecretBytes};
use tempfile::TempDir;

use super::{KeyEncryption, RotationSchedule, SigningKeys, SigningKeysError};
use crate::store::{SqliteStore, Store};

const REALM: &str = "https://auth.example.com";
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

#[derive(Clone, Debug)]
struct HandClock(Arc<Mutex<SystemTime>>);

impl HandClock {
    fn move_on(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for HandClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Bench {
    folder: TempDir,
    clock: HandClock,
}

impl Bench {
    fn new() -> Self {
        let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock: HandClock(Arc::new(Mutex::new(now))),
        }
    }

    fn store(&self) -> Arc<dyn Store> {
        let path = self.folder.path().join("store.db");
        Arc::new(SqliteStore::open_with_clock(path, Arc::new(self.clock.clone())).unwrap())
    }

    async fn node_with(&self, alg: SignatureAlg, key: u8) -> Result<SigningKeys, SigningKeysError> {
        let backend = bulla::backend();
        let encryption = KeyEncryption::new(&backend, &SecretBytes::from(vec![key; 32])).unwrap();
        let schedule = RotationSchedule::new();
        SigningKeys::open(self.store(), REALM, encryption, schedule, alg, backend).await
    }

    async fn node(&self) -> SigningKeys {
        self.node_with(SignatureAlg::Es256, 7).await.unwrap()
    }
}

fn phases(keys: &SigningKeys) -> Vec<(String, KeyPhase)> {
    let snapshot = keys.snapshot();
    let statuses = snapshot.keys().iter();
    statuses
        .map(|status| (status.kid.clone(), status.phase))
        .collect()
}

fn kid(keys: &SigningKeys, phase: KeyPhase) -> String {
    let found = phases(keys).into_iter().find(|(_, found)| *found == phase);
    found.unwrap().0
}

fn published(keys: &SigningKeys) -> Vec<String> {
    let snapshot = keys.snapshot();
    let keys = snapshot.jwks().keys().iter();
    keys.map(|key| key.members().kid.clone().unwrap()).collect()
}

#[tokio::test]
async fn a_key_is_pending_then_active_then_retired_then_gone_by_the_clock_of_the_store() {
    let bench = Bench::new();
    let keys = bench.node().await;
    let first = kid(&keys, KeyPhase::Active);
    assert_eq!(phases(&keys).len(), 1);

    bench.clock.move_on(DAY * 89 - Duration::from_secs(1));
    keys.refresh().await.unwrap();
    assert_eq!(phases(&keys).len(), 1, "announced too early");
    bench.clock.move_on(Duration::from_secs(1));
    keys.refresh().await.unwrap();
    let next = kid(&keys, KeyPhase::Pending);
    assert_eq!(keys.snapshot().signer().kid(), Some(&*first));
    assert_eq!(published(&keys), [first.clone(), next.clone()]);

    bench.clock.move_on(DAY - Duration::from_secs(1));
    keys.refresh().await.unwrap();
    assert_eq!(keys.snapshot().signer().kid(), Some(&*first));
    bench.clock.move_on(Duration::from_secs(1));
    keys.refresh().await.unwrap();
    assert_eq!(keys.snapshot().signer().kid(), Some(&*next));
    assert_eq!(kid(&keys, KeyPhase::Retired), first);
    assert_eq!(published(&keys).len(), 2);

    bench.clock.move_on(HOUR);
    keys.refresh().await.unwrap();
    assert_eq!(phases(&keys), [(next.clone(), KeyPhase::Active)]);
    assert_eq!(published(&keys), [next]);
    // And so is its private half.
    assert_eq!(
        bench.store().signing_keys(REALM).await.unwrap().keys.len(),
        1
    );
}

#[tokio::test]
async fn a_restart_finds_the_keys_where_they_stood_and_what_was_due_meanwhile_happens() {
    let bench = Bench::new();
    let before = bench.node().await;
    before.rotate().await.unwrap();
    let kept = phases(&before);
    drop(before);
    assert_eq!(phases(&bench.node().await), kept);
    bench.clock.move_on(DAY);
    let after = bench.node().await;
    assert_eq!(after.snapshot().signer().kid(), Some(&*kept[1].0));
}

#[tokio::test]
async fn two_nodes_have_the_same_keys() {
    let bench = Bench::new();
    let (one, two) = tokio::join!(bench.node(), bench.node());
    assert_eq!(
        phases(&one),
        phases(&two),
        "each made a first key of its own"
    );
    one.rotate().await.unwrap();
    assert_ne!(phases(&one), phases(&two));
    two.refresh().await.unwrap();
    assert_eq!(phases(&one), phases(&two));
    assert_eq!(
        one.snapshot().published().etag(),
        two.snapshot().published().etag()
    );
}

#[tokio::test]
async fn row_72_of_two_that_rotate_at_once_one_wins() {
    let bench = Bench::new();
    let (one, two) = tokio::join!(bench.node(), bench.node());
    for _ in 0..10 {
        let (a, b) = tokio::join!(one.rotate(), two.rotate());
        let lost = match (a, b) {
            (Ok(()), Err(lost)) | (Err(lost), Ok(())) => lost,
            other => panic!("{other:?}"),
        };
        assert_eq!(lost.code(), "jwk.rotation-pending");
        one.refresh().await.unwrap();
        two.refresh().await.unwrap();
        assert_eq!(phases(&one), phases(&two));
        bench.clock.move_on(DAY);
        one.refresh().await.unwrap();
        bench.clock.move_on(HOUR);
        one.refresh().await.unwrap();
        assert_eq!(phases(&one).len(), 1);
    }
}

#[tokio::test]
async fn a_revoked_key_is_gone_at_once_and_another_signs() {
    let bench = Bench::new();
    let (keys, other) = (bench.node().await, bench.node().await);
    keys.rotate().await.unwrap();
    let (active, pending) = (kid(&keys, KeyPhase::Active), kid(&keys, KeyPhase::Pending));
    keys.revoke(&active).await.unwrap();
    let now = keys.snapshot().signer().kid().unwrap().to_owned();
    assert!(now != active && now != pending);
    assert_eq!(published(&keys), [now.clone(), pending.clone()]);
    keys.revoke(&pending).await.unwrap();
    assert_eq!(published(&keys), [now]);
    other.refresh().await.unwrap();
    assert_eq!(phases(&other), phases(&keys));
    assert_eq!(
        keys.revoke("none").await.unwrap_err().code(),
        "jwk.not-found"
    );
}

#[tokio::test]
async fn another_algorithm_of_the_configuration_is_announced_before_it_signs() {
    let bench = Bench::new();
    drop(bench.node().await);
    let keys = bench.node_with(SignatureAlg::Ed25519, 7).await.unwrap();
    assert_eq!(keys.snapshot().signer().alg().as_str(), "ES256");
    assert_eq!(phases(&keys).len(), 2);
    bench.clock.move_on(DAY);
    keys.refresh().await.unwrap();
    assert_eq!(keys.snapshot().signer().alg().as_str(), "Ed25519");
}

#[tokio::test]
async fn private_keys_do_not_open_elsewhere() {
    let bench = Bench::new();
    drop(bench.node().await);
    let error = bench.node_with(SignatureAlg::Es256, 8).await.unwrap_err();
    assert_eq!(error.code(), "rotation.sealed");

    // The row of another issuer, or of another key, is as good as none.
    let backend = bulla::backend();
    let encryption = KeyEncryption::new(&backend, &SecretBytes::from(vec![7; 32])).unwrap();
    let sealed = encryption.seal(REALM, "a", b"secret").unwrap();
    assert_eq!(
        encryption
            .open(REALM, "a", &sealed)
            .unwrap()
            .secret
            .expose(),
        b"secret"
    );
    assert!(encryption.open(REALM, "b", &sealed).is_none());
    assert!(
        encryption
            .open("https://other.example", "a", &sealed)
            .is_none()
    );
    assert!(!sealed.contains("secret"));
    KeyEncryption::new(&backend, &SecretBytes::from(vec![7; 16])).unwrap_err();
}

#[tokio::test]
async fn nothing_private_is_readable_in_the_file() {
    let bench = Bench::new();
    let keys = bench.node().await;
    keys.rotate().await.unwrap();
    drop(keys);
    for entry in std::fs::read_dir(bench.folder.path()).unwrap() {
        // The log beside the database goes when the last connection does.
        let Ok(octets) = std::fs::read(entry.unwrap().path()) else {
            continue;
        };
        let text = String::from_utf8_lossy(&octets);
        assert!(!text.contains("\"d\"") && !text.contains("\"kty\""));
    }
}

#[tokio::test]
async fn another_key_encryption_key_takes_over_and_the_old_one_is_needed_no_more() {
    let bench = Bench::new();
    let before = bench.node().await;
    before.rotate().await.unwrap();
    let backend = bulla::backend();
    let secret = |octet| SecretBytes::from(vec![octet; 32]);
    let new = KeyEncryption::new(&backend, &secret(8)).unwrap();
    let both = new.clone().replacing(&backend, &secret(7)).unwrap();
    let open = |encryption| {
        let (store, backend) = (bench.store(), bulla::backend());
        let schedule = RotationSchedule::new();
        SigningKeys::open(
            store,
            REALM,
            encryption,
            schedule,
            SignatureAlg::Es256,
            backend,
        )
    };
    open(new.clone()).await.unwrap_err();
    assert_eq!(phases(&open(both).await.unwrap()), phases(&before));
    assert_eq!(phases(&open(new).await.unwrap()), phases(&before));
    bench.node_with(SignatureAlg::Es256, 7).await.unwrap_err();
    // A node that runs has its keys, and goes on.
    before.refresh().await.unwrap();
}
