//! Content encryption: CBC padding (CVE-2017-12973), short tags (CVE-2023-37464), odd vectors.

use bulla::base64url::encode;
use bulla::jwa::ContentEncryptionAlg;
use serde_json::Value;

use crate::forge::hmac;
use crate::jwe_forge::{CEK, KEY, Token, dir, refused, refused_dir, seal};
use crate::jwe_support::{decrypt, decrypt_flattened, decrypter};

const CBC: &str = r#"{"alg":"dir","enc":"A128CBC-HS256"}"#;

/// A right tag over any ciphertext: what is left to refuse it is the padding.
fn authenticated(ciphertext: &[u8]) -> Token {
    let mut token = seal(CBC, [], &CEK, b"");
    token.ciphertext = ciphertext.to_vec();
    let aad = encode(CBC.as_bytes());
    let bits = (aad.len() as u64 * 8).to_be_bytes();
    let input = [aad.as_bytes(), &token.iv, ciphertext, &bits].concat();
    token.tag = hmac(&CEK[..16], &input)[..16].to_vec();
    token
}

#[test]
fn a_wrong_padding_and_a_wrong_tag_are_one_error() {
    let key = decrypter(KEY, "dir");
    let control = seal(CBC, [], &CEK, b"content");
    let same = authenticated(&control.ciphertext);
    assert_eq!(same.tag, control.tag, "the forger's tag is the right one");
    assert_eq!(decrypt(&same.compact(), &key).unwrap(), b"content");
    let mut wrong_paddings = 0;
    for octet in 0..64 {
        for len in [16, 32] {
            match decrypt(&authenticated(&vec![octet; len]).compact(), &key) {
                Ok(_) => {}
                Err(error) => {
                    assert_eq!(format!("{error:?}"), "DecryptionFailed");
                    wrong_paddings += 1;
                }
            }
        }
    }
    assert!(wrong_paddings > 100, "{wrong_paddings}");
    for len in [0, 1, 15, 17, 31] {
        let error = decrypt(&authenticated(&vec![9; len]).compact(), &key).unwrap_err();
        assert_eq!(format!("{error:?}"), "DecryptionFailed", "{len} octets");
    }
    for at in 0..control.ciphertext.len() {
        let mut token = control.clone();
        token.ciphertext[at] ^= 1;
        let error = decrypt(&token.compact(), &key).unwrap_err();
        assert_eq!(format!("{error:?}"), "DecryptionFailed", "octet {at}");
    }
}

/// CVE-2017-12972, CVE-2016-9123: what moves from the header into the vector or the content is not the same token.
#[test]
fn octets_do_not_move_between_the_authenticated_parts() {
    let token = seal(CBC, [], &CEK, &[1; 64]);
    let mut moved = token.clone();
    let block: Vec<u8> = moved.ciphertext.drain(..16).collect();
    moved.iv = block;
    assert_eq!(refused_dir(&moved.compact()), "jwe.decryption-failed");
    let mut moved = token.clone();
    moved.ciphertext.splice(..0, token.iv.iter().copied());
    assert_eq!(refused_dir(&moved.compact()), "jwe.decryption-failed");
}

