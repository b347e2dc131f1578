//! Encrypted keys that are missing, superfluous, short or in company; parameters of AES-GCM key wrap.

use bulla::SecretBytes;
use bulla::base64url::encode;
use bulla::jwa::ContentEncryptionAlg::A256Gcm;
use bulla::jwe::{Builder, RecipientHeader};
use bulla::key::Decrypter;
use serde_json::{Value, json};

use crate::jwe_forge::{CEK, KEY, X25519, dir, refused, refused_dir, seal, soon};
use crate::jwe_support::{alg, decrypt, decrypt_flattened, decrypt_general, decrypter, encrypter};
use crate::support::keys::{P256, RSA};
use crate::support::public;

/// GHSA of jwcrypto #391: `dir` and `ECDH-ES` with an encrypted key that nobody looks at.
#[test]
fn an_encrypted_key_where_the_algorithm_has_none_is_refused() {
    let mut token = dir("", b"x");
    token.key = vec![1; 40];
    assert_eq!(refused_dir(&token.compact()), "jwe.malformed");
    token.key = vec![0];
    assert_eq!(refused_dir(&token.compact()), "jwe.malformed");
    let token = Builder::new("x", A256Gcm)
        .encrypt_compact(&encrypter(&public(X25519).to_json(), "ECDH-ES"))
        .unwrap();
    let key = decrypter(X25519, "ECDH-ES");
    assert_eq!(decrypt(&token, &key).unwrap(), b"x");
    assert_eq!(
        refused(&token.replacen("..", ".AAAA.", 1), &key),
        "jwe.malformed"
    );
    for member in [json!("AAAA"), json!(null), json!(1), json!("=")] {
        let mut members = dir("", b"x").flattened();
        members.insert("encrypted_key".into(), member);
        let json = Value::Object(members).to_string();
        let error = decrypt_flattened(&json, &decrypter(KEY, "dir")).unwrap_err();
        assert_eq!(error.code(), "jwe.malformed");
    }
}

