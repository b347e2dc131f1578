use serde_json::json;

use super::*;

const EC: &str = r#"{"kty":"EC","crv":"P-256","kid":"good",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

/// Parsed from text, and from a value where the text is JSON that has one.
fn parse(text: &str) -> Result<JwkSet, KeyError> {
    let parsed = JwkSet::parse(text);
    if let Ok(set) = &parsed {
        let value = serde_json::from_str(text).unwrap();
        assert_eq!(JwkSet::from_value(&value).as_ref(), Ok(set));
    }
    parsed
}

#[test]
fn one_bad_key_does_not_spoil_the_set() {
    let bad = [
        r#"{"kty":"RSA","kid":"short"}"#,
        r#"{"kty":"Telepathy","kid":"new"}"#,
        r#"{"kty":"EC","crv":"P-256","x":1,"y":null,"kid":"wrong types"}"#,
        r#"{"kid":"no type"}"#,
        r#"{"kty":"oct","k":"AA==","kid":7}"#,
        "null",
        "[[{}]]",
        "\"a\"",
        "17",
        "{}",
    ];
    let elements: Vec<&str> = bad.iter().flat_map(|bad| [*bad, EC]).collect();
    let set = parse(&format!(r#"{{"keys":[{}]}}"#, elements.join(","))).unwrap();
    assert_eq!(set.keys().len(), bad.len());
    assert!(set.keys().iter().all(|key| *key == Jwk::parse(EC).unwrap()));
    let indices: Vec<usize> = set.rejected().iter().map(|key| key.index).collect();
    let expected: Vec<usize> = (0..bad.len()).map(|index| 2 * index).collect();
    assert_eq!(indices, expected);
    let kids: Vec<_> = set
        .rejected()
        .iter()
        .filter_map(|key| key.kid.as_deref())
        .collect();
    assert_eq!(kids, ["short", "new", "wrong types", "no type"]);
    assert_eq!(set.rejected()[1].error.code(), "jwk.unsupported");
}

#[test]
fn nothing_of_one_key_is_seen_in_the_next() {
    let set = parse(
        r#"{"keys":[
            {"kty":"EC","crv":"P-256","kid":"a","alg":"ES256","use":"sig","key_ops":["sign"],"note":1,
             "x5u":"u","x5c":["MAA="],"d":"AA"},
            {"kty":"oct","k":"AQ"},
            {"kty":7,"k":"AQ"},
            {"kty":"oct","k":"Ag"},
            {"kty":"oct"}]}"#,
    )
    .unwrap();
    let secret = |k: u8| Jwk::Secret(crate::jwk::SecretJwk::new(vec![k]));
    assert_eq!(set.keys(), [secret(1), secret(2)]);
    assert_eq!(set.rejected().len(), 3);
    assert_eq!(
        set.rejected()[2].error,
        KeyError::malformed("k", "is missing")
    );
}

#[test]
fn a_set_that_is_none_is_refused() {
    for (text, what) in [
        ("{}", "keys"),
        (r#"{"keys":null}"#, "keys"),
        (r#"{"keys":{}}"#, "keys"),
        (r#"{"keys":"[]"}"#, "keys"),
        (r#"{"Keys":[]}"#, "keys"),
        (EC, "keys"),
        ("[]", "a JWK Set"),
        ("null", "a JWK Set"),
        ("\"keys\"", "a JWK Set"),
    ] {
        match parse(text) {
            Err(KeyError::Malformed(malformed)) => assert_eq!(malformed.what, what, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert_eq!(parse(r#"{"keys":[]}"#).unwrap(), JwkSet::default());
}

#[test]
fn json_that_is_not_strict_is_refused_whole() {
    for text in [
        format!(r#"{{"keys":[{EC}],"keys":[]}}"#),
        format!(r#"{{"keys":[{EC}],"note":1,"note":1}}"#),
        format!(r#"{{"keys":[{EC},{{"kty":"oct","kty":"oct"}}]}}"#),
        format!(r#"{{"keys":[{EC},{{"kty":"x","deep":[{{"a":1,"a":2}}]}}]}}"#),
        format!(r#"{{"keys":[{EC},null,[{{"a":1,"a":2}}]]}}"#),
        format!(r#"{{"keys":[{EC}]}} x"#),
        format!(r#"{{"keys":[{EC}"#),
        format!("\u{feff}{{\"keys\":[{EC}]}}"),
        format!(r#"{{"keys":[{EC}],"note":"\udc00"}}"#),
    ] {
        let error = JwkSet::parse(&text).unwrap_err();
        assert!(matches!(error, KeyError::Json(_)), "{text}: {error:?}");
    }
}

#[test]
fn a_set_over_a_limit_is_refused_whole() {
    let of = |count: usize| format!(r#"{{"keys":[{}]}}"#, vec!["{}"; count].join(","));
    assert_eq!(parse(&of(1_000)).unwrap().rejected().len(), 1_000);
    for text in [
        of(1_001),
        of(100_000),
        format!(r#"{{"keys":[],"pad":"{}"}}"#, " ".repeat(2 * 1024 * 1024)),
        format!(
            r#"{{"keys":[],"deep":{}{}}}"#,
            "[".repeat(32),
            "]".repeat(32)
        ),
    ] {
        assert_eq!(
            JwkSet::parse(&text).unwrap_err().code(),
            "jwk.limit-exceeded"
        );
    }
    let broken = format!("{}x", &of(1_001)[..3_000]);
    assert!(matches!(JwkSet::parse(broken), Err(KeyError::Json(_))));
}

#[test]
fn a_key_over_a_limit_is_rejected_alone() {
    let long = "k".repeat(257);
    let text = format!(
        r#"{{"keys":[{EC},{{"kty":"oct","k":"AQ","kid":"{long}"}},{{"kty":"x","kid":"{long}"}},{EC}]}}"#
    );
    let set = parse(&text).unwrap();
    assert_eq!(set.keys().len(), 2);
    let [limit, unknown] = set.rejected() else {
        panic!("two")
    };
    assert_eq!(
        (limit.index, &limit.kid, limit.error.code()),
        (1, &None, "jwk.limit-exceeded")
    );
    assert_eq!((unknown.index, &unknown.kid), (2, &None));
}

#[test]
fn other_members_are_kept_and_kids_need_not_be_unique() {
    let text = format!(r#"{{"note":{{"a":[1]}},"keys":[{EC},{EC},{{"kty":"oct","k":"AQ"}}]}}"#);
    let set = parse(&text).unwrap();
    assert_eq!(set.other()["note"], json!({"a": [1]}));
    assert_eq!(set.find("good").count(), 2);
    assert_eq!(set.find("Good").count(), 0);
    assert_eq!(parse(&set.to_json()).unwrap(), set);
    assert!(set.to_json().ends_with(r#","note":{"a":[1]}}"#));

    let public = set.public();
    assert_eq!(public.keys().len(), 2, "the secret is not published");
    assert_eq!(public.public_keys().count(), 2);
}
