use serde_json::json;

use super::Toy;
use crate::base64url;
use crate::jws::{Builder, General, Headers, Jws, VerifyError};

fn segment(header: &str) -> String {
    base64url::encode(header)
}

#[test]
fn what_is_built_is_read_back() {
    let (one, two) = (Toy::new("TOY", "one"), Toy::new("TOY2", "two"));
    let flat = Builder::new("hi")
        .unprotected("x", 1)
        .sign_flattened(&one.signer())
        .unwrap();
    let jws = Jws::parse_flattened(flat.as_bytes()).unwrap();
    assert_eq!(
        jws.signatures()[0].unprotected().unwrap().get("x"),
        Some(&json!(1))
    );
    assert_eq!(jws.verify(&one.verifier()).unwrap().payload(), b"hi");

    let general = General::new("hi")
        .sign(&Headers::new().typ("a"), &one.signer())
        .unwrap()
        .sign(&Headers::new().unprotected("note", "b"), &two.signer())
        .unwrap()
        .finish()
        .unwrap();
    let parse = || Jws::parse_general(general.as_bytes()).unwrap();
    let both = vec![one.verifier(), two.verifier()];
    assert_eq!(parse().verify_all(&both).unwrap().verified().len(), 2);
    let by_two = parse().verify(&two.verifier()).unwrap();
    assert_eq!(by_two.verified()[0].index(), 1);
    assert_eq!(by_two.failures()[0].1.code(), "jws.algorithm-not-allowed");
    assert_eq!(
        parse().verify_all(&two.verifier()).unwrap_err().code(),
        "jws.algorithm-not-allowed"
    );
}

