use super::Toy;
use crate::base64url;
use crate::jws::compact::verify_compact;
use crate::jws::{Builder, Headers, Jws, Policy, VerifyError};
use crate::limits::Limits;

fn code(token: &str, toy: &std::sync::Arc<Toy>) -> &'static str {
    let by_parts = Jws::parse_compact(token)
        .and_then(|jws| jws.verify(&toy.verifier()))
        .map(drop);
    let by_text = verify_compact(token, &toy.verifier(), &Policy::new()).map(drop);
    let code = by_parts.map_or_else(|error| error.code(), |()| "ok");
    assert_eq!(
        by_text.map_or_else(|error| error.code(), |()| "ok"),
        code,
        "the two paths differ on {token:?}"
    );
    code
}

#[test]
fn what_is_built_is_read_back() {
    let toy = Toy::new("TOY", "one");
    for payload in [&b""[..], b"hello", &[0xff, 0x00, 0x80]] {
        let token = Builder::new(payload)
            .typ("JOSE")
            .sign_compact(&toy.signer())
            .unwrap();
        let jws = Jws::parse_compact(&token)
            .unwrap()
            .verify(&toy.verifier())
            .unwrap();
        assert_eq!(jws.payload(), payload);
        assert_eq!(jws.verified()[0].header().typ(), Some("JOSE"));
        assert_eq!(jws.verified()[0].header().kid(), Some("one"));
        assert_eq!(jws.verified()[0].key().kid(), Some("one"));
    }
}

#[test]
fn anything_but_three_parts_is_malformed() {
    let toy = Toy::new("TOY", "one");
    let good = toy.token(r#"{"alg":"TOY"}"#, "aGk");
    assert_eq!(code(&good, &toy), "ok");
    for bad in [
        String::new(),
        ".".into(),
        "..".into(),
        good.replace('.', ""),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}.a.b"),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{good}="),
        format!("\u{feff}{good}"),
        format!("\"{good}\""),
        format!("Bearer {good}"),
        format!("{good}\0"),
    ] {
        assert_eq!(code(&bad, &toy), "jws.malformed", "{bad:?}");
    }
}

#[test]
fn a_million_dots_cost_nothing() {
    let toy = Toy::new("TOY", "one");
    assert_eq!(code(&".".repeat(1_000_000), &toy), "jws.malformed");
    assert_eq!(code(&".".repeat(2_000_000), &toy), "jws.limit-exceeded");
}

