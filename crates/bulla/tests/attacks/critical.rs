//! `crit` (RFC 7515 §4.1.11) and `b64` (RFC 7797).

use bulla::base64url::encode;
use bulla::jws::{Builder, General, Headers, Jws, Policy};

use crate::forge::{
    SECRET, flattened, hmac, key, refused, refused_flattened, segments, token, verify, verify_under,
};
use crate::support::signer;

#[test]
fn a_parameter_nobody_understands() {
    let token = token(r#"{"alg":"HS256","crit":["exp"],"exp":1}"#, "x");
    assert_eq!(refused(&token), "jws.critical-unknown");
    assert_eq!(
        verify_under(&token, Policy::new().understood("exp"))
            .unwrap()
            .payload(),
        b"x"
    );
    let error = verify_under(&token, Policy::new().understood("EXP")).unwrap_err();
    assert_eq!(
        error.code(),
        "jws.critical-unknown",
        "names are compared exactly"
    );
}

#[test]
fn one_understood_and_one_not() {
    let token = token(r#"{"alg":"HS256","crit":["a","b"],"a":1,"b":2}"#, "x");
    assert_eq!(
        verify_under(&token, Policy::new().understood("a"))
            .unwrap_err()
            .code(),
        "jws.critical-unknown"
    );
    verify_under(&token, Policy::new().understood("a").understood("b")).unwrap();
}

#[test]
fn a_crit_of_the_wrong_form() {
    for crit in [
        "[]",
        "null",
        "\"exp\"",
        "{}",
        "[1]",
        "[null]",
        "[[\"exp\"]]",
        "true",
        "[\"exp\",\"exp\"]",
        "[\"\"]",
    ] {
        let token = token(&format!(r#"{{"alg":"HS256","crit":{crit},"exp":1}}"#), "x");
        let error =
            verify_under(&token, Policy::new().understood("exp").understood("")).unwrap_err();
        assert_eq!(error.code(), "jws.malformed", "{crit}");
    }
}

#[test]
fn a_crit_that_names_a_registered_parameter() {
    for name in [
        "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit",
    ] {
        let value = match name {
            "alg" | "crit" => String::new(),
            "kid" | "typ" | "cty" => format!(r#","{name}":"v""#),
            _ => continue_with(name),
        };
        let token = token(
            &format!(r#"{{"alg":"HS256","crit":["{name}"]{value}}}"#),
            "x",
        );
        let error = verify_under(&token, Policy::new().understood(name)).unwrap_err();
        assert_eq!(error.code(), "jws.malformed", "{name}");
    }
}

fn continue_with(name: &str) -> String {
    let value = match name {
        "jwk" => r#"{"kty":"oct","k":"AA"}"#.to_owned(),
        "x5c" => r#"["AAAA"]"#.to_owned(),
        "x5t" => format!("\"{}\"", encode([0; 20])),
        "x5t#S256" => format!("\"{}\"", encode([0; 32])),
        _ => r#""https://example.com""#.to_owned(),
    };
    format!(r#","{name}":{value}"#)
}

#[test]
fn a_crit_that_names_an_absent_parameter() {
    let token = token(r#"{"alg":"HS256","crit":["exp"]}"#, "x");
    assert_eq!(
        verify_under(&token, Policy::new().understood("exp"))
            .unwrap_err()
            .code(),
        "jws.malformed"
    );
}

#[test]
fn a_crit_that_names_an_unprotected_parameter() {
    let json = flattened(r#"{"alg":"HS256","crit":["exp"]}"#, r#"{"exp":1}"#, "x");
    let policy = Policy::new().understood("exp");
    let error = Jws::parse_flattened_with(json.as_bytes(), policy)
        .and_then(|jws| jws.verify(&key()))
        .unwrap_err();
    assert_eq!(error.code(), "jws.malformed");
}

#[test]
fn a_crit_in_an_unprotected_header() {
    let json = flattened(r#"{"alg":"HS256","exp":1}"#, r#"{"crit":["exp"]}"#, "x");
    assert_eq!(refused_flattened(&json), "jws.malformed");
}

#[test]
fn a_zip_in_an_unprotected_header() {
    assert_eq!(
        refused_flattened(&flattened(r#"{"alg":"HS256"}"#, r#"{"zip":"DEF"}"#, "x")),
        "jws.malformed"
    );
}

#[test]
fn b64_that_is_not_a_boolean() {
    for value in ["\"false\"", "0", "null", "[]", "\"\""] {
        let token = token(
            &format!(r#"{{"alg":"HS256","b64":{value},"crit":["b64"]}}"#),
            "x",
        );
        assert_eq!(refused(&token), "jws.malformed", "{value}");
    }
}

#[test]
fn b64_false_without_crit() {
    let header = encode(br#"{"alg":"HS256","b64":false}"#);
    assert_eq!(refused(&segments(&header, "x")), "jws.malformed");
    assert_eq!(refused(&segments(&header, &encode(b"x"))), "jws.malformed");
}

#[test]
fn crit_names_b64_that_is_not_there() {
    assert_eq!(
        refused(&token(r#"{"alg":"HS256","crit":["b64"]}"#, "x")),
        "jws.malformed"
    );
}

#[test]
fn b64_true_is_what_it_would_be_without() {
    assert_eq!(
        verify(&token(r#"{"alg":"HS256","b64":true,"crit":["b64"]}"#, "x"))
            .unwrap()
            .payload(),
        b"x"
    );
}

#[test]
fn b64_in_an_unprotected_header() {
    assert_eq!(
        refused_flattened(&flattened(r#"{"alg":"HS256"}"#, r#"{"b64":false}"#, "x")),
        "jws.malformed"
    );
    let both = flattened(r#"{"alg":"HS256"}"#, r#"{"b64":false,"crit":["b64"]}"#, "x");
    assert_eq!(refused_flattened(&both), "jws.malformed");
}

#[test]
fn b64_differs_between_signatures() {
    let entry = |protected: &str, payload: &str| {
        let protected = encode(protected.as_bytes());
        let signature = encode(hmac(&SECRET, format!("{protected}.{payload}").as_bytes()));
        format!(r#"{{"protected":"{protected}","signature":"{signature}"}}"#)
    };
    let encoded = entry(r#"{"alg":"HS256"}"#, "eHh4");
    let unencoded = entry(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, "eHh4");
    let json = format!(r#"{{"payload":"eHh4","signatures":[{encoded},{unencoded}]}}"#);
    let error = Jws::parse_general(json.as_bytes())
        .and_then(|jws| jws.verify(&key()))
        .unwrap_err();
    assert_eq!(error.code(), "jws.malformed");
}

#[test]
fn b64_differing_is_not_signed_either() {
    let signer = signer(
        r#"{"kty":"oct","k":"QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI"}"#,
        "HS256",
    );
    let error = General::new("x")
        .sign(&Headers::new(), &signer)
        .and_then(|general| general.sign(&Headers::new().unencoded(), &signer))
        .unwrap_err();
    assert_eq!(error.code(), "jws.payload-encoding-mixed");
}

#[test]
fn a_dot_in_an_unencoded_compact_payload() {
    let header = encode(br#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
    assert_eq!(refused(&segments(&header, "a.b")), "jws.malformed");
    assert_eq!(verify(&segments(&header, "ab")).unwrap().payload(), b"ab");
}

#[test]
fn an_unencoded_payload_read_as_encoded_is_another_payload() {
    // The same octets in the token, signed as `b64` false, mean themselves and not what they decode to.
    let header = encode(br#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
    assert_eq!(
        verify(&segments(&header, "eHh4")).unwrap().payload(),
        b"eHh4"
    );
    assert_eq!(
        verify(&segments(&encode(br#"{"alg":"HS256"}"#), "eHh4"))
            .unwrap()
            .payload(),
        b"xxx"
    );
}

#[test]
fn an_unencoded_payload_that_is_no_text_stands_only_beside_the_token() {
    let signer = signer(
        r#"{"kty":"oct","k":"QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI"}"#,
        "HS256",
    );
    let payload = [0xff, 0xfe, b'.'];
    for made in [
        Builder::new(&payload).unencoded().sign_compact(&signer),
        Builder::new(&payload).unencoded().sign_flattened(&signer),
    ] {
        assert_eq!(made.unwrap_err().code(), "jws.payload-unencodable");
    }
    let detached = Builder::new(&payload)
        .unencoded()
        .detached()
        .sign_compact(&signer)
        .unwrap();
    Jws::parse_compact(&detached)
        .unwrap()
        .verify_detached(&payload, &key())
        .unwrap();
    let header = encode(br#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
    let json = [
        br#"{"payload":"?","protected":""#,
        header.as_bytes(),
        br#"","signature":"AA"}"#,
    ]
    .concat();
    let json: Vec<u8> = json
        .into_iter()
        .map(|octet| if octet == b'?' { 0xff } else { octet })
        .collect();
    assert_eq!(
        Jws::parse_flattened(&json).unwrap_err().code(),
        "jws.malformed"
    );
}

#[test]
fn we_never_sign_what_we_would_refuse() {
    let signer = signer(
        r#"{"kty":"oct","k":"QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI"}"#,
        "HS256",
    );
    for (name, value) in [
        ("crit", serde_json::json!([])),
        ("crit", serde_json::json!(["alg"])),
        ("crit", serde_json::json!(["absent"])),
        ("b64", serde_json::json!(false)),
        ("b64", serde_json::json!("false")),
        ("kid", serde_json::json!(1)),
        ("alg", serde_json::json!("none")),
    ] {
        assert!(
            Builder::new("x")
                .header(name, value.clone())
                .sign_compact(&signer)
                .is_err(),
            "{name}: {value}"
        );
    }
    for (name, value) in [
        ("crit", serde_json::json!(["a"])),
        ("b64", serde_json::json!(false)),
        ("long", serde_json::json!("y".repeat(17_000))),
    ] {
        assert!(
            Builder::new("x")
                .unprotected(name, value)
                .sign_flattened(&signer)
                .is_err(),
            "{name}"
        );
    }
}
