//! Claims into types of the caller's, and payloads that are not claims.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::value::RawValue;

use super::*;

const PAYLOAD: &str = r#"{"iss":"i","sub":"\u0073","aud":["a","\u0062"],"exp":4000000000.5,"nbf":-1,"iat":0,"jti":"j","scope":"read","deep":{"exp":"x"}}"#;

fn owned<T: DeserializeOwned>(payload: &str) -> Result<Valid<'static, T>, VerifyError> {
    anything().verify(&token(payload), &verifier())
}

/// Whatever the caller's type looks at, the registered claims are found.
fn finds_all<T: DeserializeOwned>() -> T {
    let valid = owned::<T>(PAYLOAD).unwrap();
    assert_eq!(
        (valid.issuer(), valid.subject(), valid.jwt_id()),
        (Some("i"), Some("s"), Some("j"))
    );
    assert_eq!(valid.audience().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(
        valid.expires_at(),
        Some(time(4_000_000_000) + Duration::from_millis(500))
    );
    assert_eq!(
        (valid.not_before(), valid.issued_at()),
        (Some(time(-1)), Some(time(0)))
    );
    assert_eq!(valid.payload(), PAYLOAD.as_bytes());
    // And a type is not a way around the rules.
    for (payload, code) in [
        (PAYLOAD.replace("\"j\"", "null"), "jwt.claim-invalid"),
        (
            PAYLOAD.replace("4000000000.5", "\"x\""),
            "jwt.claim-invalid",
        ),
        (PAYLOAD.replace("4000000000.5", "1"), "jwt.expired"),
        (
            PAYLOAD.replace("\"deep\"", "\"j\\u0074i\""),
            "jwt.malformed",
        ),
        (
            PAYLOAD.replace("{\"exp\"", "{\"exp\":1,\"exp\""),
            "jwt.malformed",
        ),
        (format!("{PAYLOAD} {{}}"), "jwt.malformed"),
        (PAYLOAD.replace('}', ""), "jwt.malformed"),
    ] {
        let refused = owned::<T>(&payload).err().map(|error| error.code());
        assert_eq!(refused, Some(code), "{payload}");
    }
    valid.into_claims()
}

#[derive(Debug, Deserialize)]
struct Unit;

#[test]
fn every_shape_of_type_comes_with_the_registered_claims() {
    #[derive(Deserialize)]
    struct Narrow {
        scope: String,
    }
    #[derive(Deserialize)]
    struct Wide {
        iss: String,
        aud: Vec<String>,
        exp: f64,
        jti: Option<String>,
        missing: Option<u8>,
    }
    #[derive(Deserialize)]
    struct Flat {
        sub: String,
        #[serde(flatten)]
        rest: HashMap<String, Value>,
    }
    #[derive(Deserialize)]
    struct Newtype(Narrow);
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        #[expect(dead_code, reason = "must not match")]
        Other {
            other: u8,
        },
        Scoped {
            scope: String,
        },
    }
    #[derive(Deserialize)]
    #[serde(tag = "scope", rename_all = "lowercase")]
    enum Tagged {
        Read { jti: String },
    }

    finds_all::<()>();
    finds_all::<Unit>();
    finds_all::<IgnoredAny>();
    assert_eq!(finds_all::<Narrow>().scope, "read");
    assert_eq!(finds_all::<Newtype>().0.scope, "read");
    assert_eq!(finds_all::<Option<Narrow>>().unwrap().scope, "read");
    assert_eq!(finds_all::<Box<Narrow>>().scope, "read");
    let wide = finds_all::<Wide>();
    assert_eq!(
        (wide.iss.as_str(), wide.exp, wide.missing),
        ("i", 4_000_000_000.5, None)
    );
    assert_eq!(
        (wide.aud, wide.jti.as_deref()),
        (vec!["a".to_owned(), "b".to_owned()], Some("j"))
    );
    let flat = finds_all::<Flat>();
    assert_eq!(
        (flat.sub.as_str(), &flat.rest["scope"], flat.rest.len()),
        ("s", &"read".into(), 8)
    );
    assert_eq!(
        finds_all::<Value>(),
        serde_json::from_str::<Value>(PAYLOAD).unwrap()
    );
    assert_eq!(finds_all::<HashMap<String, Value>>().len(), 9);
    assert_eq!(finds_all::<serde_json::Map<String, Value>>().len(), 9);
    assert_eq!(
        finds_all::<BTreeMap<String, Box<RawValue>>>()["sub"].get(),
        r#""\u0073""#
    );
    assert_eq!(finds_all::<Box<RawValue>>().get(), PAYLOAD);
    assert!(matches!(finds_all::<Untagged>(), Untagged::Scoped { scope } if scope == "read"));
    assert!(matches!(finds_all::<Tagged>(), Tagged::Read { jti } if jti == "j"));
}

