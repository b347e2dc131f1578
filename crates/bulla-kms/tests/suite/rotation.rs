use std::future::Future;
use std::sync::Arc;

use bulla_core::jwa::SignatureAlg;
use bulla_core::jws::{self, Jws};
use bulla_core::key::{AsyncSigner, KeyRotation, KeySet, KeySetPolicy};

use tokio::sync::Barrier;
use tokio::task::JoinSet;

const HALF: usize = 500;

/// A thousand signatures on their way, and in their middle `swap` lets the name stand for the next key and announces it,
/// under a policy that lets it sign at once. None fails, each verifies under the `kid` that it names, and both keys signed.
pub async fn rotates_while_signing(
    rotation: &KeyRotation,
    alg: SignatureAlg,
    swap: impl Future<Output = ()>,
) {
    let before = rotation.signer().kid().unwrap().to_owned();
    let mut tokens = JoinSet::new();
    // All of the first half have their signer before the swap begins, and none has its signature.
    let ready = Arc::new(Barrier::new(HALF + 1));
    for number in 0..HALF {
        let (rotation, ready) = (rotation.clone(), Arc::clone(&ready));
        tokens.spawn(async move {
            let signer = rotation.signer();
            ready.wait().await;
            signed(&signer, number).await
        });
    }
    ready.wait().await;
    let swap = async {
        swap.await;
        let mut tokens = JoinSet::new();
        for number in HALF..2 * HALF {
            let rotation = rotation.clone();
            tokens.spawn(async move { signed(&rotation.signer(), number).await });
        }
        tokens.join_all().await
    };
    let (mut all, second) = tokio::join!(tokens.join_all(), swap);
    all.extend(second);
    assert_eq!(all.len(), 2 * HALF);

    let after = rotation.signer().kid().unwrap().to_owned();
    assert_ne!(before, after, "the name stands for another key now");
    let published = rotation.published();
    let policy = KeySetPolicy::signatures([alg]);
    let keys = KeySet::compile(&published, &bulla_aws_lc::backend(), &policy);
    let mut by_each = [0; 2];
    for token in &all {
        // The set looks a key up by the `kid` of the token: another key's signature does not verify.
        let verified = Jws::parse_compact(token).unwrap().verify(&keys).unwrap();
        let kid = verified.verified()[0].header().kid().unwrap();
        by_each[usize::from(kid == after)] += 1;
    }
    assert_eq!(by_each, [HALF, HALF], "signatures by each key");
}

async fn signed(signer: &AsyncSigner, number: usize) -> String {
    let payload = number.to_string();
    let token = jws::Builder::new(&payload).sign_compact_async(signer).await;
    token.unwrap_or_else(|error| panic!("signature {number}: {error}"))
}
