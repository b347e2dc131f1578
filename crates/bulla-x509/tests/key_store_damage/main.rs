//! Damaged and hostile key stores: nothing panics, nothing is read that was changed, and little is allocated, also where the
//! digest or MAC was made anew by somebody who knows the password.
//!
//! A program of its own, because it counts every allocation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod hostile;
mod seal;

use std::alloc::System;
use std::path::Path;
use std::sync::Mutex;

use bulla_x509::key_store::{KeyStoreError, Passwords, StoredKeys};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What is counted is everybody's.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Octets that reading one file may allocate, all allocations together.
const MOST: usize = 16 * 1024 * 1024;

fn octets(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/key_stores");
    std::fs::read(path.join(name)).expect(name)
}

/// Reads, and counts.
fn read(octets: &[u8]) -> Result<StoredKeys, KeyStoreError> {
    let backend = bulla_aws_lc::backend();
    let passwords = Passwords::new(seal::PASSWORD);
    let region = Region::new(ALLOCATOR);
    let result = StoredKeys::read(octets, &passwords, backend.as_ref());
    let allocated = region.change().bytes_allocated;
    assert!(allocated <= MOST, "{allocated} octets were allocated");
    result
}

/// Calls `check` with every file that differs in one bit.
fn each_flip(octets: &[u8], mut check: impl FnMut(usize, &[u8])) {
    for bit in 0..octets.len() * 8 {
        let mut changed = octets.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        check(bit, &changed);
    }
}

#[test]
fn no_flipped_bit_of_a_jks_file_is_missed() {
    let _guard = ONE_AT_A_TIME.lock();
    let whole = octets("small.jks");
    assert_eq!(read(&whole).expect("a store").entries().len(), 1);
    each_flip(&whole, |bit, changed| {
        let code = read(changed).expect_err("a changed file").code();
        // The magic is looked at before the digest.
        let expected = if bit < 32 {
            "keystore.malformed"
        } else {
            "jwk.password-wrong"
        };
        assert_eq!(code, expected, "bit {bit}");
    });
}

/// Whoever knows the password can make the digest anew: then the entries are interpreted.
#[test]
fn no_flipped_bit_of_a_sealed_jks_file_does_harm() {
    let _guard = ONE_AT_A_TIME.lock();
    for name in ["small.jks", "every.jks"] {
        let whole = octets(name);
        let content = &whole[..whole.len() - 20];
        let (mut refused, mut rejected) = (0, 0);
        let key = |store: &StoredKeys| store.entries().first().map(|entry| *entry.thumbprint());
        let intact = key(&read(&whole).expect(name));
        let mut check = |changed: &[u8]| match read(&seal::jks(changed)) {
            Err(_) => refused += 1,
            Ok(store) if store.rejected().is_empty() => {
                // An alias, a time, or an unsigned part of a certificate. The key is the one it was.
                assert_eq!(key(&store), intact);
            }
            Ok(_) => rejected += 1,
        };
        if content.len() < 1000 {
            each_flip(content, |_, changed| check(changed));
        }
        // Every number and length, and everything else, at its greatest.
        for at in 0..content.len() - 4 {
            let mut changed = content.to_vec();
            changed[at..at + 4].fill(0xff);
            check(&changed);
        }
        assert!(refused > 0 && rejected > 0, "{name}: {refused} {rejected}");
    }
}

#[test]
fn no_flipped_bit_of_a_pkcs12_file_does_harm() {
    let _guard = ONE_AT_A_TIME.lock();
    let whole = octets("small.p12");
    assert_eq!(read(&whole).expect("a store").entries().len(), 1);
    let content = seal::pkcs12_content(&whole);
    each_flip(&whole, |bit, changed| {
        let result = read(changed);
        if content.contains(&(bit / 8)) {
            assert_eq!(
                result.err(),
                Some(KeyStoreError::PasswordWrong),
                "bit {bit}"
            );
        } else {
            // Bits around the content do not reach the keys: a NULL among the parameters of a digest, say.
            assert!(result.is_err() || result.is_ok_and(|store| store.entries().len() == 1));
        }
    });
}

#[test]
fn no_flipped_bit_of_a_sealed_pkcs12_file_does_harm() {
    let _guard = ONE_AT_A_TIME.lock();
    let whole = octets("small.p12");
    let content = &whole[seal::pkcs12_content(&whole)];
    let intact = *read(&seal::pkcs12(content)).expect("sealed").entries()[0].thumbprint();
    let (mut refused, mut rejected) = (0, 0);
    each_flip(content, |bit, changed| match read(&seal::pkcs12(changed)) {
        Err(_) => refused += 1,
        Ok(store) => {
            for entry in store.entries() {
                assert_eq!(*entry.thumbprint(), intact, "bit {bit}");
            }
            rejected += store.rejected().len();
        }
    });
    assert!(refused > 0 && rejected > 0, "{refused} {rejected}");
}
