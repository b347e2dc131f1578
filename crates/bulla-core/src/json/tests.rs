mod random;

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use super::*;

fn value(text: &str) -> Result<Value, JsonError> {
    from_slice(text.as_bytes(), 32)
}

fn is_syntax(result: Result<impl Sized, JsonError>) -> bool {
    matches!(result, Err(JsonError::Syntax { .. }))
}

fn is_duplicate(result: Result<impl Sized, JsonError>) -> bool {
    matches!(result, Err(JsonError::DuplicateMember { .. }))
}

#[test]
fn reads_what_json_is() {
    for text in [
        "null",
        "true",
        " false ",
        "0",
        "-1",
        "18446744073709551615",
        "-9223372036854775808",
        "1.5e3",
        "\"\"",
        "\"plain\"",
        r#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀""#,
        "[]",
        "[1,[2,[3]],{}]",
        "{}",
        "\t{\r\n\"a\" : 1 , \"b\" : [ true , null ] }\n",
    ] {
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!(value(text), Ok(expected), "{text}");
        assert_eq!(
            from_slice(text.as_bytes(), 32).map(|_: IgnoredAny| ()),
            Ok(()),
            "{text}"
        );
    }
}

#[test]
fn refuses_what_json_is_not() {
    for text in [
        "",
        " ",
        "nul",
        "True",
        "NaN",
        "Infinity",
        "-",
        "+1",
        "01",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "1e400",
        "-1e400",
        "'a'",
        "\"a",
        "\"a\u{1}\"",
        "\"a\nb\"",
        "\"0123456789\u{1f}\"",
        r#""\x""#,
        r#""\u12""#,
        r#""\u12g4""#,
        r#""\u+123""#,
        r#""\"#,
        "[",
        "[1",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1}}",
        "{} {}",
        "{}x",
        "{}\0",
        "// comment\n{}",
        "\u{feff}{}",
        "\u{a0}{}",
    ] {
        assert!(is_syntax(value(text)), "{text:?}");
        assert!(
            is_syntax(from_slice::<IgnoredAny>(text.as_bytes(), 32)),
            "{text:?} ignored"
        );
    }
}

