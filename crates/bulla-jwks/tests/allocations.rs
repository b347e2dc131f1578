//! Where the key is known, verifying through the cache allocates nothing that verifying with the key in hand does not.

#![allow(clippy::unwrap_used)]

use std::alloc::System;
use std::task::Poll;

use bulla_core::jwk::{JwkSet, PrivateJwk};
use bulla_core::jwt::{self, Expectations};
use bulla_core::key::{KeySpec, Signer};
use bulla_jwks::RemoteKeys;
use bulla_jwks::source::FixedSet;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[tokio::test]
async fn the_cache_adds_no_allocation() {
    let backend = bulla_aws_lc::backend();
    let spec = KeySpec::Ec(bulla_core::jwk::EcCurve::P256);
    let mut key = PrivateJwk::new(backend.generate(spec).unwrap());
    key.members_mut().kid = Some("a".into());
    let signer = Signer::bind(&backend, &key).unwrap();
    let token = jwt::issue("https://issuer.example")
        .audience("api")
        .sign(&signer)
        .unwrap();
    let expect = Expectations::new("https://issuer.example", "api");
    let keys = RemoteKeys::from_source(FixedSet::new(JwkSet::new([key.public()])))
        .start()
        .unwrap();
    keys.ready().await.unwrap();
    let snapshot = keys.snapshot().unwrap();

    let in_hand = || drop(expect.verify::<()>(&token, &*snapshot).unwrap());
    let through_the_cache = || {
        let mut verified = std::pin::pin!(keys.verify(|keys| expect.verify::<()>(&token, keys)));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let Poll::Ready(outcome) = verified.as_mut().poll(&mut context) else {
            unreachable!("the key is known");
        };
        drop(outcome.unwrap());
    };
    // The first of each fills memories.
    in_hand();
    through_the_cache();
    let count = |operation: &dyn Fn()| {
        let region = Region::new(ALLOCATOR);
        (0..100).for_each(|_| operation());
        region.change().allocations
    };
    let (alone, cached) = (count(&in_hand), count(&through_the_cache));
    assert_eq!(alone, cached);
}
