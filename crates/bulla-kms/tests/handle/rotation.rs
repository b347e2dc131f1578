use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use bulla_core::Clock;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::JwkSet;
use bulla_core::jws::{Builder, Jws};
use bulla_core::key::{KeyRotation, KeySet, KeySetPolicy, RotationPolicy};

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
