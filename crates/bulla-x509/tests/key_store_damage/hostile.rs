//! Stores that ask for much.

use std::time::{Duration, Instant};

use der::Encode as _;
use der::asn1::ObjectIdentifier;

use super::seal::{content_info, octet_string, pkcs12, sequence, tagged};
use super::{ONE_AT_A_TIME, octets, read, seal};

fn oid(text: &str) -> Vec<u8> {
    ObjectIdentifier::new_unwrap(text).to_der().expect("an OID")
}

fn integer(value: u32) -> Vec<u8> {
    value.to_der().expect("an integer")
}

/// A store of bags that are private keys protected under these parameters.
fn protected_keys(algorithm: &[u8], count: usize) -> Vec<u8> {
    let info = sequence(&[algorithm, &octet_string(&[0; 64])]);
    let bag = sequence(&[&oid("1.2.840.113549.1.12.10.1.2"), &tagged(0xa0, &[&info])]);
    let bags = sequence(&vec![bag.as_slice(); count]);
    let safe = content_info(&seal::DATA, &octet_string(&bags));
    pkcs12(&sequence(&[&safe]))
}

fn pbes2(kdf: &[u8]) -> Vec<u8> {
    let aes = sequence(&[&oid("2.16.840.1.101.3.4.1.42"), &octet_string(&[0; 16])]);
    sequence(&[&oid("1.2.840.113549.1.5.13"), &sequence(&[kdf, &aes])])
}

fn pbkdf2(iterations: u32) -> Vec<u8> {
    let prf = sequence(&[&oid("1.2.840.113549.2.9")]);
    let parameters = sequence(&[&octet_string(&[1; 8]), &integer(iterations), &prf]);
    sequence(&[&oid("1.2.840.113549.1.5.12"), &parameters])
}

fn codes(file: &[u8]) -> Vec<&'static str> {
    let store = read(file).expect("a store");
    assert!(store.entries().is_empty());
    store
        .rejected()
        .iter()
        .map(|rejected| rejected.error.code())
        .collect()
}

#[test]
fn iterations_are_bounded_for_a_key() {
    let _guard = ONE_AT_A_TIME.lock();
    for (iterations, code) in [
        (0, "keystore.malformed"),
        (1, "jwk.password-wrong"),
        (1_000_001, "keystore.limit-exceeded"),
        (u32::MAX, "keystore.limit-exceeded"),
    ] {
        let start = Instant::now();
        assert_eq!(
            codes(&protected_keys(&pbes2(&pbkdf2(iterations)), 1)),
            [code]
        );
        assert!(start.elapsed() < Duration::from_secs(1));
    }
    let legacy = |iterations| {
        let parameters = sequence(&[&octet_string(&[1; 8]), &integer(iterations)]);
        sequence(&[&oid("1.2.840.113549.1.12.1.3"), &parameters])
    };
    assert_eq!(
        codes(&protected_keys(&legacy(1_000_001), 1)),
        ["keystore.limit-exceeded"]
    );
}

/// A thousand keys that each ask for what one may have.
#[test]
fn iterations_are_bounded_for_all_keys_together() {
    let _guard = ONE_AT_A_TIME.lock();
    let codes = codes(&protected_keys(&pbes2(&pbkdf2(1_000_000)), 1000));
    let done = codes
        .iter()
        .filter(|code| **code == "jwk.password-wrong")
        .count();
    assert_eq!((codes.len(), done), (1000, 11));
}

#[test]
fn scrypt_is_not_begun() {
    let _guard = ONE_AT_A_TIME.lock();
    let parameters = sequence(&[
        &octet_string(&[1; 8]),
        &integer(1 << 20),
        &integer(8),
        &integer(1),
    ]);
    let scrypt = sequence(&[&oid("1.3.6.1.4.1.11591.4.11"), &parameters]);
    assert_eq!(
        codes(&protected_keys(&pbes2(&scrypt), 1)),
        ["keystore.unsupported"]
    );
}