#[test]
fn an_enum_with_a_name_for_each_variant_reads_a_set_of_one_claim() {
    #[derive(Debug, Deserialize, PartialEq)]
    enum Only {
        #[serde(rename = "sub")]
        Subject(String),
    }
    let valid = owned::<Only>(r#"{"sub":"s"}"#).unwrap();
    assert_eq!(
        (valid.subject(), valid.claims()),
        (Some("s"), &Only::Subject("s".into()))
    );
    assert_eq!(
        owned::<Only>(r#"{"sub":1}"#).unwrap_err().code(),
        "jwt.claim-invalid"
    );
    assert_eq!(
        owned::<Only>(r#"{"sub":"s","a":1}"#).unwrap_err().code(),
        "jwt.claim-invalid"
    );
}

#[test]
fn claims_may_borrow_from_the_scratch_buffer() {
    #[derive(Deserialize)]
    struct Borrowing<'a> {
        scope: &'a str,
        #[serde(borrow)]
        sub: Cow<'a, str>,
        #[serde(borrow)]
        deep: &'a RawValue,
    }
    let mut scratch = Scratch::new();
    for _ in 0..2 {
        let token = token(PAYLOAD);
        let valid = anything()
            .verify_in::<Borrowing<'_>>(&mut scratch, &token, &verifier())
            .unwrap();
        assert_eq!((valid.claims().scope, &*valid.claims().sub), ("read", "s"));
        assert_eq!(valid.claims().deep.get(), r#"{"exp":"x"}"#);
        assert_eq!(
            (valid.subject(), valid.payload()),
            (Some("s"), PAYLOAD.as_bytes())
        );
    }
    assert!(!format!("{scratch:?}").contains("read"));
}

#[test]
fn what_the_callers_type_refuses_is_told_last_and_quotes_nothing() {
    #[derive(Debug, Deserialize)]
    struct Admin {
        #[expect(dead_code, reason = "only read, never looked at")]
        role: u8,
    }
    let error = owned::<Admin>(r#"{"role":"s3cret","exp":4000000000}"#).unwrap_err();
    assert_eq!(error.code(), "jwt.claim-invalid");
    assert!(!error.to_string().contains("s3cret"), "{error}");
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("s3cret"), "{source}");
    // Claims behind the offending one count, too.
    assert_eq!(
        owned::<Admin>(r#"{"role":"x","exp":1}"#)
            .unwrap_err()
            .code(),
        "jwt.expired"
    );
    assert_eq!(
        owned::<Admin>(r#"{"role":"x","a":1,"a":1}"#)
            .unwrap_err()
            .code(),
        "jwt.malformed"
    );
    assert_eq!(
        owned::<Admin>(r#"{"role":"x""#).unwrap_err().code(),
        "jwt.malformed"
    );
    assert_eq!(
        owned::<Admin>("{}").unwrap_err().code(),
        "jwt.claim-invalid"
    );
}

/// Helper crates offer fields that fall back to a default on any error.
#[test]
fn a_type_that_forgives_does_not_forgive_for_us() {
    #[derive(Debug)]
    struct Lenient;
    impl<'de> Deserialize<'de> for Lenient {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let _ = Value::deserialize(deserializer);
            Ok(Self)
        }
    }
    assert!(owned::<Lenient>(r#"{"exp":4000000000}"#).is_ok());
    assert_eq!(
        owned::<Lenient>(r#"{"exp":"x"}"#).unwrap_err().code(),
        "jwt.claim-invalid"
    );
    assert!(owned::<Lenient>(r#"{"a":1,"a":1}"#).is_err());
    assert!(owned::<HashMap<String, Lenient>>(r#"{"b":{"a":1,"a":1}}"#).is_err());
}

#[test]
fn a_payload_that_is_not_a_strict_object_is_malformed() {
    for payload in [
        "",
        " ",
        "null",
        "1",
        "\"{}\"",
        "[]",
        "[{}]",
        "{",
        "{}{}",
        "{}x",
        "\u{feff}{}",
        r#"{"a":1,"a":1}"#,
        r#"{"iss":"a","\u0069ss":"a"}"#,
        r#"{"a":{"b":1,"b":2}}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"\ud800":1}"#,
        r#"{"a":1,}"#,
        "{'a':1}",
        r#"{"a":01}"#,
        r#"{"a":NaN}"#,
    ] {
        assert_eq!(verdict(&anything(), payload), "jwt.malformed", "{payload}");
    }
    assert_eq!(verdict(&anything(), b"{\"a\":\"\xff\"}"), "jwt.malformed");
    assert_eq!(verdict(&anything(), " { \"a\" : [ ] } \n"), "ok");
}

#[test]
fn a_payload_that_is_not_base64url_is_malformed_whoever_signed_it() {
    for segment in ["e30=", "e3 0", "e31", "e", "e30\n", "e+0", "*"] {
        let input = format!("{}.{segment}", base64url::encode(r#"{"alg":"STAMP"}"#));
        let digest = HashAlg::Sha256.digest(input.as_bytes());
        let token = format!("{input}.{}", base64url::encode(&digest));
        let error = anything().verify::<()>(&token, &verifier()).unwrap_err();
        assert_eq!(error.code(), "jws.malformed", "{segment}");
        let mut scratch = Scratch::new();
        let error = anything().verify_in::<()>(&mut scratch, &token, &verifier());
        assert_eq!(error.unwrap_err().code(), "jws.malformed", "{segment}");
    }
}

#[test]
fn forty_thousand_claims_are_read_in_linear_time() {
    let claims: Vec<_> = (0..40_000).map(|n| format!(r#""{n}":0"#)).collect();
    let payload = format!("{{{}}}", claims.join(","));
    let started = std::time::Instant::now();
    assert_eq!(verdict(&anything(), payload), "ok");
    assert!(started.elapsed() < Duration::from_secs(2));
}

proptest! {
    #[test]
    fn no_payload_makes_it_panic(payload: Vec<u8>) {
        let _ = anything().verify::<Value>(&token(payload), &verifier());
    }

    #[test]
    fn no_text_makes_it_panic(payload in r#"\{("(exp|aud|iss|x)":(1|-1|"a"|\[|\]|null|1e300|\{|\}),?){0,6}\}?"#) {
        let _ = verdict(&anything(), payload);
    }

    #[test]
    fn no_token_makes_it_panic(token in r"[A-Za-z0-9._=-]{0,100}") {
        let _ = Jwt::parse(&token);
        prop_assert!(anything().verify::<Value>(&token, &verifier()).is_err());
    }
}