#[test]
fn a_changed_octet_is_a_wrong_signature() {
    let toy = Toy::new("TOY", "one");
    let good = toy.token(r#"{"alg":"TOY"}"#, "aGk");
    let other = toy.token(r#"{"alg":"TOY"}"#, "aGo");
    let (_, signature) = other.rsplit_once('.').unwrap();
    let (signed, _) = good.rsplit_once('.').unwrap();
    for bad in [
        format!("{signed}.{signature}"),
        format!("{signed}."),
        good.replace("aGk", "aGo"),
    ] {
        assert_eq!(code(&bad, &toy), "jws.signature-invalid", "{bad:?}");
    }
}

#[test]
fn the_algorithm_is_the_keys_and_nothing_else() {
    let toy = Toy::new("TOY", "one");
    for alg in ["none", "None", "nOnE", "toy", "TOY ", "", "HS256"] {
        let token = toy.token(&format!(r#"{{"alg":"{alg}"}}"#), "aGk");
        assert_eq!(code(&token, &toy), "jws.algorithm-not-allowed", "{alg:?}");
    }
    let unsigned = format!("{}.aGk.", base64url::encode(r#"{"alg":"none"}"#));
    assert_eq!(code(&unsigned, &toy), "jws.algorithm-not-allowed");
    for header in [
        r"{}",
        r#"{"alg":null}"#,
        r#"{"alg":["TOY"]}"#,
        r#"{"ALG":"TOY"}"#,
    ] {
        assert_eq!(
            code(&toy.token(header, "aGk"), &toy),
            "jws.malformed",
            "{header}"
        );
    }
}

#[test]
fn an_algorithm_that_calls_itself_none_neither_signs_nor_verifies() {
    let toy = Toy::new("none", "one");
    assert_eq!(
        code(&toy.token(r#"{"alg":"none"}"#, "aGk"), &toy),
        "jws.algorithm-not-allowed"
    );
    let error = Builder::new("hi").sign_compact(&toy.signer()).unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
}

#[test]
fn headers_that_are_not_what_they_should_be_are_malformed() {
    let toy = Toy::new("TOY", "one");
    for header in [
        r"[]",
        r#""TOY""#,
        r"",
        r#"{"alg":"TOY""#,
        r#"{"alg":"TOY"} x"#,
        r#"{"alg":"TOY","alg":"TOY"}"#,
        r#"{"alg":"TOY","\u0061lg":"TOY"}"#,
        r#"{"alg":"TOY","x":{"a":1,"a":2}}"#,
        r#"{"alg":"TOY","kid":1}"#,
        r#"{"alg":"TOY","kid":null}"#,
        r#"{"alg":"TOY","typ":{}}"#,
        r#"{"alg":"TOY","cty":[]}"#,
        r#"{"alg":"TOY","jku":1}"#,
        r#"{"alg":"TOY","x5u":false}"#,
        r#"{"alg":"TOY","jwk":"x"}"#,
        r#"{"alg":"TOY","x5c":"x"}"#,
        r#"{"alg":"TOY","x5c":[]}"#,
        r#"{"alg":"TOY","x5c":[1]}"#,
        r#"{"alg":"TOY","x5t":"AA"}"#,
        r#"{"alg":"TOY","x5t#S256":"AA"}"#,
        r#"{"alg":"TOY","b64":"false"}"#,
        r#"{"alg":"TOY","b64":false}"#,
        "\u{feff}{\"alg\":\"TOY\"}",
        r#"{"alg":"TOY","kid":"\ud800"}"#,
    ] {
        assert_eq!(
            code(&toy.token(header, "aGk"), &toy),
            "jws.malformed",
            "{header}"
        );
    }
}

#[test]
fn limits_are_on_by_default() {
    let toy = Toy::new("TOY", "one");
    let header = |name: &str, value: String| format!(r#"{{"alg":"TOY","{name}":{value}}}"#);
    let deep = format!("{}{}", "[".repeat(40), "]".repeat(40));
    for (name, value) in [
        ("kid", format!("{:?}", "k".repeat(257))),
        ("x", format!("{:?}", "k".repeat(17 * 1024))),
        ("x", deep),
        ("x5c", format!("[{}\"AAAA\"]", "\"AAAA\",".repeat(8))),
    ] {
        assert_eq!(
            code(&toy.token(&header(name, value), "aGk"), &toy),
            "jws.limit-exceeded",
            "{name}"
        );
    }
    assert_eq!(
        code(
            &toy.token(&header("kid", format!("{:?}", "k".repeat(256))), "aGk"),
            &toy
        ),
        "ok"
    );
    let policy = Policy::new().limits(Limits {
        token: 10,
        ..Limits::default()
    });
    let error = Jws::parse_compact_with(&toy.token(r#"{"alg":"TOY"}"#, "aGk"), policy).unwrap_err();
    assert!(matches!(error, VerifyError::LimitExceeded { .. }));
}

#[test]
fn a_known_header_is_judged_by_every_policy_anew() {
    let toy = Toy::new("TOY", "one");
    let verifier = toy.verifier();
    let token = toy.token(r#"{"alg":"TOY","crit":["x"],"x":1}"#, "aGk");
    let knows = Policy::new().understood("x");
    verify_compact(&token, &verifier, &knows).unwrap();
    let error = verify_compact(&token, &verifier, &Policy::new())
        .map(drop)
        .unwrap_err();
    assert_eq!(error.code(), "jws.critical-unknown");
    let short = knows.limits(Limits {
        header: 10,
        ..Limits::default()
    });
    assert_eq!(
        verify_compact(&token, &verifier, &short)
            .map(drop)
            .unwrap_err()
            .code(),
        "jws.limit-exceeded"
    );
}

#[test]
fn only_a_valid_signature_makes_a_header_known_and_a_wrong_one_is_tried_once() {
    let toy = Toy::new("TOY", "one");
    let verifier = toy.verifier();
    let policy = Policy::new();
    let good = toy.token(r#"{"alg":"TOY"}"#, "aGk");
    let bad = good.replace("aGk", "aGo");
    assert!(verify_compact(&bad, &verifier, &policy).is_err());
    assert_eq!(format!("{:?}", verifier.headers), "HeaderCache(0 of 4)");
    verify_compact(&good, &verifier, &policy).map(drop).unwrap();
    verify_compact(&good, &verifier, &policy).map(drop).unwrap();
    assert_eq!(format!("{:?}", verifier.headers), "HeaderCache(1 of 4)");
    let before = toy.checks();
    assert!(verify_compact(&bad, &verifier, &policy).is_err());
    assert_eq!(toy.checks() - before, 1);
}

#[test]
fn several_keys_are_tried_in_order_and_every_error_is_kept() {
    let toys = ["a", "b", "c", "d", "e"].map(|name| Toy::new("TOY", name));
    let keys: Vec<_> = toys.iter().map(Toy::verifier).collect();
    let third = toys[2].token(r#"{"alg":"TOY"}"#, "aGk");
    let jws = Jws::parse_compact(&third).unwrap().verify(&keys).unwrap();
    assert_eq!(jws.verified()[0].key().kid(), Some("c"));
    let fifth = toys[4].token(r#"{"alg":"TOY"}"#, "aGk");
    match Jws::parse_compact(&fifth)
        .unwrap()
        .verify(&keys)
        .map(drop)
        .unwrap_err()
    {
        VerifyError::Several(errors) => assert_eq!(errors.len(), 4, "four keys are tried, no more"),
        other => panic!("{other:?}"),
    }
    assert_eq!(toys[4].checks(), 0);
}

#[test]
fn the_header_is_built_in_order_and_read_back_before_it_is_signed() {
    let toy = Toy::new("TOY", "one");
    let header = |headers: Headers| {
        let token = Builder::new("")
            .headers(headers)
            .sign_compact(&toy.signer())?;
        let segment = token.split('.').next().unwrap().to_owned();
        Ok::<_, crate::jws::BuildError>(
            String::from_utf8(base64url::decode(segment).unwrap()).unwrap(),
        )
    };
    assert_eq!(
        header(Headers::new()).unwrap(),
        r#"{"alg":"TOY","kid":"one"}"#
    );
    assert_eq!(
        header(Headers::new().without_kid()).unwrap(),
        r#"{"alg":"TOY"}"#
    );
    assert_eq!(
        header(Headers::new().kid("x").typ("t")).unwrap(),
        r#"{"alg":"TOY","kid":"x","typ":"t"}"#
    );
    let critical = header(Headers::new().without_kid().critical("x", 1)).unwrap();
    assert_eq!(critical, r#"{"alg":"TOY","x":1,"crit":["x"]}"#);
    assert_eq!(
        header(Headers::new().protected_octets(r#"{ "alg":"TOY"}"#)).unwrap(),
        r#"{ "alg":"TOY"}"#
    );
    for bad in [
        Headers::new().protected("alg", "none"),
        Headers::new().protected("alg", 1),
        Headers::new().protected("kid", 1),
        Headers::new().protected("crit", serde_json::json!([])),
        Headers::new().protected("crit", serde_json::json!(["x"])),
        Headers::new().protected("b64", false),
        Headers::new().critical("alg", "TOY"),
        Headers::new().protected_octets(r#"{"alg":"HS256"}"#),
        Headers::new().protected_octets(r#"{"alg":"TOY","alg":"TOY"}"#),
        Headers::new().unprotected("x", 1),
        Headers::new().kid("k".repeat(20_000)),
    ] {
        assert!(header(bad.clone()).is_err(), "{bad:?}");
    }
}
