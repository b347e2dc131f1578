//! PBES2: iterations as a weapon (CVE-2023-52428, CVE-2022-36083, CVE-2023-51775 and a dozen more), and too few of
//! them (CVE-2023-31582).

use bulla::SecretBytes;
use bulla::base64url::encode;
use bulla::jwa::{ContentEncryptionAlg, HashAlg};
use bulla::jwe::{Builder, Jwe};
use bulla::jwk::Jwk;
use bulla::key::{Decrypter, DecryptionKeySet, Encrypter};
use serde_json::{Value, json};

use crate::jwe_forge::{KEY, refused, seal, soon};
use crate::jwe_support::{alg, decrypt, decrypt_general, decrypter};
use crate::support::keys::RSA;
use crate::support::{private, secret};

const ALG: &str = "PBES2-HS256+A128KW";
const PASSWORD: &[u8] = b"correct horse";

fn key() -> Decrypter {
    Decrypter::password(&bulla::backend(), PASSWORD, alg(ALG)).unwrap()
}

fn wrapped(p2s: &[u8], p2c: u32) -> Vec<u8> {
    let salt = [ALG.as_bytes(), &[0], p2s].concat();
    let mut kek = [0; 16];
    let backend = bulla::backend();
    backend
        .pbkdf2(HashAlg::Sha256, PASSWORD, &salt, p2c, &mut kek)
        .unwrap();
    let kek = backend
        .aes_key_wrap(&SecretBytes::from(kek.as_slice()))
        .unwrap();
    kek.wrap(&SecretBytes::from([0x55; 16].as_slice())).unwrap()
}