#[test]
fn lone_surrogates_and_broken_utf8_are_refused_in_values_and_names() {
    for half in [
        r"\ud800",
        r"\udc00",
        r"\udc00\ud800",
        r"\ud800\ud800",
        r"\ud800x",
        r"\ud800\n",
    ] {
        for text in [
            format!(r#"["{half}"]"#),
            format!(r#"{{"{half}":1}}"#),
            format!(r#"{{"a{half}":1}}"#),
        ] {
            assert!(is_syntax(value(&text)), "{text}");
            assert!(
                is_syntax(from_slice::<IgnoredAny>(text.as_bytes(), 32)),
                "{text} ignored"
            );
        }
    }
    for octets in [
        &b"\xff"[..],
        b"\xc3",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
    ] {
        let in_value = [b"[\"", octets, b"\"]"].concat();
        let in_name = [b"{\"", octets, b"\":1}"].concat();
        assert!(is_syntax(from_slice::<Value>(&in_value, 32)), "{octets:?}");
        assert!(is_syntax(from_slice::<Value>(&in_name, 32)), "{octets:?}");
        assert!(
            is_syntax(from_slice::<IgnoredAny>(&in_value, 32)),
            "{octets:?}"
        );
    }
}

/// Types that take octets must not be a way around the checks of text.
#[test]
fn octets_are_text_that_was_checked() {
    #[derive(Debug, PartialEq)]
    struct Octets(Vec<u8>);
    impl<'de> Deserialize<'de> for Octets {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct OctetsVisitor;
            impl serde::de::Visitor<'_> for OctetsVisitor {
                type Value = Octets;
                fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    f.write_str("octets")
                }
                fn visit_bytes<E>(self, octets: &[u8]) -> Result<Octets, E> {
                    Ok(Octets(octets.into()))
                }
            }
            deserializer.deserialize_byte_buf(OctetsVisitor)
        }
    }
    assert_eq!(from_slice(br#""\u00e9""#, 1), Ok(Octets("é".into())));
    assert!(is_syntax(from_slice::<Octets>(br#""\ud800""#, 1)));
    assert!(is_syntax(from_slice::<Octets>(b"\"\xff\"", 1)));
}

#[test]
fn a_name_twice_is_refused_however_it_is_spelt_and_wherever_it_stands() {
    for text in [
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,"b":0,"a":1}"#,
        r#"{"alg":1,"\u0061lg":2}"#,
        r#"{"\u0061lg":1,"alg":2}"#,
        r#"{"\/":1,"/":2}"#,
        r#"{"":1,"":2}"#,
        r#"[{"x":{"a":1,"a":2}}]"#,
        r#"{"x":[1,{"y":[{"a":1,"a":1}]}]}"#,
    ] {
        assert!(is_duplicate(value(text)), "{text}");
        assert!(
            is_duplicate(from_slice::<IgnoredAny>(text.as_bytes(), 32)),
            "{text} ignored"
        );
        assert!(
            is_duplicate(from_slice::<&RawValue>(text.as_bytes(), 32)),
            "{text} raw"
        );
        assert!(
            is_duplicate(from_slice::<Box<RawValue>>(text.as_bytes(), 32)),
            "{text} boxed"
        );
    }
    for text in [
        r#"{"a":1,"A":2}"#,
        r#"[{"a":1},{"a":1}]"#,
        r#"{"a":{"a":{"a":1}}}"#,
    ] {
        assert!(value(text).is_ok(), "{text}");
    }
}

#[test]
fn a_name_twice_is_refused_among_any_number_of_names() {
    for count in 1..80 {
        for twice in 0..count {
            let mut members: Vec<_> = (0..count).map(|n| format!(r#""n{n}":0"#)).collect();
            let once = format!("{{{}}}", members.join(","));
            assert!(value(&once).is_ok(), "{once}");
            members.push(format!(r#""n{twice}":0"#));
            let text = format!("{{{}}}", members.join(","));
            assert!(is_duplicate(value(&text)), "{text}");
        }
    }
}

#[test]
fn a_duplicate_that_the_target_ignores_or_forgives_is_refused_all_the_same() {
    #[derive(Debug, Deserialize)]
    struct Narrow {
        #[expect(dead_code, reason = "only its presence matters")]
        a: u8,
    }
    assert!(is_duplicate(from_slice::<Narrow>(
        br#"{"a":1,"b":{"c":1,"c":2}}"#,
        32
    )));
    assert!(is_duplicate(from_slice::<Narrow>(
        br#"{"b":1,"a":1,"b":2}"#,
        32
    )));

    /// What lenient helper crates do: an error inside becomes a default.
    #[derive(Debug)]
    struct Lenient;
    impl<'de> Deserialize<'de> for Lenient {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let _ = Value::deserialize(deserializer);
            Ok(Self)
        }
    }
    assert!(from_slice::<Lenient>(br#"{"a":1,"b":2}"#, 32).is_ok());
    assert!(from_slice::<Lenient>(br#"{"a":1,"a":2}"#, 32).is_err());
    assert!(from_slice::<Lenient>(br#"{"a":1,"a""#, 32).is_err());
    assert!(from_slice::<Vec<Lenient>>(br#"[{"a":1,"a":2}]"#, 32).is_err());
}

#[test]
fn a_hundred_thousand_names_take_no_longer_than_they_should() {
    let members: Vec<_> = (0..100_000).map(|n| format!(r#""{n}":0"#)).collect();
    let text = format!("{{{}}}", members.join(","));
    let started = std::time::Instant::now();
    assert!(from_slice::<IgnoredAny>(text.as_bytes(), 1).is_ok());
    // Quadratic would be five thousand million comparisons.
    assert!(started.elapsed() < std::time::Duration::from_secs(2));
}

#[test]
fn depth_is_limited() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in 1..40 {
            let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            for limit in [depth - 1, depth, depth + 1] {
                let result = from_slice::<Value>(text.as_bytes(), limit);
                let ignored = from_slice::<IgnoredAny>(text.as_bytes(), limit);
                if limit < depth {
                    assert!(
                        matches!(result, Err(JsonError::TooDeep { .. })),
                        "{text} {limit}"
                    );
                    assert!(
                        matches!(ignored, Err(JsonError::TooDeep { .. })),
                        "{text} {limit}"
                    );
                } else {
                    assert!(result.is_ok() && ignored.is_ok(), "{text} {limit}");
                }
            }
        }
    }
    // Beside one another is not inside one another.
    assert!(from_slice::<Value>(b"[[],[],{},{},[[]]]", 3).is_ok());
    let deep = "[".repeat(1_000_000);
    assert!(matches!(
        from_slice::<IgnoredAny>(deep.as_bytes(), 32),
        Err(JsonError::TooDeep { .. })
    ));
}

#[test]
fn borrows_what_is_not_escaped_and_owns_what_is() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Texts<'a> {
        borrowed: &'a str,
        #[serde(borrow)]
        either: std::borrow::Cow<'a, str>,
        owned: String,
    }
    let text = r#"{"borrowed":"é","either":"plain","owned":"a\tb"}"#;
    let texts: Texts<'_> = from_slice(text.as_bytes(), 1).unwrap();
    assert!(matches!(texts.either, std::borrow::Cow::Borrowed("plain")));
    assert_eq!((texts.borrowed, texts.owned.as_str()), ("é", "a\tb"));
    assert!(matches!(
        from_slice::<Texts<'_>>(br#"{"borrowed":"\u00e9","either":"","owned":""}"#, 1),
        Err(JsonError::WrongType { .. })
    ));
}

#[test]
fn every_shape_of_type_can_be_read() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Unit;
    #[derive(Debug, Deserialize, PartialEq)]
    struct Newtype(Box<Shapes>);
    #[derive(Debug, Deserialize, PartialEq)]
    enum Outer {
        Unit,
        Newtype(u8),
        Tuple(u8, char),
        Struct { a: Option<u8> },
    }
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged)]
    enum Untagged {
        Number(i64),
        Text(String),
        Many(Vec<Untagged>),
    }
    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(tag = "kind", rename_all = "lowercase")]
    enum Inner {
        One { n: f32 },
        Two,
    }
    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Shapes {
        outer: Vec<Outer>,
        untagged: Vec<Untagged>,
        inner: Vec<Inner>,
        unit: Option<Unit>,
        nothing: Option<()>,
        numbers: (i8, u128, i128, f64),
        keyed: HashMap<i32, bool>,
        by_bool: BTreeMap<bool, char>,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }
    let text = r#"{
        "outer": ["Unit", {"Unit": null}, {"Newtype": 7}, {"Tuple": [1, "x"]}, {"Struct": {"a": null}}],
        "untagged": [-5, "t", ["u", 1]],
        "inner": [{"n": 1.5, "kind": "one"}, {"kind": "two"}],
        "unit": null,
        "nothing": null,
        "numbers": [-128, 340282366920938463463374607431768211455, -170141183460469231731687303715884105728, 1],
        "keyed": {"-3": true, "4": false},
        "by_bool": {"true": "t", "false": "f"},
        "else": {"deep": [1, 2.5, "x"]}
    }"#;
    let ours: Newtype = from_slice(text.as_bytes(), 32).unwrap();
    let theirs: Newtype = serde_json::from_str(text).unwrap();
    assert_eq!(ours, theirs);
}

#[test]
fn enums_are_not_a_way_around_the_rules() {
    #[derive(Debug, Deserialize)]
    enum E {
        #[expect(dead_code, reason = "only read, never looked at")]
        A(Value),
    }
    assert!(from_slice::<E>(br#"{"A":1}"#, 32).is_ok());
    assert!(from_slice::<E>(br#"{"A":1,"A":2}"#, 32).is_err());
    assert!(from_slice::<E>(br#"{"A":1,"B":2}"#, 32).is_err());
    assert!(from_slice::<E>(br#"{}"#, 32).is_err());
    assert!(is_duplicate(from_slice::<E>(br#"{"A":{"x":1,"x":2}}"#, 32)));
}

#[test]
fn raw_values_are_the_octets_themselves() {
    let map: BTreeMap<String, &RawValue> =
        from_slice(br#"{"a": [1 , 2] ,"b":"\u0041"}"#, 32).unwrap();
    assert_eq!(map["a"].get(), "[1 , 2]");
    assert_eq!(map["b"].get(), r#""\u0041""#);
}

/// With its feature `raw_value`, a `Value` would take such an object for JSON inside JSON, unchecked.
#[test]
fn names_that_serde_json_reserves_are_refused() {
    let text = r#"{"$serde_json::private::RawValue":"{\"a\":1,\"a\":2}"}"#;
    assert!(serde_json::from_str::<Value>(text).is_ok());
    assert!(is_syntax(value(text)));
}

#[test]
fn numbers_are_exact() {
    for text in [
        "0",
        "-0",
        "-0.0",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "999999999999999999",
        "-999999999999999999",
        "1E5",
        "5e-324",
        "1.7976931348623157e308",
        "123456789012345678901234567890",
        "0.1",
    ] {
        let ours: f64 = from_slice(text.as_bytes(), 0).unwrap();
        assert_eq!(
            ours.to_bits(),
            text.parse::<f64>().unwrap().to_bits(),
            "{text}"
        );
        assert_eq!(
            from_slice::<u64>(text.as_bytes(), 0).ok(),
            text.parse().ok(),
            "{text}"
        );
        if text != "-0" {
            assert_eq!(
                from_slice::<i64>(text.as_bytes(), 0).ok(),
                text.parse().ok(),
                "{text}"
            );
        }
    }
}

#[test]
fn errors_say_what_and_where() {
    for (text, message) in [
        (r#"{"a":1,"a":2}"#, r#"the member "a" stands twice"#),
        ("{} x", "something follows the value, at octet 3"),
        ("\u{feff}{}", "starts with a byte order mark, at octet 0"),
        (r#"{"a":"#, "ends too early, at octet 5"),
        ("[[[]]]", "objects and arrays nest too deep, at octet 2"),
        (
            r#"["\ud800"]"#,
            "a surrogate without its other half, at octet 8",
        ),
    ] {
        assert_eq!(
            from_slice::<Value>(text.as_bytes(), 2)
                .unwrap_err()
                .to_string(),
            message
        );
    }
    assert_eq!(
        from_slice::<Vec<u8>>(br#"[1,"x"]"#, 2)
            .unwrap_err()
            .to_string(),
        "invalid type: string \"x\", expected u8, before octet 6"
    );
    let long = format!(r#"{{"{0}":1,"{0}":2}}"#, "n".repeat(10_000));
    assert!(value(&long).unwrap_err().to_string().len() < 100);
}

/// Eight octets are looked at together; each must be judged as if alone.
#[test]
fn every_octet_ends_or_does_not_end_plain_text_at_every_place() {
    let special = |octet: &u8| *octet < b' ' || *octet == b'"' || *octet == b'\\';
    for length in 0..20 {
        for place in 0..length {
            for first in 0..0x80_u8 {
                for second in [b'a', b'!', b'\x7f', b'"', 0, b'\x1f', b' '] {
                    let mut octets = vec![b'a'; length];
                    octets[place] = first;
                    if let Some(next) = octets.get_mut(place + 1) {
                        *next = second;
                    }
                    let expected = octets.iter().position(special).unwrap_or(length);
                    let text = String::from_utf8(octets).unwrap();
                    assert_eq!(plain_end(&text, 0), expected, "{text:?}");
                }
            }
        }
    }
    // Octets of other scripts are never taken for one of these.
    let all: String = ('\u{80}'..'\u{3000}').collect();
    for skipped in all.char_indices().map(|(at, _)| at).take(100) {
        assert_eq!(plain_end(&all, skipped), all.len());
    }
}
