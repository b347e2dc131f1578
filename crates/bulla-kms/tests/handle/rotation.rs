use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use bulla_core::Clock;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::JwkSet;
use bulla_core::jws::{Builder, Jws};
use bulla_core::key::{KeyRotation, KeySet, KeySetPolicy, RotationPolicy};
use bulla_kms::{Followed, FollowedKey, KeyHandle, Opener};

use crate::vault::{Vault, signing};

const ALG: SignatureAlg = SignatureAlg::Es256k;
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct Hand(AtomicU64);

impl Clock for Hand {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// Row 71: whoever has the set that was published when a token was made verifies it, and by the key that it names.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_signatures_while_three_versions_follow_one_another() {
    let mut next = Vec::new();
    for _ in 0..3 {
        let key = Vault::es256k().open(signing(ALG)).await.expect("opened");
        next.push(key.rotation_key(ALG).expect("a key that is published"));
    }
    let hand = Arc::new(Hand(AtomicU64::new(1_000_000)));
    let policy = RotationPolicy::new().announce(MINUTE).retain(MINUTE);
    let keys = KeyRotation::with_clock(next.remove(0), policy, Arc::clone(&hand) as _);

    let mut tasks = Vec::new();
    for index in 0..1_000_u32 {
        if index % 400 == 200 {
            keys.announce(next.remove(0)).expect("announced");
        }
        if index % 400 == 399 {
            hand.0.fetch_add(60, Ordering::SeqCst);
        }
        let (signer, published) = (keys.signer(), keys.published());
        tasks.push(tokio::spawn(async move {
            let token = Builder::new("x")
                .sign_compact_async(&signer)
                .await
                .expect("signed");
            (token, published)
        }));
        tokio::task::yield_now().await;
    }
    let mut kids = std::collections::BTreeSet::new();
    for task in tasks {
        let (token, published) = task.await.expect("no panic");
        let jws = Jws::parse_compact(&token).expect("a JWS");
        kids.insert(
            jws.signatures()[0]
                .header()
                .kid()
                .expect("a kid")
                .to_owned(),
        );
        jws.verify(&compiled(&published))
            .expect("the kid names the key that signed");
    }
    assert_eq!(kids.len(), 3, "each version signed");
}

fn compiled(set: &JwkSet) -> KeySet {
    KeySet::compile(
        set,
        &bulla_aws_lc::backend(),
        &KeySetPolicy::signatures([ALG]),
    )
}

async fn version(opener: &Opener) -> KeyHandle {
    let vault = Vault::es256k();
    let opened = vault.open_with(signing(ALG), opener).await;
    opened.expect("opened")
}

fn following(first: &KeyHandle) -> FollowedKey {
    let key = first.rotation_key(ALG).expect("a key");
    let keys = KeyRotation::new(key, RotationPolicy::new());
    FollowedKey::resume(Opener::new(), "awskms:alias/tokens", ALG, keys)
}

#[tokio::test]
async fn one_kid_for_two_versions_is_told_and_not_taken_for_no_change() {
    let opener = Opener::new().kid("tokens");
    let (one, two) = (version(&opener).await, version(&opener).await);
    let followed = following(&one);
    let same = followed.announce(&one).expect("the same key");
    assert_eq!(same, Followed::Unchanged);
    let error = followed.announce(&two).expect_err("another key");
    assert_eq!(error.code(), "remote.unsupported");
    let named = version(&Opener::new()).await;
    let kid = named.kid().expect("a kid").to_owned();
    let announced = followed.announce(&named).expect("another");
    assert_eq!(announced, Followed::Announced { kid });
}

#[tokio::test]
async fn a_version_that_was_replaced_is_not_followed_again() {
    let (one, two) = (version(&Opener::new()).await, version(&Opener::new()).await);
    let followed = following(&one);
    let two = two.rotation_key(ALG).expect("a key");
    followed.keys().replace(two).expect("replaced");
    // The alias stands for the old one still.
    let found = followed.announce(&one).expect("looked at");
    assert_eq!(found, Followed::Unchanged);
    assert_eq!(followed.keys().keys().len(), 1);
}