/// A token as the header's own parameters ask, computed with `p2c` iterations.
fn token(parameters: &str, p2s: &[u8], p2c: u32) -> String {
    let header = format!(r#"{{"alg":"{ALG}","enc":"A128GCM"{parameters}}}"#);
    seal(&header, wrapped(p2s, p2c), &[0x55; 16], b"x").compact()
}

fn salted(p2c: &str) -> String {
    format!(r#","p2s":"{}","p2c":{p2c}"#, encode([1; 16]))
}

#[test]
fn iterations_out_of_bounds_are_refused_before_they_are_done() {
    assert_eq!(
        decrypt(&token(&salted("1000"), &[1; 16], 1000), &key()).unwrap(),
        b"x"
    );
    for p2c in [
        "0",
        "1",
        "999",
        "600001",
        "2147483647",
        "2147483648",
        "4294967295",
        "4294968296",
        "18446744073709551615",
    ] {
        let token = token(&salted(p2c), &[1; 16], 1);
        assert_eq!(refused(&token, &key()), "jwe.limit-exceeded", "{p2c}");
    }
}

#[test]
fn iterations_that_are_no_count_are_refused() {
    for p2c in [
        "-1",
        "-2147483648",
        "1000.0",
        "1000.5",
        "1e3",
        "1e400",
        "-0.0",
        "18446744073709551616",
        "\"1000\"",
        "\"\"",
        "null",
        "true",
        "[1000]",
        "{}",
        "01000",
        "+1000",
        "0x3e8",
        "NaN",
    ] {
        let token = token(&salted(p2c), &[1; 16], 1000);
        assert_eq!(refused(&token, &key()), "jwe.malformed", "{p2c}");
    }
    for parameters in [
        format!(r#","p2s":"{}""#, encode([1; 16])),
        r#","p2c":1000"#.to_owned(),
        String::new(),
    ] {
        assert_eq!(
            refused(&token(&parameters, &[1; 16], 1000), &key()),
            "jwe.malformed"
        );
    }
}

#[test]
fn salts_below_eight_octets_are_refused() {
    for len in 0..12 {
        let p2s = vec![1; len];
        let parameters = format!(r#","p2s":"{}","p2c":1000"#, encode(&p2s));
        let outcome = decrypt(&token(&parameters, &p2s, 1000), &key());
        if len < 8 {
            assert_eq!(outcome.unwrap_err().code(), "jwe.malformed", "{len}");
        } else {
            assert_eq!(outcome.unwrap(), b"x", "{len}");
        }
    }
    for p2s in [
        "7",
        "null",
        "[]",
        r#""AAAAAAAAAAAAAAA=""#,
        r#""AAAA AAAAAAAAA""#,
    ] {
        let parameters = format!(r#","p2s":{p2s},"p2c":1000"#);
        assert_eq!(
            refused(&token(&parameters, &[0; 11], 1000), &key()),
            "jwe.malformed",
            "{p2s}"
        );
    }
}

/// The "billion hashes": a token asks for PBES2 where keys of other algorithms are bound.
#[test]
fn pbes2_is_refused_where_other_algorithms_are_bound() {
    let token = token(&salted("600000"), &[1; 16], 1);
    for key in [
        decrypter(RSA, "RSA-OAEP"),
        decrypter(KEY, "dir"),
        decrypter(KEY, "A256KW"),
    ] {
        assert_eq!(refused(&token, &key), "jwe.algorithm-not-allowed");
    }
    let keys = [Jwk::Secret(secret(KEY)), Jwk::Private(private(RSA))];
    let sound = DecryptionKeySet::compile(&keys, &bulla::backend(), &DecryptionKeySet::sound());
    let start = std::time::Instant::now();
    let error = Jwe::parse_compact(&token)
        .unwrap()
        .decrypt(&sound)
        .unwrap_err();
    assert_eq!(error.code(), "jwe.algorithm-not-allowed");
    assert!(start.elapsed().as_millis() < 500);
}

/// Many recipients, each with as many iterations as one may ask for: the token as a whole may not.
#[test]
fn the_iterations_of_all_recipients_count_together() {
    let header = |p2c: u32| json!({"alg": ALG, "p2s": encode([1; 16]), "p2c": p2c});
    let wrong = encode([9; 24]);
    let many = |count: usize, p2c: u32| -> Vec<Value> {
        (0..count)
            .map(|_| json!({"header": header(p2c), "encrypted_key": wrong}))
            .collect()
    };
    let sealed = seal(r#"{"enc":"A128GCM"}"#, [], &[0x55; 16], b"x");
    let json = sealed.general(many(16, 600_000).into());
    let error = soon(|| decrypt_general(&json, &key())).unwrap_err();
    let counted = format!("{error:?}").matches("LimitExceeded").count();
    assert!(counted >= 14, "{error:?}");
    // Several passwords do not make it more.
    let keys = vec![key(); 4];
    let error = soon(|| Jwe::parse_general(json.as_bytes())?.decrypt(&keys)).unwrap_err();
    let counted = format!("{error:?}").matches("LimitExceeded").count();
    assert!(counted >= 62, "{counted}");
    // A modest token with as many recipients still finds its own.
    let mut recipients = many(15, 1000);
    recipients
        .push(json!({"header": header(1000), "encrypted_key": encode(wrapped(&[1; 16], 1000))}));
    let json = sealed.general(recipients.into());
    assert_eq!(decrypt_general(&json, &key()).unwrap(), b"x");
}

/// An encrypted key that cannot be one costs no derivation.
#[test]
fn an_impossible_encrypted_key_costs_nothing() {
    let header = format!(r#"{{"alg":"{ALG}","enc":"A128GCM"{}}}"#, salted("600000"));
    let key = key();
    let start = std::time::Instant::now();
    for len in [1, 8, 16, 23, 25, 32, 40, 72, 4096] {
        let token = seal(&header, vec![1; len], &[0x55; 16], b"x").compact();
        assert_eq!(refused(&token, &key), "jwe.decryption-failed", "{len}");
    }
    assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
}

#[test]
fn who_encrypts_stays_within_the_bounds() {
    for iterations in [0, 1, 999, 600_001, u32::MAX] {
        let bound = Encrypter::password_with(&bulla::backend(), PASSWORD, alg(ALG), iterations);
        assert!(bound.is_err(), "{iterations}");
    }
    assert!(Encrypter::password(&bulla::backend(), [].as_slice(), alg(ALG)).is_err());
    assert!(Encrypter::password(&bulla::backend(), PASSWORD, alg("A128KW")).is_err());
    let made = Encrypter::password_with(&bulla::backend(), PASSWORD, alg(ALG), 1000).unwrap();
    let salt = || {
        let token = Builder::new("x", ContentEncryptionAlg::A128Gcm)
            .encrypt_compact(&made)
            .unwrap();
        let salt = Jwe::parse_compact(&token)
            .unwrap()
            .protected()
            .get("p2s")
            .unwrap()
            .to_string();
        assert_eq!(salt.len(), 24, "16 octets");
        salt
    };
    assert_ne!(salt(), salt());
}
