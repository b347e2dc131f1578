//! How often a call asks for memory. A test binary of its own, since it counts for the whole process; and one
//! test, since tests run side by side.
#![cfg(feature = "aws-lc")]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers of tests may fail as tests do"
)]

use std::alloc::System;
use std::time::{Duration, SystemTime};

use bulla::jwa::{MacAlg, SignatureAlg};
use bulla::jwt::{self, Expectations, Scratch};
use bulla::key::{Signer, Verifier};
use serde::{Deserialize, Serialize};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[derive(Serialize, Deserialize)]
struct Mine<'a> {
    sub: &'a str,
    scope: &'a str,
    level: u32,
}

#[test]
fn verifying_allocates_nothing_and_signing_two_buffers() {
    let secret = bulla::generate_secret(MacAlg::Hs256).unwrap();
    let edwards = bulla::generate(SignatureAlg::EdDsa).unwrap();
    let curve = bulla::generate(SignatureAlg::Es256).unwrap();
    let pairs = [
        (
            "HS256",
            bulla::signer(&secret).unwrap(),
            bulla::verifier(&secret).unwrap(),
        ),
        (
            "EdDSA",
            bulla::signer(&edwards).unwrap(),
            bulla::verifier(&edwards.public()).unwrap(),
        ),
        (
            "ES256",
            bulla::signer(&curve).unwrap(),
            bulla::verifier(&curve.public()).unwrap(),
        ),
    ];
    for (alg, signer, verifier) in &pairs {
        // aws-lc-rs allocates when it makes asymmetric signatures, which is not ours to promise.
        let signing = (*alg == "HS256").then_some(2);
        measure(alg, signer, verifier, signing);
    }
}

fn measure(alg: &str, signer: &Signer, verifier: &Verifier, signing: Option<usize>) {
    let mine = Mine {
        sub: "alice",
        scope: "invoices:read invoices:write",
        level: 7,
    };
    let expires = SystemTime::now() + Duration::from_secs(300);
    let make = || {
        let issue = jwt::issue("https://issuer.example")
            .audience("api")
            .jwt_id("01HZX3V9K6");
        issue
            .expires_at(expires)
            .not_before(SystemTime::UNIX_EPOCH)
            .claims(&mine)
            .sign(signer)
    };
    let token = make().unwrap();
    let (signed, again) = counted(make);
    assert_eq!(again.unwrap().len(), token.len());
    if let Some(signing) = signing {
        assert_eq!(signed, signing, "{alg}: the claims and the token");
    }

    let expect = Expectations::new("https://issuer.example", "api")
        .typ("JWT")
        .leeway(Duration::from_secs(1));
    let mut scratch = Scratch::new();
    // The first token brings the buffer to its size, and the header to be remembered.
    expect
        .verify_in::<Mine<'_>>(&mut scratch, &token, verifier)
        .unwrap();
    let (borrowed, valid) =
        counted(|| expect.verify_in::<Mine<'_>>(&mut scratch, &token, verifier));
    assert_eq!(valid.unwrap().claims().level, 7);
    assert_eq!(borrowed, 0, "{alg}: claims that borrow");

    let (owned, valid) = counted(|| expect.verify::<()>(&token, verifier));
    assert_eq!(valid.unwrap().subject(), Some("alice"));
    assert_eq!(owned, 1, "{alg}: the payload, which the result keeps");
}

fn counted<T>(call: impl FnOnce() -> T) -> (usize, T) {
    let region = Region::new(ALLOCATOR);
    let result = call();
    let change = region.change();
    (change.allocations + change.reallocations, result)
}
