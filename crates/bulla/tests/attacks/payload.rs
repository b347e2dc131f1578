//! What is done to payloads: tokens inside that are nobody's, content types that choose for the receiver, and content
//! that is not what it says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bulla::base64url::encode;
use bulla::jwa::{ContentEncryptionAlg, SignatureAlg};
use bulla::jws::{Builder, Jws, Policy, Verified};
use bulla::jwt::Expectations;
use bulla::payload::{
    Codec, Decode, Decoders, Jose, JoseJson, Json, JwkJson, JwkSetJson, Jwt, Payload, PayloadError,
    Text,
};
use bulla::{Limits, jwe};
use serde_json::{Value, json};

use crate::forge::{SECRET, flattened, hmac, key, refused, token, verify, verify_flattened};
use crate::jwe_forge::KEY;
use crate::jwe_support::{decrypter, encrypter};
use crate::support::{keys, verifier};

const ENC: ContentEncryptionAlg = ContentEncryptionAlg::A256Gcm;

/// A token of the victim's own correspondent, that says `cty` and holds this.
fn holding(cty: &str, payload: impl AsRef<[u8]>) -> String {
    token(&json!({"alg": "HS256", "cty": cty}).to_string(), payload)
}

fn opened(token: &str) -> Jws<'_, Verified> {
    verify(token).unwrap()
}

/// What the inner token is refused with.
#[track_caller]
fn inner_refused(inner: &str) -> &'static str {
    let outer = holding("JOSE", inner);
    let direct = opened(&outer).decode(&Jose::jws(key())).unwrap_err();
    let decoders = Decoders::plain().with(Jose::jws(key()));
    let by_type = opened(&outer).decode_by_type(&decoders).unwrap_err();
    assert_eq!(direct.code(), by_type.code());
    direct.code()
}