#[test]
fn the_forms_do_not_mix() {
    let toy = Toy::new("TOY", "one");
    let protected = segment(r#"{"alg":"TOY"}"#);
    let signature = toy.signature(&protected, "aGk");
    let entry = json!({"protected": protected, "signature": signature});
    let flat = json!({"payload": "aGk", "protected": protected, "signature": signature});
    let general = json!({"payload": "aGk", "signatures": [entry]});
    let reads = |text: &serde_json::Value, general: bool| {
        let text = text.to_string();
        let jws = if general {
            Jws::parse_general(text.as_bytes())
        } else {
            Jws::parse_flattened(text.as_bytes())
        };
        jws.and_then(|jws| jws.verify(&toy.verifier()))
            .map_or_else(|error| error.code(), |_| "ok")
    };
    assert_eq!((reads(&flat, false), reads(&general, true)), ("ok", "ok"));
    assert_eq!(
        (reads(&flat, true), reads(&general, false)),
        ("jws.malformed", "jws.malformed")
    );
    let with = |base: &serde_json::Value, name: &str, value: serde_json::Value| {
        let mut base = base.clone();
        base[name] = value;
        base
    };
    for (name, value) in [
        ("signature", json!("")),
        ("protected", json!("")),
        ("header", json!({})),
    ] {
        assert_eq!(
            reads(&with(&general, name, value), true),
            "jws.malformed",
            "{name}"
        );
    }
    assert_eq!(
        reads(&with(&flat, "signatures", json!([])), false),
        "jws.malformed"
    );
    for name in [
        "ciphertext",
        "iv",
        "tag",
        "aad",
        "encrypted_key",
        "recipients",
        "unprotected",
    ] {
        assert_eq!(
            reads(&with(&flat, name, json!("x")), false),
            "jws.malformed",
            "{name}"
        );
    }
    assert_eq!(
        reads(&with(&flat, "unknown", json!({"a": [1]})), false),
        "ok"
    );
    for (name, value) in [
        ("payload", json!(1)),
        ("protected", json!(null)),
        ("header", json!([])),
        ("signature", json!(1)),
    ] {
        assert_eq!(
            reads(&with(&flat, name, value), false),
            "jws.malformed",
            "{name}"
        );
    }
    assert_eq!(
        reads(&json!({"payload": "aGk", "signatures": []}), true),
        "jws.malformed"
    );
    let many: Vec<_> = (0..17).map(|_| entry.clone()).collect();
    assert_eq!(
        reads(&json!({"payload": "aGk", "signatures": many}), true),
        "jws.limit-exceeded"
    );
}

#[test]
fn the_unprotected_header_may_name_the_algorithm_but_nothing_critical() {
    let toy = Toy::new("TOY", "one");
    let reads = |protected: Option<&str>, header: serde_json::Value| {
        let segment = protected.map(segment);
        let signature = toy.signature(segment.as_deref().unwrap_or_default(), "aGk");
        let mut form = json!({"payload": "aGk", "header": header, "signature": signature});
        if let Some(segment) = segment {
            form["protected"] = segment.into();
        }
        let text = form.to_string();
        Jws::parse_flattened(text.as_bytes())
            .and_then(|jws| jws.verify(&toy.verifier()))
            .map_or_else(|error| error.code(), |_| "ok")
    };
    assert_eq!(reads(None, json!({"alg": "TOY"})), "ok");
    assert_eq!(reads(Some(r#"{"typ":"x"}"#), json!({"alg": "TOY"})), "ok");
    assert_eq!(reads(None, json!({})), "jws.malformed");
    assert_eq!(reads(Some(""), json!({"alg": "TOY"})), "jws.malformed");
    assert_eq!(
        reads(Some(r#"{"alg":"TOY"}"#), json!({"alg": "TOY"})),
        "jws.malformed"
    );
    for name in ["crit", "b64", "zip"] {
        assert_eq!(
            reads(Some(r#"{"alg":"TOY"}"#), json!({name: ["x"]})),
            "jws.malformed",
            "{name}"
        );
    }
    assert_eq!(
        reads(Some(r#"{"alg":"TOY","crit":["x"]}"#), json!({"x": 1})),
        "jws.malformed"
    );
}

#[test]
fn signatures_agree_on_the_payloads_encoding() {
    let toy = Toy::new("TOY", "one");
    let first = General::new("hi")
        .sign(&Headers::new(), &toy.signer())
        .unwrap();
    let error = first
        .sign(&Headers::new().unencoded(), &toy.signer())
        .unwrap_err();
    assert_eq!(error.code(), "jws.payload-encoding-mixed");
    let encoded = segment(r#"{"alg":"TOY"}"#);
    let plain = segment(r#"{"alg":"TOY","crit":["b64"],"b64":false}"#);
    let text = json!({"payload": "aGk", "signatures": [
        {"protected": encoded, "signature": toy.signature(&encoded, "aGk")},
        {"protected": plain, "signature": toy.signature(&plain, "aGk")},
    ]})
    .to_string();
    assert_eq!(
        Jws::parse_general(text.as_bytes()).unwrap_err().code(),
        "jws.malformed"
    );
}

#[test]
fn a_detached_payload_is_supplied_exactly_where_it_is_missing() {
    let toy = Toy::new("TOY", "one");
    let json = Builder::new("hi")
        .detached()
        .sign_flattened(&toy.signer())
        .unwrap();
    let parse = || Jws::parse_flattened(json.as_bytes()).unwrap();
    assert!(parse().is_detached());
    assert!(matches!(
        parse().verify(&toy.verifier()),
        Err(VerifyError::Payload { attached: false })
    ));
    assert_eq!(
        parse()
            .verify_detached(b"hi", &toy.verifier())
            .unwrap()
            .payload(),
        b"hi"
    );
    let wrong = parse().verify_detached(b"ho", &toy.verifier()).unwrap_err();
    assert_eq!(wrong.code(), "jws.signature-invalid");
    let attached = Builder::new("hi").sign_compact(&toy.signer()).unwrap();
    let twice = Jws::parse_compact(&attached)
        .unwrap()
        .verify_detached(b"hi", &toy.verifier());
    assert!(matches!(
        twice,
        Err(VerifyError::Payload { attached: true })
    ));
}
