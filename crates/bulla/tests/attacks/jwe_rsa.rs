//! Padding oracles: RSA1_5 (Bleichenbacher), RSA-OAEP (Manger). CVE-2016-6298, CVE-2026-28490, CVE-2026-53939.

use bulla::SecretBytes;
use bulla::jwa::KeyManagementAlg;
use bulla::jwk::Jwk;
use bulla::key::{Decrypter, DecryptionKeySet};

use crate::jwe_forge::{CEK, Token, refused, seal, seal_with};
use crate::jwe_support::{alg, decrypt, decrypter, fixed};
use crate::support::keys::RSA;
use crate::support::{private, public};

const HEADER: &str = r#"{"alg":"RSA1_5","enc":"A128CBC-HS256"}"#;

fn encrypted(name: &str, cek: &[u8]) -> Vec<u8> {
    let wrap = bulla::backend()
        .rsa_wrap(public(RSA).key(), alg(name))
        .unwrap();
    wrap.wrap(&SecretBytes::from(cek)).unwrap().encrypted_key
}

/// Everything that an attacker may do to a token: padding, length of the key, tag, content.
fn spoiled(header: &str, name: &str) -> Vec<(String, Token)> {
    let right = seal(header, encrypted(name, &CEK), &CEK, b"content");
    let mut all = Vec::new();
    let mut add = |what: String, change: &dyn Fn(&mut Token)| {
        let mut token = right.clone();
        change(&mut token);
        all.push((what, token));
    };
    for at in [1, 2, 100, 255] {
        add(format!("encrypted key, octet {at}"), &|token| {
            token.key[at] ^= 1
        });
    }
    add("encrypted key of ones".into(), &|token| {
        token.key = vec![1; 256]
    });
    add("encrypted key of zeros".into(), &|token| {
        token.key = vec![0; 256]
    });
    add("encrypted key not below the modulus".into(), &|token| {
        token.key = vec![255; 256]
    });
    add("encrypted key cut".into(), &|token| token.key.truncate(255));
    add("encrypted key of one octet".into(), &|token| {
        token.key.truncate(1)
    });
    add("encrypted key with a zero before it".into(), &|token| {
        token.key.insert(0, 0)
    });
    for len in [0, 1, 16, 31, 33, 48, 64] {
        add(format!("content key of {len}"), &|token| {
            token.key = encrypted(name, &vec![0x42; len]);
        });
    }
    add("another content key".into(), &|token| {
        token.key = encrypted(name, &[0x43; 32])
    });
    add("tag".into(), &|token| token.tag[0] ^= 1);
    add("tag cut".into(), &|token| token.tag.truncate(15));
    add("no tag".into(), &|token| token.tag.clear());
    add("content".into(), &|token| token.ciphertext[15] ^= 1);
    add("content cut".into(), &|token| token.ciphertext.truncate(15));
    add("no content".into(), &|token| token.ciphertext.clear());
    add("vector".into(), &|token| token.iv[0] ^= 1);
    add("vector cut".into(), &|token| token.iv.truncate(12));
    all
}

#[test]
fn rsa1_5_tells_nothing_apart() {
    let key = decrypter(RSA, "RSA1_5");
    let tokens = spoiled(HEADER, "RSA1_5");
    assert!(tokens.len() > 20);
    for (what, token) in tokens {
        let error = decrypt(&token.compact(), &key).expect_err(&what);
        assert_eq!(format!("{error:?}"), "DecryptionFailed", "{what}");
        assert_eq!(error.to_string(), "decryption failed", "{what}");
    }
}