/// Every algorithm that has an encrypted key, with a key for it.
fn wrapping() -> Vec<(&'static str, String, Decrypter)> {
    let mut all = Vec::new();
    for row in bulla::jwa::KeyManagementAlg::table() {
        let name = row.name.as_str();
        let bits = |at: usize| name[at..at + 3].parse::<usize>().unwrap() / 8;
        let oct = |len: usize| format!(r#"{{"kty":"oct","k":"{}"}}"#, encode(&CEK[..len]));
        let (key, rest) = match name {
            "dir" | "ECDH-ES" => continue,
            _ if name.starts_with("RSA") => (RSA.to_owned(), String::new()),
            _ if name.starts_with("ECDH") => (
                P256.to_owned(),
                format!(r#","epk":{}"#, public(P256).to_json()),
            ),
            _ if name.starts_with("PBES2") => (
                oct(20),
                r#","p2s":"AAAAAAAAAAAAAAAA","p2c":1000"#.to_owned(),
            ),
            _ if name.ends_with("GCMKW") => (
                oct(bits(1)),
                format!(r#","iv":"{}","tag":"{}""#, encode([1; 12]), encode([1; 16])),
            ),
            _ => (oct(bits(1)), String::new()),
        };
        let header = format!(r#"{{"alg":"{name}","enc":"A256GCM"{rest}}}"#);
        all.push((name, header, decrypter(&key, name)));
    }
    assert_eq!(all.len(), bulla::jwa::KeyManagementAlg::table().len() - 2);
    all
}

/// CVE-2026-34986: go-jose panicked.
#[test]
fn an_empty_encrypted_key_is_refused() {
    for (name, header, key) in wrapping() {
        let token = seal(&header, [], &CEK, b"x");
        assert_eq!(refused(&token.compact(), &key), "jwe.malformed", "{name}");
        let mut members = token.flattened();
        members.insert("encrypted_key".into(), "".into());
        let error = decrypt_flattened(&Value::Object(members).to_string(), &key).unwrap_err();
        assert_eq!(error.code(), "jwe.malformed", "{name}");
        // With the key wrapped being known to be nothing, or all zero.
        for cek in [[0; 32], [0xa6; 32]] {
            let token = seal(&header, [], &cek, b"x");
            assert_eq!(refused(&token.compact(), &key), "jwe.malformed", "{name}");
        }
    }
}

#[test]
fn encrypted_keys_of_every_odd_length_are_refused() {
    for (name, header, key) in wrapping() {
        for len in (1..80).chain([255, 256, 257, 4096]) {
            let token = seal(&header, vec![0x5a; len], &CEK, b"x");
            assert_eq!(
                refused(&token.compact(), &key),
                "jwe.decryption-failed",
                "{name} {len}"
            );
        }
    }
}

/// RFC 3394 unwraps any multiple of eight; a content key has one length, and a megabyte is not unwrapped to see.
#[test]
fn a_wrapped_key_of_another_length_is_refused_though_it_unwraps() {
    for len in [16, 24, 40, 48, 64, 4096] {
        for name in ["A256KW", "A256GCMKW"] {
            let own = SecretBytes::from(CEK.as_slice());
            let inner = vec![0x55; len];
            let (wrapped, rest) = if name == "A256KW" {
                let kek = bulla::backend().aes_key_wrap(&own).unwrap();
                (kek.wrap(&SecretBytes::from(inner)).unwrap(), String::new())
            } else {
                let kek = bulla::backend().content_key(&own, A256Gcm).unwrap();
                let mut wrapped = inner;
                let tag = kek.encrypt(&[1; 12], &[], &mut wrapped).unwrap();
                let iv = encode([1; 12]);
                (wrapped, format!(r#","iv":"{iv}","tag":"{}""#, encode(&tag)))
            };
            let header = format!(r#"{{"alg":"{name}","enc":"A256GCM"{rest}}}"#);
            let token = seal(&header, wrapped, &[0x55; 32], b"x").compact();
            assert_eq!(
                refused(&token, &decrypter(KEY, name)),
                "jwe.decryption-failed",
                "{len}"
            );
        }
    }
    let header = r#"{"alg":"A192KW","enc":"A256GCM"}"#;
    let key = format!(r#"{{"kty":"oct","k":"{}"}}"#, encode(&CEK[..24]));
    let token = seal(header, vec![1; 700_000], &CEK, b"x").compact();
    assert_eq!(
        refused(&token, &decrypter(&key, "A192KW")),
        "jwe.decryption-failed"
    );
}

#[test]
fn gcmkw_wants_a_vector_of_96_bits_and_a_tag_of_128() {
    let key = decrypter(KEY, "A256GCMKW");
    let kek = bulla::backend()
        .content_key(&SecretBytes::from(CEK.as_slice()), A256Gcm)
        .unwrap();
    let mut wrapped = vec![0x55; 32];
    let tag = kek.encrypt(&[1; 12], &[], &mut wrapped).unwrap();
    let token = |parameters: &str| {
        let header = format!(r#"{{"alg":"A256GCMKW","enc":"A256GCM"{parameters}}}"#);
        seal(&header, wrapped.clone(), &[0x55; 32], b"x").compact()
    };
    let (iv, tag) = (encode([1; 12]), tag.as_ref().to_vec());
    let full = encode(&tag);
    let right = token(&format!(r#","iv":"{iv}","tag":"{full}""#));
    assert_eq!(decrypt(&right, &key).unwrap(), b"x");
    let mut wrong = vec![
        String::new(),
        format!(r#","iv":"{iv}""#),
        format!(r#","tag":"{full}""#),
        format!(r#","iv":null,"tag":"{full}""#),
        format!(r#","iv":"{iv}","tag":null"#),
        format!(r#","iv":7,"tag":"{full}""#),
        format!(r#","iv":"{iv}","tag":[]"#),
        format!(r#","iv":"{iv}=","tag":"{full}""#),
    ];
    for len in (0..16).chain([17, 32]) {
        let mut short = tag.clone();
        short.resize(len, 0);
        wrong.push(format!(r#","iv":"{iv}","tag":"{}""#, encode(&short)));
    }
    for len in (0..12).chain([13, 16]) {
        wrong.push(format!(
            r#","iv":"{}","tag":"{full}""#,
            encode(vec![1; len])
        ));
    }
    for parameters in wrong {
        assert_eq!(
            refused(&token(&parameters), &key),
            "jwe.malformed",
            "{parameters}"
        );
    }
    let mut other = tag;
    other[0] ^= 1;
    let token = token(&format!(r#","iv":"{iv}","tag":"{}""#, encode(&other)));
    assert_eq!(refused(&token, &key), "jwe.decryption-failed");
}

/// panva 6.2.8: the direct modes admit one recipient, whichever of several it is.
#[test]
fn direct_modes_admit_one_recipient() {
    let own = decrypter(KEY, "dir");
    let token = seal(r#"{"enc":"A256GCM"}"#, [], &CEK, b"x");
    let direct = json!({"header": {"alg": "dir"}});
    let one = token.general(json!([direct]));
    assert_eq!(decrypt_general(&one, &own).unwrap(), b"x");
    let wrapped = bulla::backend()
        .aes_key_wrap(&SecretBytes::from(CEK.as_slice()))
        .unwrap()
        .wrap(&SecretBytes::from(CEK.as_slice()))
        .unwrap();
    let kw = json!({"header": {"alg": "A256KW"}, "encrypted_key": encode(&wrapped)});
    let epk: Value = serde_json::from_str(&public(X25519).to_json()).unwrap();
    let agreed = json!({"header": {"alg": "ECDH-ES", "epk": epk}});
    let alone = token.general(json!([kw]));
    assert_eq!(
        decrypt_general(&alone, &decrypter(KEY, "A256KW")).unwrap(),
        b"x"
    );
    for recipients in [
        json!([direct, direct]),
        json!([direct, kw]),
        json!([kw, direct]),
        json!([kw, agreed]),
        json!([agreed, kw, kw]),
    ] {
        let json = token.general(recipients);
        for key in [
            &own,
            &decrypter(KEY, "A256KW"),
            &decrypter(X25519, "ECDH-ES"),
        ] {
            let error = soon(|| decrypt_general(&json, key)).unwrap_err();
            assert_eq!(error.code(), "jwe.malformed");
        }
    }
    let two = encrypter(KEY, "A256KW");
    for name in ["dir", "ECDH-ES"] {
        let key = if name == "dir" {
            KEY.to_owned()
        } else {
            public(X25519).to_json()
        };
        let first = encrypter(&key, name);
        let recipients = [
            (&first, RecipientHeader::new()),
            (&two, RecipientHeader::new()),
        ];
        let error = Builder::new("x", A256Gcm)
            .encrypt_general(&recipients)
            .unwrap_err();
        assert_eq!(error.code(), "jwe.one-recipient-only");
        let alone = [(&first, RecipientHeader::new().parameter("n", 1))];
        Builder::new("x", A256Gcm).encrypt_general(&alone).unwrap();
    }
}

/// RFC 7516 §7.2.1: one content has one encryption.
#[test]
fn recipients_do_not_disagree_about_enc() {
    let wrapped = |cek: &[u8]| {
        let kek = bulla::backend()
            .aes_key_wrap(&SecretBytes::from(CEK.as_slice()))
            .unwrap();
        encode(kek.wrap(&SecretBytes::from(cek)).unwrap())
    };
    let mut token = seal(r#"{"enc":"A256GCM"}"#, [], &CEK, b"x");
    token.header = r#"{"n":1}"#.to_owned();
    let recipient = |enc: &str| json!({"header": {"alg": "A256KW", "enc": enc}, "encrypted_key": wrapped(&CEK)});
    for recipients in [
        json!([recipient("A256GCM"), recipient("A128CBC-HS256")]),
        json!([recipient("A256GCM"), {"header": {"alg": "A256KW"}, "encrypted_key": wrapped(&CEK)}]),
    ] {
        let json = token.general(recipients);
        let error = decrypt_general(&json, &decrypter(KEY, "A256KW")).unwrap_err();
        assert_eq!(error.code(), "jwe.malformed");
    }
}

/// panva 6.2.9: what the algorithm makes cannot be made by hand, anywhere.
#[test]
fn who_encrypts_cannot_set_what_the_algorithm_makes() {
    let own = encrypter(KEY, "A256GCMKW");
    for name in ["epk", "iv", "tag", "p2s", "p2c", "apu", "apv", "enc", "zip"] {
        let build = || Builder::new("x", A256Gcm);
        let protected = build().header(name, "AAAA").encrypt_compact(&own);
        let shared = build().unprotected(name, "AAAA").encrypt_flattened(&own);
        let header = RecipientHeader::new().parameter(name, "AAAA");
        let one = build().encrypt_general(&[(&own, header.clone())]);
        let two = build().encrypt_general(&[(&own, RecipientHeader::new()), (&own, header)]);
        for made in [protected, shared, one, two] {
            assert_eq!(made.unwrap_err().code(), "jwe.header-invalid", "{name}");
        }
    }
    for made in [
        Builder::new("x", A256Gcm)
            .header("alg", "dir")
            .encrypt_compact(&own),
        Builder::new("x", A256Gcm)
            .unprotected("alg", "dir")
            .encrypt_flattened(&own),
        Builder::new("x", A256Gcm).encrypt_general(&[
            (&own, RecipientHeader::new()),
            (&own, RecipientHeader::new().parameter("alg", "dir")),
        ]),
    ] {
        assert_eq!(made.unwrap_err().code(), "jwe.algorithm-not-allowed");
    }
}

/// What we would refuse is not made: names and headers that are too long, wherever they come from.
#[test]
fn who_encrypts_stays_within_the_limits() {
    let own = encrypter(KEY, "A256KW");
    let build = || Builder::new("x", A256Gcm);
    let long = "n".repeat(16 * 1024);
    let agreeing = encrypter(&public(P256).to_json(), "ECDH-ES");
    for made in [
        build().header("n", long.clone()).encrypt_compact(&own),
        build().kid("k".repeat(257)).encrypt_compact(&own),
        build().apu(vec![0; 13_000]).encrypt_compact(&agreeing),
        build()
            .unprotected("n", long.clone())
            .encrypt_flattened(&own),
        build().encrypt_general(&[(&own, RecipientHeader::new().parameter("n", long.clone()))]),
        build().encrypt_general(&[
            (&own, RecipientHeader::new()),
            (&own, RecipientHeader::new().parameter("n", long)),
        ]),
    ] {
        assert_eq!(made.unwrap_err().code(), "jwe.header-invalid");
    }
}

/// An empty `aad` is none (RFC 7516 §7.2.1), and a recipient that is alone may have a header of its own.
#[test]
fn what_is_empty_is_left_out() {
    let own = encrypter(KEY, "A256KW");
    let json = Builder::new("x", A256Gcm)
        .aad("")
        .encrypt_general(&[(&own, RecipientHeader::new().kid("k").parameter("n", 1))])
        .unwrap();
    assert!(!json.contains("aad"), "{json}");
    let key = decrypter(KEY, "A256KW");
    let jwe = bulla::jwe::Jwe::parse_general(json.as_bytes())
        .unwrap()
        .decrypt(&key)
        .unwrap();
    assert_eq!(jwe.header().kid(), Some("k"));
    assert!(jwe.protected().kid().is_none() && jwe.protected().alg().is_some());
    let twice = Builder::new("x", A256Gcm)
        .unprotected("n", 1)
        .encrypt_general(&[(&own, RecipientHeader::new().parameter("n", 1))]);
    assert_eq!(twice.unwrap_err().code(), "jwe.header-invalid");
}

/// Nor can it stand in two places of what is read.
#[test]
fn a_parameter_in_two_headers_is_refused() {
    let own = decrypter(KEY, "dir");
    let token = dir(r#","n":1"#, b"x");
    for (shared, header) in [
        (json!({"n": 1}), json!({})),
        (json!({}), json!({"n": 1})),
        (json!({"alg": "dir"}), json!({})),
        (json!({}), json!({"enc": "A256GCM"})),
        (json!({"m": 1}), json!({"m": 1})),
        (json!({"iv": "AAAA"}), json!({})),
        (json!({"tag": 5}), json!({})),
        (json!({}), json!({"p2c": "5"})),
    ] {
        let mut members = token.flattened();
        members.insert("unprotected".into(), shared.clone());
        members.insert("header".into(), header.clone());
        let json = Value::Object(members).to_string();
        assert_eq!(
            decrypt_flattened(&json, &own).unwrap_err().code(),
            "jwe.malformed",
            "{json}"
        );
        let mut members = token.members();
        members.insert("unprotected".into(), shared);
        members.insert("recipients".into(), json!([{"header": header}]));
        let json = Value::Object(members).to_string();
        assert_eq!(
            decrypt_general(&json, &own).unwrap_err().code(),
            "jwe.malformed",
            "{json}"
        );
    }
}

/// `use`, `key_ops`, `alg`, length and type are looked at when the key is bound, before any token.
#[test]
fn a_key_for_something_else_is_not_bound() {
    for (members, name) in [
        (r#""use":"sig","#, "dir"),
        (r#""key_ops":["sign"],"#, "dir"),
        (r#""key_ops":["encrypt"],"#, "dir"),
        (r#""alg":"HS256","#, "dir"),
        (r#""alg":"A256KW","#, "dir"),
        (r#""alg":"A256GCM","#, "A256KW"),
        (r#""alg":"A512GCM","#, "dir"),
        (r#""alg":"A128GCM","#, "dir"),
        ("", "A128KW"),
        ("", "A192GCMKW"),
        ("", "RSA-OAEP"),
        ("", "ECDH-ES"),
    ] {
        let json = KEY.replacen('{', &format!("{{{members}"), 1);
        let key = crate::support::secret(&json);
        let bound = Decrypter::bind_to(&bulla::backend(), &key, alg(name));
        assert!(bound.is_err(), "{json} {name}");
    }
}

/// Of many keys only a few are tried, and the one that the token names is among them.
#[test]
fn the_key_that_is_named_is_tried_first() {
    let keys: Vec<Decrypter> = (0..50_u8)
        .map(|index| {
            let k = encode([index; 32]);
            let json = format!(r#"{{"kty":"oct","kid":"{index}","k":"{k}"}}"#);
            decrypter(&json, "A256KW")
        })
        .collect();
    let own = format!(r#"{{"kty":"oct","kid":"49","k":"{}"}}"#, encode([49; 32]));
    let made = || Builder::new("x", A256Gcm);
    let named = made().encrypt_compact(&encrypter(&own, "A256KW")).unwrap();
    let jwe = bulla::jwe::Jwe::parse_compact(&named).unwrap();
    assert_eq!(jwe.decrypt(&keys).unwrap().key().kid(), Some("49"));
    let unnamed = made()
        .encrypt_compact(&encrypter(&own.replace(r#""kid":"49","#, ""), "A256KW"))
        .unwrap();
    let jwe = bulla::jwe::Jwe::parse_compact(&unnamed).unwrap();
    let error = jwe.decrypt(&keys).unwrap_err();
    assert_eq!(format!("{error:?}").matches("DecryptionFailed").count(), 4);
}