#[test]
fn the_control_is_opened() {
    let inner = token(r#"{"alg":"HS256","cty":"text/plain"}"#, "x");
    let outer = holding("JOSE", &inner);
    let jws = opened(&outer).decode_stated(&Jose::jws(key())).unwrap();
    assert_eq!(jws.decode_stated(&Text).unwrap(), "x");
}

#[test]
fn a_decoder_sees_nothing_that_nobody_signed() {
    struct Counts(AtomicUsize);

    impl Codec for Counts {
        fn media_type(&self) -> &str {
            "text/plain"
        }
    }

    impl Decode for Counts {
        type Value = ();

        fn decode(&self, _: &[u8]) -> Result<(), PayloadError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
    }

    let counts = Counts(AtomicUsize::new(0));
    let read = |token: &str| match verify(token) {
        Ok(jws) => jws.decode_stated(&counts).is_ok(),
        Err(_) => false,
    };
    let honest = holding("text/plain", "x");
    let segments: Vec<&str> = honest.split('.').collect();
    let changed = format!("{}.{}.{}", segments[0], encode("y"), segments[2]);
    let unsecured = format!(
        "{}.{}.",
        encode(r#"{"alg":"none","cty":"text/plain"}"#),
        encode("x")
    );
    assert!(!read(&changed) && !read(&unsecured));
    assert_eq!(counts.0.load(Ordering::Relaxed), 0);
    assert!(read(&honest));
    assert_eq!(counts.0.load(Ordering::Relaxed), 1);
}

#[test]
fn a_token_inside_is_not_believed_because_the_outer_one_is() {
    let unsecured = format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode("x"));
    assert_eq!(inner_refused(&unsecured), "jws.algorithm-not-allowed");

    let other = bulla::generate(SignatureAlg::Es256).unwrap();
    let signed = Builder::new("x")
        .sign_compact(&bulla::signer(&other).unwrap())
        .unwrap();
    assert_eq!(inner_refused(&signed), "jws.algorithm-not-allowed");

    let header = encode(r#"{"alg":"HS256"}"#);
    let input = format!("{header}.{}", encode("x"));
    let forged = format!("{input}.{}", encode(hmac(&[7; 32], input.as_bytes())));
    assert_eq!(inner_refused(&forged), "jws.signature-invalid");
    let stripped = format!("{input}.");
    assert_eq!(inner_refused(&stripped), "jws.signature-invalid");
}

#[test]
fn a_token_inside_does_not_bring_its_own_key() {
    let attacker = bulla::generate(SignatureAlg::Es256).unwrap();
    let forged = Builder::new("x")
        .header("jwk", attacker.public().to_value())
        .sign_compact(&bulla::signer(&attacker).unwrap())
        .unwrap();
    let outer = holding("JOSE", &forged);
    let theirs = Jose::jws(verifier(keys::P256, "ES256"));
    let error = opened(&outer).decode(&theirs).unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
}

/// The token that was meant to be inside, without what should be around it.
#[test]
fn an_outer_layer_cannot_be_left_out() {
    let inner = token(r#"{"alg":"HS256","cty":"text/plain"}"#, "x");
    let error = jwe::Jwe::parse_compact(&inner).unwrap_err();
    assert_eq!(error.code(), "jwe.malformed");
    // And with another's around it.
    let around = Builder::new(&inner).cty("JOSE");
    let other = bulla::generate(SignatureAlg::Es256).unwrap();
    let outer = around
        .sign_compact(&bulla::signer(&other).unwrap())
        .unwrap();
    assert_eq!(refused(&outer), "jws.algorithm-not-allowed");
}

#[test]
fn the_kind_of_a_token_inside_is_not_the_tokens_to_choose() {
    let encrypted = jwe::Builder::new("x", ENC)
        .encrypt_compact(&encrypter(KEY, "A256KW"))
        .unwrap();
    assert_eq!(inner_refused(&encrypted), "jws.malformed");
    let outer = holding("JOSE", token(r#"{"alg":"HS256"}"#, "x"));
    let reader = Jose::jwe(decrypter(KEY, "A256KW"));
    let error = opened(&outer).decode(&reader).unwrap_err();
    assert_eq!(error.code(), "jwe.malformed");
    // Nor its serialization.
    let json = flattened(r#"{"alg":"HS256"}"#, "", "x");
    assert_eq!(inner_refused(&json), "jws.malformed");
    let outer = holding("JOSE+JSON", &json);
    for (reader, fits) in [
        (JoseJson::flattened_jws(key()), true),
        (JoseJson::general_jws(key()), false),
    ] {
        assert_eq!(opened(&outer).decode_stated(&reader).is_ok(), fits);
    }
}

#[test]
fn a_token_inside_is_held_to_a_policy_of_its_own() {
    let critical = token(r#"{"alg":"HS256","crit":["own"],"own":1}"#, "x");
    assert_eq!(inner_refused(&critical), "jws.critical-unknown");
    let outer = holding("JOSE", &critical);
    let understood = Jose::jws(key()).policy(Policy::new().understood("own"));
    opened(&outer).decode(&understood).unwrap();

    let limits = Limits {
        token: critical.len() - 1,
        ..Limits::default()
    };
    let small = Policy::new().understood("own").limits(limits);
    let error = opened(&outer)
        .decode(&Jose::jws(key()).policy(small))
        .unwrap_err();
    assert_eq!(error.code(), "jws.limit-exceeded");
}

/// All must hold where all are asked for.
#[test]
fn one_of_two_signatures_inside_is_forged() {
    let protected = encode(r#"{"alg":"HS256"}"#);
    let input = format!("{protected}.{}", encode("x"));
    let [good, bad] = [&SECRET, &[7; 32]].map(|secret| encode(hmac(secret, input.as_bytes())));
    let json = json!({"payload": encode("x"), "signatures": [
        {"protected": protected, "signature": good},
        {"protected": protected, "signature": bad},
    ]});
    let outer = holding("JOSE+JSON", json.to_string());
    let any = opened(&outer)
        .decode(&JoseJson::general_jws(key()))
        .unwrap();
    assert_eq!(any.failures().len(), 1);
    let all = JoseJson::general_jws(key()).all();
    let error = opened(&outer).decode(&all).unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
}

#[test]
fn an_expired_jwt_inside_is_not_renewed_by_what_is_around() {
    let inner = token(r#"{"alg":"HS256"}"#, r#"{"iss":"i","aud":"a","exp":1}"#);
    let outer = holding("JWT", &inner);
    let reader = Jwt::signed::<()>(Expectations::new("i", "a"), key());
    let error = opened(&outer).decode_stated(&reader).unwrap_err();
    assert_eq!(error.code(), "jwt.expired");
    let unsecured = format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode("{}"));
    let outer = holding("JWT", &unsecured);
    let error = opened(&outer).decode_stated(&reader).unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
}

/// One call opens one layer: how deep a token nests costs nothing to whoever does not go there.
#[test]
fn layers_upon_layers_are_opened_one_at_a_time() {
    let mut nested = token(r#"{"alg":"HS256","cty":"text/plain"}"#, "x");
    let mut layers = 1;
    while nested.len() < 500_000 {
        nested = holding("JOSE", &nested);
        layers += 1;
    }
    assert!(layers > 20);
    let decoders = Decoders::plain().with(Jose::jws(key()));
    let start = Instant::now();
    let Payload::Jws(mut inner) = opened(&nested).decode_by_type(&decoders).unwrap() else {
        panic!("no JWS")
    };
    let mut opened = 2;
    loop {
        match inner.decode_by_type(&decoders).unwrap() {
            Payload::Jws(next) => inner = next,
            Payload::Text(text) => break assert_eq!(text, "x"),
            other => panic!("{other:?}"),
        }
        opened += 1;
    }
    assert_eq!(opened, layers);
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_bomb_inside_is_not_inflated() {
    let bomb = jwe::Builder::new(&vec![0; 4 << 20], ENC)
        .zip(jwe::Deflate)
        .encrypt_compact(&encrypter(KEY, "A256KW"))
        .unwrap();
    let outer = holding("JOSE", &bomb);
    let reader = Jose::jwe(decrypter(KEY, "A256KW"));
    let error = opened(&outer).decode(&reader).unwrap_err();
    assert_eq!(error.code(), "jwe.limit-exceeded");
}

#[test]
fn a_content_type_that_nobody_signed_chooses_nothing() {
    let decoders = Decoders::plain().with(Jose::jws(key()));
    for cty in ["text/plain", "json", "JOSE", "image/png", "no type"] {
        let header = json!({ "cty": cty }).to_string();
        let json = flattened(r#"{"alg":"HS256"}"#, &header, "{}");
        let jws = verify_flattened(&json).unwrap();
        for error in [
            jws.decode_by_type(&decoders).unwrap_err(),
            jws.decode_stated(&Text).unwrap_err(),
        ] {
            assert!(matches!(
                error,
                PayloadError::TypeMissing { unprotected: true }
            ));
        }
    }
    let json = jwe::Builder::new("{}", ENC)
        .unprotected("cty", "json")
        .encrypt_flattened(&encrypter(KEY, "A256KW"))
        .unwrap();
    let jwe = jwe::Jwe::parse_flattened(json.as_bytes()).unwrap();
    let jwe = jwe.decrypt(&decrypter(KEY, "A256KW")).unwrap();
    let error = jwe.decode_by_type(&decoders).unwrap_err();
    assert!(matches!(
        error,
        PayloadError::TypeMissing { unprotected: true }
    ));
}

#[test]
fn a_content_type_reaches_no_decoder_that_was_not_given() {
    let inner = token(r#"{"alg":"HS256"}"#, "x");
    for (cty, payload) in [
        ("JOSE", inner.as_str()),
        ("JOSE+JSON", "{}"),
        ("JWT", inner.as_str()),
        ("x-java-serialized-object", "x"),
    ] {
        let outer = holding(cty, payload);
        let error = opened(&outer)
            .decode_by_type(&Decoders::plain())
            .unwrap_err();
        assert_eq!(error.code(), "payload.type-unsupported", "{cty}");
    }
}

#[test]
fn hostile_content_types_are_only_malformed() {
    let long = "a".repeat(12_000);
    let parameters = ";a=b".repeat(3_000);
    let distinct: String = (0..1_500).map(|index| format!(";p{index}=1")).collect();
    let quotes = format!("text/plain;a=\"{}", "\\\"".repeat(3_000));
    let start = Instant::now();
    for cty in [
        "",
        "/",
        "text",
        "text/",
        "/plain",
        "text//plain",
        "text/plain/",
        "text/plain;",
        "text/plain;charset",
        "text/plain;charset=",
        "text/plain;charset=utf-8;Charset=utf-16",
        "text/plain; charset=utf-8,text/html",
        "text/pla\u{0131}n",
        "\u{ff54}ext/plain",
        "text/plain\u{0}",
        "text/plain\r\nX-Header: 1",
        "\u{202e}nialp/txet",
        "../../etc/passwd",
        "application/../json",
        &long,
        &format!("text/{long}"),
        &format!("text/plain{parameters}"),
        &format!("text/plain{distinct}"),
        &quotes,
    ] {
        let outer = holding(cty, "x");
        let error = opened(&outer)
            .decode_by_type(&Decoders::plain())
            .unwrap_err();
        // `text` is the short form of `application/text`.
        let expected = if cty == "text" {
            "payload.type-unsupported"
        } else {
            "payload.type-malformed"
        };
        assert_eq!(error.code(), expected, "{cty:?}");
        let shown = error.to_string();
        assert!(
            shown.len() < 600 && !shown.contains(['\r', '\n', '\0']),
            "{shown:?}"
        );
    }
    assert!(start.elapsed() < Duration::from_secs(2));
    // Its type is another's than a string.
    assert_eq!(
        refused(&token(r#"{"alg":"HS256","cty":1}"#, "x")),
        "jws.malformed"
    );
}

#[test]
fn another_character_encoding_is_not_read_as_utf_8() {
    for (cty, payload) in [
        ("text/plain;charset=utf-7", "+ADw-script+AD4-"),
        ("text/plain; charset=\"ISO-8859-1\"", "x"),
        ("json;charset=utf-16", "{}"),
    ] {
        let outer = holding(cty, payload);
        let error = opened(&outer)
            .decode_by_type(&Decoders::plain())
            .unwrap_err();
        assert_eq!(error.code(), "payload.type-unsupported", "{cty}");
    }
}

#[test]
fn text_that_is_no_utf_8_is_refused() {
    for octets in [
        &b"\xff"[..],
        b"a\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"a\xc3",
    ] {
        let outer = holding("text/plain", octets);
        let error = opened(&outer)
            .decode_by_type(&Decoders::plain())
            .unwrap_err();
        assert!(matches!(error, PayloadError::NotText { .. }), "{octets:?}");
        assert_eq!(error.code(), "payload.malformed");
        let error = opened(&outer).decode(&Jose::jws(key())).unwrap_err();
        assert_eq!(error.code(), "payload.malformed");
    }
}

#[test]
fn json_that_two_parsers_read_differently_is_refused() {
    for text in [
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"a":[{"b":1,"b":1}]}"#,
        "",
        "{}{}",
        "\u{feff}{}",
        "[1,]",
        "NaN",
        "1e999",
        r#""\ud800""#,
    ] {
        let outer = holding("json", text);
        let error = opened(&outer)
            .decode_by_type(&Decoders::plain())
            .unwrap_err();
        assert_eq!(error.code(), "payload.malformed", "{text}");
        let error = opened(&outer)
            .decode(&Json::<Option<()>>::new())
            .unwrap_err();
        assert!(matches!(
            error.code(),
            "payload.malformed" | "payload.value-invalid"
        ));
    }
}

#[test]
fn deep_json_is_refused_before_it_is_built() {
    let deep = "[".repeat(400_000);
    for (cty, code) in [
        ("json", "payload.limit-exceeded"),
        ("jwk+json", "jwk.limit-exceeded"),
        ("jwk-set+json", "jwk.limit-exceeded"),
    ] {
        let outer = holding(cty, &deep);
        let error = opened(&outer)
            .decode_by_type(&Decoders::plain())
            .unwrap_err();
        assert_eq!(error.code(), code);
    }
    let three = holding("json", "[[[0]]]");
    let limits = |json_depth| Limits {
        json_depth,
        ..Limits::default()
    };
    let json = |depth| Json::<Value>::new().limits(&limits(depth));
    assert!(opened(&three).decode(&json(3)).is_ok());
    let error = opened(&three).decode(&json(2)).unwrap_err();
    assert_eq!(error.code(), "payload.limit-exceeded");
}

#[test]
fn an_error_does_not_repeat_the_payload() {
    #[derive(Debug, serde::Deserialize)]
    enum Role {
        Admin,
    }

    let outer = holding("json", r#""hunter2""#);
    let error = opened(&outer).decode(&Json::<Role>::new()).unwrap_err();
    assert_eq!(error.code(), "payload.value-invalid");
    assert!(!error.to_string().contains("hunter2"));
    let admin = holding("json", r#""Admin""#);
    assert!(matches!(
        opened(&admin).decode(&Json::<Role>::new()).unwrap(),
        Role::Admin
    ));
}

#[test]
fn a_key_inside_is_as_strict_as_any_and_nobodys() {
    for (text, code) in [
        (r#"{"kty":"oct","k":"AA","k":"AQ"}"#, "jwk.malformed"),
        (r#"{"kty":"Telepathy"}"#, "jwk.unsupported"),
        ("[]", "jwk.malformed"),
    ] {
        let outer = holding("jwk+json", text);
        let error = opened(&outer).decode_stated(&JwkJson).unwrap_err();
        assert_eq!(error.code(), code);
    }
    let one = bulla::generate(SignatureAlg::Es256).unwrap().public();
    let set = format!(r#"{{"keys":[{},{{"kty":"Telepathy"}}]}}"#, one.to_json());
    let outer = holding("jwk-set+json", &set);
    let set = opened(&outer).decode_stated(&JwkSetJson).unwrap();
    assert_eq!(
        (set.peek().keys().len(), set.peek().rejected().len()),
        (1, 1)
    );
    // What it takes to use one stands in the calling code.
    let trusted = set.trust();
    assert_eq!(bulla::key_set(&trusted).rejected().len(), 0);
}
