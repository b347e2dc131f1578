//! Random octets, key derivation, CBC and SHA-1: what the vectors in `wycheproof` do not reach.
#![allow(clippy::unwrap_used, reason = "a test")]

use bulla_core::jwa::HashAlg;
use bulla_core::key::{Backend as _, BackendError};
use bulla_testkit::FixedRandom;

#[test]
fn random_octets_are_not_the_same_twice() {
    let backend = bulla_aws_lc::backend();
    let [first, second] = [(); 2].map(|()| {
        let mut octets = [0; 32];
        backend.random(&mut octets).unwrap();
        octets
    });
    assert_ne!(first, [0; 32]);
    assert_ne!(first, second);
}

#[test]
fn fixed_randomness_is_handed_out_in_order_until_it_is_spent() {
    let backend = FixedRandom::new(bulla_aws_lc::backend(), [1, 2, 3, 4, 5]);
    let mut octets = [0; 3];
    backend.random(&mut octets).unwrap();
    assert_eq!(octets, [1, 2, 3]);
    assert_eq!(backend.random(&mut octets), Err(BackendError));
    backend.random(&mut octets[..2]).unwrap();
    assert_eq!(octets, [4, 5, 3]);
    assert_eq!(
        backend.certificate_sha1(b"abc"),
        bulla_aws_lc::backend().certificate_sha1(b"abc")
    );
}

/// FIPS 180-2, appendix A.1.
#[test]
fn sha1_of_abc() {
    let digest = bulla_aws_lc::backend().certificate_sha1(b"abc");
    assert_eq!(
        digest,
        [
            0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e, 0x25, 0x71, 0x78, 0x50,
            0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d
        ]
    );
}

#[test]
fn pbkdf2_of_no_iterations_fails() {
    let derived = bulla_aws_lc::backend().pbkdf2(HashAlg::Sha256, b"p", b"s", 0, &mut [0; 32]);
    assert_eq!(derived, Err(BackendError));
}

#[test]
fn aes_keys_of_another_length_fail() {
    let backend = bulla_aws_lc::backend();
    for len in 0..40 {
        let key = vec![7; len];
        let fits = matches!(len, 16 | 24 | 32);
        let encrypted = backend.aes_cbc_encrypt(&key, &[1; 16], b"plain text");
        assert_eq!(encrypted.is_ok(), fits, "{len}");
        let data = encrypted.unwrap_or_else(|_| vec![0; 16]);
        let decrypted = backend.aes_cbc_decrypt(&key, &[1; 16], &data);
        match decrypted {
            Ok(plain) => assert_eq!(plain.expose(), b"plain text"),
            Err(error) => assert_eq!((fits, error), (false, BackendError)),
        }
    }
}
