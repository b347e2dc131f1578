//! Those of Inverno's defects that concern encryption, and tokens within tokens.

use bulla::SecretBytes;
use bulla::base64url::encode;
use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg, SignatureAlg};
use bulla::jwe::{self, Deflate, Jwe, Zip as _};
use bulla::jwk::{Jwk, SecretJwk};
use bulla::jws::{self, Jws};
use bulla::jwt::{self, Expectations};
use bulla::key::{Decrypter, Encrypter};
use bulla::payload::{self, Jose, Text};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::jwe_forge::{CEK, KEY, dir, refused, refused_dir, seal, seal_with, soon};
use crate::jwe_support::{alg, decrypt, decrypter, encrypter};
use crate::support::keys::{P256, RSA};
use crate::support::public;

#[test]
fn defect_08_what_a_token_costs_is_bounded() {
    let password = Decrypter::password(
        &bulla::backend(),
        b"password".as_slice(),
        KeyManagementAlg::Pbes2Hs256A128Kw,
    )
    .unwrap();
    let header = format!(
        r#"{{"alg":"PBES2-HS256+A128KW","enc":"A256GCM","p2s":"{}","p2c":2147483647}}"#,
        encode([1; 16])
    );
    let endless = seal(&header, [7; 40], &CEK, b"x").compact();
    assert_eq!(refused(&endless, &password), "jwe.limit-exceeded");
    let bomb = Deflate.deflate(&vec![0; 64 << 20]).unwrap();
    assert_eq!(
        refused_dir(&dir(r#","zip":"DEF""#, &bomb).compact()),
        "jwe.limit-exceeded"
    );
    let dots = ".".repeat(1_000_000);
    let long = "A".repeat(2 << 20);
    let deep = encode(format!(
        r#"{{"alg":"dir","x":{}{}}}"#,
        "[".repeat(33),
        "]".repeat(33)
    ));
    for token in [dots, long, format!("{deep}....")] {
        let outcome = soon(|| Jwe::parse_compact(&token).map(|_| ()));
        assert!(outcome.is_err());
        assert!(Jws::parse_compact(&token).is_err());
    }
}

#[test]
fn defect_09_a_wrong_padding_of_rsa1_5_is_a_wrong_tag() {
    let key = decrypter(RSA, "RSA1_5");
    let wrap = bulla::backend()
        .rsa_wrap(public(RSA).key(), alg("RSA1_5"))
        .unwrap();
    let wrapped = |cek: &[u8]| wrap.wrap(&SecretBytes::from(cek)).unwrap().encrypted_key;
    let header = r#"{"alg":"RSA1_5","enc":"A256GCM"}"#;
    let good = seal(header, wrapped(&CEK), &CEK, b"content");
    assert_eq!(decrypt(&good.compact(), &key).unwrap(), b"content");
    let mut wrong_tag = good.clone();
    wrong_tag.tag[0] ^= 1;
    let mut wrong_padding = good.clone();
    wrong_padding.key = vec![1; 256];
    let mut wrong_length = good.clone();
    wrong_length.key = wrapped(&[0x42; 31]);
    let mut another_key = good;
    another_key.key = wrapped(&[0x43; 32]);
    let errors = [wrong_tag, wrong_padding, wrong_length, another_key]
        .map(|token| format!("{:?}", decrypt(&token.compact(), &key).unwrap_err()));
    assert_eq!(errors, ["DecryptionFailed"; 4]);
}

/// How long a comparison takes is for the backend to keep (`subtle`, and AES-GCM of AWS-LC); that all of the tag is
/// compared, and before anything is decrypted, is seen here.
#[test]
fn defect_10_every_bit_of_a_tag_counts() {
    for (enc, cek) in [
        (ContentEncryptionAlg::A128CbcHs256, vec![0x42; 32]),
        (ContentEncryptionAlg::A192CbcHs384, vec![0x42; 48]),
        (ContentEncryptionAlg::A256CbcHs512, vec![0x42; 64]),
        (ContentEncryptionAlg::A256Gcm, vec![0x42; 32]),
    ] {
        let jwk = json!({"kty":"oct","k":encode(&cek)}).to_string();
        let key = decrypter(&jwk, "dir");
        let header = format!(r#"{{"alg":"dir","enc":"{}"}}"#, enc.name());
        let good = seal_with(&header, enc, [], &cek, b"content");
        assert_eq!(decrypt(&good.compact(), &key).unwrap(), b"content");
        for bit in 0..good.tag.len() * 8 {
            let mut token = good.clone();
            token.tag[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                refused(&token.compact(), &key),
                "jwe.decryption-failed",
                "{bit}"
            );
        }
        for len in 0..good.tag.len() {
            let mut token = good.clone();
            token.tag.truncate(len);
            assert_eq!(
                refused(&token.compact(), &key),
                "jwe.decryption-failed",
                "{len}"
            );
        }
    }
}

#[test]
fn defect_10b_an_epk_is_a_public_point_on_the_curve() {
    let own: Value = serde_json::from_str(&public(P256).to_json()).unwrap();
    let swapped = json!({"kty":"EC","crv":"P-256","x":own["y"],"y":own["x"]});
    let private: Value = serde_json::from_str(P256).unwrap();
    for (epk, code) in [
        (swapped, "jwe.decryption-failed"),
        (private, "jwe.malformed"),
    ] {
        for alg in ["ECDH-ES", "ECDH-ES+A128KW"] {
            let header = format!(r#"{{"alg":"{alg}","enc":"A256GCM","epk":{epk}}}"#);
            let key: &[u8] = if alg == "ECDH-ES" { &[] } else { &[7; 40] };
            let token = seal(&header, key, &CEK, b"x").compact();
            assert_eq!(refused(&token, &decrypter(P256, alg)), code, "{alg} {epk}");
        }
    }
}

/// There, half of the key was derived. That the derivation is right, and not only its own inverse, the published
/// vectors of RFC 7520 §5.5 hold (`conformance/rfc7520_jwe.rs`).
#[test]
fn defect_19_ecdh_es_derives_the_whole_key_of_every_content_encryption() {
    for row in ContentEncryptionAlg::table() {
        let token = jwe::Builder::new("content", row.alg)
            .encrypt_compact(&encrypter(P256, "ECDH-ES"))
            .unwrap();
        assert_eq!(
            decrypt(&token, &decrypter(P256, "ECDH-ES")).unwrap(),
            b"content"
        );
    }
}

#[test]
fn defect_21_tokens_within_tokens_are_read() {
    let key = bulla::generate(SignatureAlg::Es256).unwrap();
    let (signer, verifier) = (
        bulla::signer(&key).unwrap(),
        bulla::verifier(&key.public()).unwrap(),
    );
    let (to, mine) = (encrypter(P256, "ECDH-ES"), decrypter(P256, "ECDH-ES"));
    let enc = ContentEncryptionAlg::A128CbcHs256;

    // `application/jose` of five parts, in one of three.
    let inner = jwe::Builder::new("content", enc)
        .encrypt_compact(&to)
        .unwrap();
    let outer = jws::Builder::new(&inner)
        .cty("application/jose")
        .sign_compact(&signer)
        .unwrap();
    let verified = Jws::parse_compact(&outer)
        .unwrap()
        .verify(&verifier)
        .unwrap();
    let decrypted = verified.decode(&Jose::jwe(&mine)).unwrap();
    assert_eq!(decrypted.plaintext(), b"content");

    // And of three in one of five.
    let inner = jws::Builder::new("content").sign_compact(&signer).unwrap();
    let outer = jwe::Builder::new(&inner, enc)
        .cty("application/jose")
        .encrypt_compact(&to)
        .unwrap();
    let decrypted = Jwe::parse_compact(&outer).unwrap().decrypt(&mine).unwrap();
    let verified = decrypted.decode(&Jose::jws(&verifier)).unwrap();
    assert_eq!(verified.decode(&Text).unwrap(), "content");

    // `application/jwt`.
    let jwt = jwt::issue("https://issuer.example")
        .audience("api")
        .expires_in(std::time::Duration::from_secs(60))
        .sign(&signer)
        .unwrap();
    let outer = jwe::Builder::new(&jwt, enc)
        .cty("application/jwt")
        .encrypt_compact(&to)
        .unwrap();
    let decrypted = Jwe::parse_compact(&outer).unwrap().decrypt(&mine).unwrap();
    let expect = Expectations::new("https://issuer.example", "api");
    let decoder = payload::Jwt::signed::<IgnoredAny>(expect.clone(), &verifier);
    assert_eq!(
        decrypted.decode(&decoder).unwrap().issuer(),
        Some("https://issuer.example")
    );
    expect
        .decrypt_verify::<IgnoredAny>(&outer, &mine, &verifier)
        .unwrap();

    // An empty last part is a part.
    let unsecured = format!("{}.{}.", encode(br#"{"alg":"none"}"#), encode(b"{}"));
    let error = Jws::parse_compact(&unsecured)
        .unwrap()
        .verify(&verifier)
        .unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
}

/// There, a password was base64url-decoded for use and generated as any text, and a key of type `oct` might be one.
#[test]
fn defect_23_a_password_is_its_octets() {
    let backend = bulla::backend();
    let pbes2 = KeyManagementAlg::Pbes2Hs512A256Kw;
    let enc = ContentEncryptionAlg::A128Gcm;
    for password in [
        "correct horse",
        "p\u{e4}ssw\u{f6}rd \u{1f511}",
        "AAAA",
        "not=base64url!",
    ] {
        let octets = || SecretBytes::from(password.as_bytes());
        let to = Encrypter::password_with(&backend, octets(), pbes2, 1_000).unwrap();
        let token = jwe::Builder::new("content", enc)
            .encrypt_compact(&to)
            .unwrap();
        let key = Decrypter::password(&backend, octets(), pbes2).unwrap();
        assert_eq!(decrypt(&token, &key).unwrap(), b"content");
        // As the `k` of a JWK it is the same octets.
        let jwk = SecretJwk::new(password.as_bytes().to_vec());
        let key = Decrypter::bind_to(&backend, &jwk, pbes2).unwrap();
        assert_eq!(decrypt(&token, &key).unwrap(), b"content");
    }
    let jwk = SecretJwk::new(vec![1; 32]);
    let error = Decrypter::bind(&backend, &jwk).unwrap_err();
    assert_eq!(
        error.code(),
        "jwk.ambiguous",
        "a key without alg is one key, not two"
    );
}

#[test]
fn defect_31_a_failing_unwrap_is_a_failing_decryption_and_dir_keeps_to_the_keys_alg() {
    let gcmkw = decrypter(KEY, "A256GCMKW");
    let header = format!(
        r#"{{"alg":"A256GCMKW","enc":"A256GCM","iv":"{}","tag":"{}"}}"#,
        encode([1; 12]),
        encode([2; 16])
    );
    let token = seal(&header, [3; 32], &CEK, b"x").compact();
    assert_eq!(refused(&token, &gcmkw), "jwe.decryption-failed");

    let for_gcm = KEY.replacen('{', r#"{"alg":"A256GCM","#, 1);
    let for_wrapping = KEY.replacen('{', r#"{"alg":"A256KW","#, 1);
    let cbc = seal(r#"{"alg":"dir","enc":"A128CBC-HS256"}"#, [], &CEK, b"x").compact();
    assert_eq!(decrypt(&cbc, &decrypter(KEY, "dir")).unwrap(), b"x");
    let key = decrypter(&for_gcm, "dir");
    assert_eq!(decrypt(&dir("", b"x").compact(), &key).unwrap(), b"x");
    assert_eq!(refused(&cbc, &key), "jwe.algorithm-not-allowed");
    let Jwk::Secret(wrapping) = Jwk::parse(for_wrapping.as_bytes()).unwrap() else {
        panic!("a secret")
    };
    let error = Decrypter::bind_to(&bulla::backend(), &wrapping, alg("dir")).unwrap_err();
    assert_eq!(error.code(), "jwk.usage-mismatch");
}

/// Every defect of the list has a test that carries its number.
#[test]
fn every_defect_has_its_test() {
    let tests = [
        include_str!("inverno.rs"),
        include_str!("inverno_jwe.rs"),
        include_str!("inverno_trust.rs"),
    ]
    .concat();
    let mut numbers: Vec<String> = (1..=32).map(|number| format!("{number:02}")).collect();
    numbers.push("10b".to_owned());
    for number in numbers {
        assert!(
            tests.contains(&format!("#[test]\nfn defect_{number}_")),
            "{number}"
        );
    }
}