#[test]
fn tags_of_every_other_length_are_refused() {
    for row in ContentEncryptionAlg::table() {
        let cek = vec![0x42; row.key_len];
        let json = format!(r#"{{"kty":"oct","k":"{}"}}"#, encode(&cek));
        let key = decrypter(&json, "dir");
        let header = format!(r#"{{"alg":"dir","enc":"{}"}}"#, row.name);
        let right = seal(&header, [], &cek, b"content");
        assert_eq!(decrypt(&right.compact(), &key).unwrap(), b"content");
        assert_eq!(right.tag.len(), row.tag_len);
        for len in (0..64).filter(|len| *len != row.tag_len) {
            let mut token = right.clone();
            token.tag.resize(len, 0);
            assert_eq!(
                refused(&token.compact(), &key),
                "jwe.decryption-failed",
                "{} {len}",
                row.name
            );
        }
        let mut members = right.flattened();
        members.remove("tag");
        let error = decrypt_flattened(&Value::Object(members).to_string(), &key).unwrap_err();
        assert_eq!(error.code(), "jwe.decryption-failed");
    }
}

#[test]
fn vectors_of_every_other_length_are_refused() {
    for row in ContentEncryptionAlg::table() {
        let cek = vec![0x42; row.key_len];
        let json = format!(r#"{{"kty":"oct","k":"{}"}}"#, encode(&cek));
        let key = decrypter(&json, "dir");
        let header = format!(r#"{{"alg":"dir","enc":"{}"}}"#, row.name);
        let right = seal(&header, [], &cek, b"content");
        for len in (0..40).filter(|len| *len != row.iv_len) {
            let mut token = right.clone();
            token.iv.resize(len, 7);
            assert_eq!(
                refused(&token.compact(), &key),
                "jwe.decryption-failed",
                "{} {len}",
                row.name
            );
        }
        let mut members = right.flattened();
        members.remove("iv");
        let error = decrypt_flattened(&Value::Object(members).to_string(), &key).unwrap_err();
        assert_eq!(error.code(), "jwe.decryption-failed");
    }
}

#[test]
fn no_character_of_a_token_can_be_changed() {
    let header = r#"{"alg":"A256KW","enc":"A256GCM"}"#;
    let wrapped = bulla::backend()
        .aes_key_wrap(&bulla::SecretBytes::from(CEK.as_slice()))
        .unwrap()
        .wrap(&bulla::SecretBytes::from([0x55; 32].as_slice()))
        .unwrap();
    let token = seal(header, wrapped, &[0x55; 32], b"content").compact();
    let key = decrypter(KEY, "A256KW");
    assert_eq!(decrypt(&token, &key).unwrap(), b"content");
    for at in 0..token.len() {
        for other in ["A", "_", "=", ".", " ", "\n", "\u{e9}", ""] {
            if token[at..=at] != *other {
                let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
                assert!(decrypt(&changed, &key).is_err(), "{other:?} at {at}");
            }
        }
        assert!(decrypt(&token[..at], &key).is_err(), "cut at {at}");
    }
}

/// The additional data of a JSON serialization is covered, as text.
#[test]
fn additional_data_cannot_be_changed_taken_off_or_put_on() {
    let key = decrypter(KEY, "dir");
    let json = bulla::jwe::Builder::new("content", ContentEncryptionAlg::A256Gcm)
        .aad("additional")
        .encrypt_flattened(&crate::jwe_support::encrypter(KEY, "dir"))
        .unwrap();
    let right: serde_json::Map<String, Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(decrypt_flattened(&json, &key).unwrap(), b"content");
    let mut changed = right.clone();
    changed.insert("aad".into(), encode(b"another").into());
    let mut off = right.clone();
    off.remove("aad");
    let mut on = dir("", b"content").flattened();
    on.insert("aad".into(), encode(b"x").into());
    let mut empty = dir("", b"content").flattened();
    empty.insert("aad".into(), "".into());
    for members in [changed, off, on, empty] {
        let error = decrypt_flattened(&Value::Object(members).to_string(), &key).unwrap_err();
        assert_eq!(error.code(), "jwe.decryption-failed");
    }
}

/// A `dir` key that names its content encryption takes no other, and one without is still bound to its length.
#[test]
fn a_token_does_not_choose_what_a_shared_key_is_for() {
    let token = seal(CBC, [], &CEK, b"content").compact();
    let gcm = KEY.replace(r#""kty""#, r#""alg":"A256GCM","kty""#);
    assert_eq!(
        refused(&token, &decrypter(&gcm, "dir")),
        "jwe.algorithm-not-allowed"
    );
    let header = r#"{"alg":"dir","enc":"A128GCM"}"#;
    let short = seal(header, [], &CEK[..16], b"content").compact();
    assert_eq!(refused_dir(&short), "jwe.algorithm-not-allowed");
    for enc in ["A256gcm", "none", "", "A256GCM ", "A128CBC", "C20P"] {
        let mut token = dir("", b"content");
        token.header = token.header.replace("A256GCM", enc);
        assert_eq!(
            refused_dir(&token.compact()),
            "jwe.algorithm-not-allowed",
            "{enc}"
        );
    }
}