/// Two million octets of the smallest bags there are, and of the smallest entries.
#[test]
fn entries_are_bounded() {
    let _guard = ONE_AT_A_TIME.lock();
    let bag = sequence(&[&oid("1.2.3"), &tagged(0xa0, &[&[0x05, 0x00]])]);
    let bags = sequence(&vec![bag.as_slice(); 100_000]);
    let safe = content_info(&seal::DATA, &octet_string(&bags));
    let error = read(&pkcs12(&sequence(&[&safe]))).expect_err("too many");
    assert_eq!(error.code(), "keystore.limit-exceeded");

    let small = octets("small.jks");
    for (count, code) in [
        (1001, "keystore.limit-exceeded"),
        (u32::MAX, "keystore.limit-exceeded"),
        (1000, "keystore.malformed"),
    ] {
        let mut content = small[..small.len() - 20].to_vec();
        content[8..12].copy_from_slice(&count.to_be_bytes());
        assert_eq!(
            read(&seal::jks(&content)).expect_err("a count").code(),
            code
        );
    }
    let mut long = small;
    long.resize(2 * 1024 * 1024 + 1, 0);
    assert_eq!(
        read(&long).expect_err("too long").code(),
        "keystore.limit-exceeded"
    );
}

/// The digest of JKS can be computed for longer content by somebody who does not know the password.
#[test]
fn nothing_stands_behind_the_entries_of_jks() {
    let _guard = ONE_AT_A_TIME.lock();
    let small = octets("small.jks");
    let longer = [&small[..small.len() - 20], &[0]].concat();
    assert_eq!(
        read(&seal::jks(&longer)).expect_err("longer").code(),
        "keystore.malformed"
    );
}

/// Every key has a copy of its chain: one large certificate and a thousand keys must not become a gigabyte.
#[test]
fn chains_are_not_copied_without_end() {
    use bulla_core::jwk::{Jwk, pem};
    let _guard = ONE_AT_A_TIME.lock();
    let store = read(&octets("small.p12")).expect("a store");
    let Jwk::Private(key) = store.entries()[0].key() else {
        unreachable!("a private key")
    };
    let plain = pem::write_pkcs8(key.key()).expect("PKCS#8");
    let bag = sequence(&[
        &oid("1.2.840.113549.1.12.10.1.1"),
        &tagged(0xa0, &[plain.as_der()]),
    ]);
    let certificate = large(&key.members().x5c.as_ref().expect("a chain")[0], 50_000);
    let certificate = sequence(&[
        &oid("1.2.840.113549.1.9.22.1"),
        &tagged(0xa0, &[&octet_string(&certificate)]),
    ]);
    let certificate = sequence(&[
        &oid("1.2.840.113549.1.12.10.1.3"),
        &tagged(0xa0, &[&certificate]),
    ]);
    let mut bags = vec![bag.as_slice(); 1000];
    bags.push(&certificate);
    let safe = content_info(&seal::DATA, &octet_string(&sequence(&bags)));
    // What is allocated in all is bounded, though not by 16 MiB: eight of chains, twice.
    let backend = bulla_aws_lc::backend();
    let passwords = bulla_x509::key_store::Passwords::new(seal::PASSWORD);
    let region = stats_alloc::Region::new(super::ALLOCATOR);
    let store = bulla_x509::key_store::StoredKeys::read(
        &pkcs12(&sequence(&[&safe])),
        &passwords,
        backend.as_ref(),
    )
    .expect("a store");
    assert!(region.change().bytes_allocated < 64 * 1024 * 1024);
    let refused = store
        .rejected()
        .iter()
        .filter(|rejected| rejected.error.code() == "keystore.limit-exceeded");
    assert!(refused.count() > 800);
}

/// The certificate with a signature of so many octets, which nobody checks here.
fn large(certificate: &[u8], len: usize) -> Vec<u8> {
    let skip = |der: &[u8]| -> usize {
        match der[1] {
            0x82 => 4,
            0x81 => 3,
            _ => 2,
        }
    };
    let len_of = |der: &[u8]| -> usize {
        match der[1] {
            0x82 => 4 + (usize::from(der[2]) << 8 | usize::from(der[3])),
            0x81 => 3 + usize::from(der[2]),
            short => 2 + usize::from(short),
        }
    };
    let content = &certificate[skip(certificate)..];
    let tbs = len_of(content);
    let algorithm = len_of(&content[tbs..]);
    let signature = tagged(0x03, &[&[0], &vec![7; len]]);
    sequence(&[&content[..tbs + algorithm], &signature])
}