#[test]
fn rsa_oaep_tells_nothing_apart() {
    for name in ["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"] {
        let key = decrypter(RSA, name);
        let header = format!(r#"{{"alg":"{name}","enc":"A128CBC-HS256"}}"#);
        for (what, token) in spoiled(&header, name) {
            let error = decrypt(&token.compact(), &key).expect_err(&what);
            assert_eq!(format!("{error:?}"), "DecryptionFailed", "{name} {what}");
        }
    }
}

/// Wrong padding and a key of the wrong length go on with the random key: a token that was sealed under that very
/// key opens, and so what is computed is the same to the end.
#[test]
fn rsa1_5_goes_on_with_a_random_key() {
    let random = [0x77; 32];
    let bound = || {
        let backend = fixed(&[&random]);
        Decrypter::bind_to(&backend, &private(RSA), KeyManagementAlg::Rsa1_5).unwrap()
    };
    for key in [
        vec![1; 256],
        vec![255; 256],
        vec![1],
        encrypted("RSA1_5", &[1; 16]),
        encrypted("RSA1_5", &[1; 33]),
        encrypted("RSA1_5", &[]),
    ] {
        let token = seal(HEADER, key, &random, b"concealed").compact();
        assert_eq!(decrypt(&token, &bound()).unwrap(), b"concealed");
    }
}

/// The random key is drawn where all is well too.
#[test]
fn rsa1_5_always_draws() {
    let token = seal(HEADER, encrypted("RSA1_5", &CEK), &CEK, b"content").compact();
    assert_eq!(
        decrypt(&token, &decrypter(RSA, "RSA1_5")).unwrap(),
        b"content"
    );
    let key = Decrypter::bind_to(&fixed(&[]), &private(RSA), KeyManagementAlg::Rsa1_5).unwrap();
    assert!(decrypt(&token, &key).is_err());
}

/// Text that is not base64url is refused before the key is used, whatever the encrypted key is worth.
#[test]
fn malformed_content_says_nothing_about_the_encrypted_key() {
    for name in ["RSA1_5", "RSA-OAEP"] {
        let header = format!(r#"{{"alg":"{name}","enc":"A128CBC-HS256"}}"#);
        for key in [encrypted(name, &CEK), vec![1; 256]] {
            let token = seal(&header, key, &CEK, b"content").compact();
            let at = token.rfind('.').unwrap();
            let token = format!("{}={}", &token[..at], &token[at..]);
            assert_eq!(refused(&token, &decrypter(RSA, name)), "jwe.malformed");
        }
    }
}

/// CVE-2026-53939: after a failure the key was still all zero, which anybody knows.
#[test]
fn a_content_key_of_zeros_is_never_used() {
    for name in ["RSA1_5", "RSA-OAEP", "RSA-OAEP-256"] {
        let key = decrypter(RSA, name);
        for enc in bulla::jwa::ContentEncryptionAlg::table() {
            let header = format!(r#"{{"alg":"{name}","enc":"{}"}}"#, enc.name);
            let zeros = vec![0; enc.key_len];
            for encrypted_key in [
                vec![1; 256],
                vec![0; 256],
                encrypted(name, &zeros),
                encrypted(name, &[]),
            ] {
                let token = seal_with(&header, enc.alg, encrypted_key, &zeros, b"forged");
                assert_eq!(refused(&token.compact(), &key), "jwe.decryption-failed");
            }
        }
    }
}

#[test]
fn rsa1_5_is_off_unless_bound() {
    let token = seal(HEADER, encrypted("RSA1_5", &CEK), &CEK, b"content").compact();
    for name in ["RSA-OAEP", "RSA-OAEP-256"] {
        assert_eq!(
            refused(&token, &decrypter(RSA, name)),
            "jwe.algorithm-not-allowed"
        );
    }
    let keys = [Jwk::Private(private(RSA))];
    let sound = DecryptionKeySet::compile(&keys, &bulla::backend(), &DecryptionKeySet::sound());
    let error = bulla::jwe::Jwe::parse_compact(&token)
        .unwrap()
        .decrypt(&sound)
        .unwrap_err();
    assert_eq!(error.code(), "jwe.algorithm-not-allowed");
    let named = DecryptionKeySet::compile(&keys, &bulla::backend(), &[KeyManagementAlg::Rsa1_5]);
    bulla::jwe::Jwe::parse_compact(&token)
        .unwrap()
        .decrypt(&named)
        .unwrap();
}
