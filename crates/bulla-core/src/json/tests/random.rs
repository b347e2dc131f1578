//! Texts nobody thought of: printed values, damaged ones, and noise, compared with `serde_json`.

use proptest::prelude::*;

use super::*;

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..20)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reading_undoes_printing(expected in any_value()) {
        prop_assert_eq!(value(&expected.to_string()), Ok(expected.clone()));
        let pretty = serde_json::to_string_pretty(&expected).unwrap();
        prop_assert_eq!(value(&pretty), Ok(expected));
    }

    /// One octet changed: either both parsers agree, or it is ours that refuses, and then for a reason of ours.
    #[test]
    fn agrees_with_serde_json_on_what_is_damaged(
        expected in any_value(), place: prop::sample::Index, octet: u8,
    ) {
        let mut text = expected.to_string().into_bytes();
        let place = place.index(text.len());
        text[place] = octet;
        let theirs = serde_json::from_slice::<Value>(&text);
        match from_slice::<Value>(&text, 64) {
            Ok(ours) => prop_assert_eq!(Some(without_precision(&ours)), theirs.ok().as_ref().map(without_precision)),
            Err(JsonError::DuplicateMember { .. }) => {}
            Err(error) => prop_assert!(theirs.is_err(), "{}", error),
        }
    }

    #[test]
    fn agrees_with_serde_json_on_anything(text in r#"([\[\]{},:"\\u0-9a-f.eE+\- ]|true|null|\\ud800|"a":|\{"a":1\}){0,20}"#) {
        let theirs = serde_json::from_str::<Value>(&text);
        match value(&text) {
            Ok(ours) => prop_assert_eq!(Some(without_precision(&ours)), theirs.ok().as_ref().map(without_precision)),
            Err(JsonError::DuplicateMember { .. }) => {}
            Err(error) => prop_assert!(theirs.is_err(), "{}", error),
        }
        prop_assert_eq!(
            value(&text).is_ok(),
            from_slice::<IgnoredAny>(text.as_bytes(), 32).is_ok()
        );
    }

    #[test]
    fn no_octets_make_it_panic(octets: Vec<u8>) {
        let _ = from_slice::<Value>(&octets, 32);
        let _ = from_slice::<IgnoredAny>(&octets, 32);
    }
}

/// `serde_json` rounds the last digit of doubles unless a feature says otherwise; ours is exact.
fn without_precision(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            format!("{:.12e}", number.as_f64().unwrap()).into()
        }
        Value::Array(elements) => elements.iter().map(without_precision).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), without_precision(value)))
            .collect(),
        other => other.clone(),
    }
}
