//! One text read as two things; JWE taken for JWS and the reverse.

use bulla::base64url::encode;
use bulla::jwa::ContentEncryptionAlg::A256Gcm;
use bulla::jwe::{Builder, Jwe};
use bulla::jws::Jws;
use bulla::jwt::Expectations;
use serde_json::{Map, Value, json};

use crate::jwe_forge::{CEK, KEY, dir, refused_dir, seal};
use crate::jwe_parsing::{flattened, general};
use crate::jwe_support::{decrypter, encrypter};
use crate::support::keys::{P256, RSA};
use crate::support::{public, signer, verifier};

/// One JSON, two readings.
#[test]
fn polyglots_are_refused() {
    let token = dir("", b"x");
    let flat = Value::Object(token.flattened()).to_string();
    let many = token.general(json!([{}]));
    assert_eq!(general(&flat), "jwe.malformed");
    assert_eq!(flattened(&many), "jwe.malformed");
    for (name, value) in [
        ("header", json!({"n": 1})),
        ("header", json!({})),
        ("encrypted_key", json!("")),
    ] {
        let mut members: Map<String, Value> = serde_json::from_str(&many).unwrap();
        members.insert(name.into(), value);
        let json = Value::Object(members).to_string();
        assert_eq!(
            (flattened(&json), general(&json)),
            ("jwe.malformed", "jwe.malformed")
        );
    }
    for name in ["payload", "signature", "signatures"] {
        for value in [json!(""), json!(null), json!([]), json!([{}]), json!(1)] {
            for json in [&flat, &many] {
                let mut members: Map<String, Value> = serde_json::from_str(json).unwrap();
                members.insert(name.into(), value.clone());
                let json = Value::Object(members).to_string();
                assert_eq!(
                    (flattened(&json), general(&json)),
                    ("jwe.malformed", "jwe.malformed")
                );
                let bytes = json.as_bytes();
                assert!(Jws::parse_flattened(bytes).is_err() && Jws::parse_general(bytes).is_err());
            }
        }
    }
    // CVE-2022-39227: compact within JSON, JSON within compact.
    let compact = token.compact();
    assert_eq!(flattened(&compact), "jwe.malformed");
    assert_eq!(refused_dir(&flat), "jwe.malformed");
    assert_eq!(
        refused_dir(&format!(r#"{{"n":"{compact}"}}"#)),
        "jwe.malformed"
    );
}

/// CVE-2022-3102: who has the public key makes a token; it must not pass for a signed one. And the reverse.
#[test]
fn encrypted_is_not_signed() {
    let claims = br#"{"iss":"a","aud":"b","exp":99999999999}"#;
    let expect = || Expectations::new("a", "b");
    for (key, name) in [(RSA, "RSA-OAEP"), (P256, "ECDH-ES")] {
        let made = Builder::new(claims, A256Gcm)
            .encrypt_compact(&encrypter(&public(key).to_json(), name))
            .unwrap();
        let verifier = verifier(key, if key == RSA { "RS256" } else { "ES256" });
        assert!(Jws::parse_compact(&made).is_err());
        assert!(expect().verify::<Value>(&made, &verifier).is_err());
        let decrypter = decrypter(key, name);
        assert!(
            expect().decrypt::<Value>(&made, &decrypter).is_ok(),
            "encrypted, as asked"
        );
        let error = expect()
            .decrypt_verify::<Value>(&made, &decrypter, &verifier)
            .unwrap_err();
        assert_eq!(error.code(), "jwt.type-mismatch");
        let named = Builder::new(claims, A256Gcm)
            .cty("JWT")
            .encrypt_compact(&encrypter(&public(key).to_json(), name))
            .unwrap();
        assert!(
            expect()
                .decrypt_verify::<Value>(&named, &decrypter, &verifier)
                .is_err()
        );
        assert!(expect().decrypt::<Value>(&named, &decrypter).is_err());
        let signed = bulla::jws::Builder::new(claims)
            .sign_compact(&signer(key, if key == RSA { "RS256" } else { "ES256" }))
            .unwrap();
        assert!(Jwe::parse_compact(&signed).is_err());
        assert!(expect().decrypt::<Value>(&signed, &decrypter).is_err());
        assert!(
            expect()
                .decrypt_verify::<Value>(&signed, &decrypter, &verifier)
                .is_err()
        );
        assert!(
            expect()
                .verify_decrypt::<Value>(&signed, &verifier, &decrypter)
                .is_err()
        );
    }
}

/// CVE-2026-29000: an unsecured token in an encrypted one.
#[test]
fn an_unsecured_token_within_is_refused() {
    let claims = encode(br#"{"iss":"a","aud":"b","exp":99999999999}"#);
    let expect = Expectations::new("a", "b");
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"None"}"#,
        r#"{}"#,
        r#"{"alg":"ES256"}"#,
    ] {
        let inner = format!("{}.{claims}.", encode(header.as_bytes()));
        let token = Builder::new(&inner, A256Gcm)
            .cty("JWT")
            .encrypt_compact(&encrypter(KEY, "dir"))
            .unwrap();
        let key = verifier(P256, "ES256");
        assert!(
            expect
                .decrypt_verify::<Value>(&token, &decrypter(KEY, "dir"), &key)
                .is_err()
        );
    }
}

/// Names of signature algorithms, of none, of cases that are not registered.
#[test]
fn an_alg_that_no_key_is_bound_to_is_refused() {
    for name in [
        "none",
        "HS256",
        "RS256",
        "DIR",
        "Dir",
        "dir ",
        "",
        "A256KW",
        "RSA1_5",
        "PBES2-HS256+A128KW",
    ] {
        let header = format!(r#"{{"alg":"{name}","enc":"A256GCM"}}"#);
        let token = seal(&header, [], &CEK, b"x").compact();
        assert_eq!(refused_dir(&token), "jwe.algorithm-not-allowed", "{name}");
    }
}

/// RFC 7519 §5.3: claims that the header repeats are the claims' own, or the token is refused.
#[test]
fn claims_in_the_header_cannot_differ_from_the_claims() {
    let key = decrypter(KEY, "dir");
    let expect = Expectations::new("a", "b");
    let claims = br#"{"iss":"a","aud":"b","exp":99999999999}"#;
    let judged = |repeated: &str| {
        let token = dir(repeated, claims).compact();
        expect.decrypt::<Value>(&token, &key).map(drop)
    };
    for right in [
        "",
        r#","iss":"a""#,
        r#","iss":"a","aud":"b""#,
        r#","aud":["b"]"#,
    ] {
        judged(right).expect(right);
    }
    for wrong in [
        r#","iss":"b""#,
        r#","iss":"A""#,
        r#","iss":null"#,
        r#","iss":["a"]"#,
        r#","sub":"root""#,
        r#","sub":null"#,
        r#","aud":"a""#,
        r#","aud":["b","c"]"#,
        r#","aud":[]"#,
        r#","aud":{}"#,
        r#","aud":null"#,
    ] {
        assert!(judged(wrong).is_err(), "{wrong}");
    }
}

/// One token in another, and no more; and a signed one that says nothing of what is inside is not opened further.
#[test]
fn layers_are_the_ones_expected() {
    let claims = br#"{"iss":"a","aud":"b","exp":99999999999}"#;
    let expect = Expectations::new("a", "b");
    let (key, verifier) = (decrypter(KEY, "dir"), verifier(P256, "ES256"));
    let encrypt = |content: &str| {
        Builder::new(content, A256Gcm)
            .cty("JWT")
            .encrypt_compact(&encrypter(KEY, "dir"))
            .unwrap()
    };
    let signed = bulla::jws::Builder::new(claims)
        .sign_compact(&signer(P256, "ES256"))
        .unwrap();
    let nested = encrypt(&signed);
    assert!(
        expect
            .decrypt_verify::<Value>(&nested, &key, &verifier)
            .is_ok()
    );
    assert!(expect.decrypt::<Value>(&nested, &key).is_err());
    assert!(expect.verify::<Value>(&nested, &verifier).is_err());
    assert!(
        expect
            .verify_decrypt::<Value>(&nested, &verifier, &key)
            .is_err()
    );
    let twice = encrypt(&nested);
    assert!(
        expect
            .decrypt_verify::<Value>(&twice, &key, &verifier)
            .is_err()
    );
    let around = bulla::jws::Builder::new(&nested)
        .cty("JWT")
        .sign_compact(&signer(P256, "ES256"))
        .unwrap();
    assert!(
        expect
            .verify_decrypt::<Value>(&around, &verifier, &key)
            .is_err()
    );
}
