use proptest::prelude::*;

use super::*;

/// What a NumericDate may be; the last column is its seconds.
const DATES: &[(&str, Option<i64>)] = &[
    ("0", Some(0)),
    ("-0", Some(0)),
    ("-1", Some(-1)),
    ("1300819380", Some(1_300_819_380)),
    ("1300819380.0", Some(1_300_819_380)),
    ("1300819380.999", Some(1_300_819_380)),
    ("1.30081938e9", Some(1_300_819_380)),
    ("-0.5", Some(-1)),
    ("-1.5", Some(-2)),
    ("1e-400", Some(0)),
    ("9223372036854775807", Some(i64::MAX)),
    ("-9223372036854775808", Some(i64::MIN)),
    ("-9223372036854775808.0", Some(i64::MIN)),
    ("9223372036854774784.0", Some(9_223_372_036_854_774_784)),
    ("9223372036854775807.0", None),            // rounds to 2^63
    ("9223372036854775808", None),              // 2^63
    ("-9223372036854775809.0", Some(i64::MIN)), // rounds to -2^63
    ("-9223372036854777856", None),
    ("18446744073709551615", None), // 2^64 - 1
    ("18446744073709551616", None), // 2^64
    ("1e19", None),
    ("1e300", None),
    ("-1e300", None),
    ("null", None),
    ("true", None),
    ("\"\"", None),
    ("\"1300819380\"", None),
    ("\"NaN\"", None),
    ("\"2030-01-01T00:00:00Z\"", None),
    ("[1300819380]", None),
    ("{}", None),
];

#[test]
fn a_numeric_date_is_a_number_that_fits() {
    for (text, seconds) in DATES {
        let date = serde_json::from_str::<NumericDate>(text).ok();
        assert_eq!(
            date.map(NumericDate::seconds),
            *seconds,
            "{text} by serde_json"
        );
        let ours = crate::json::from_slice::<NumericDate>(text.as_bytes(), 2).ok();
        assert_eq!(
            ours.map(NumericDate::seconds),
            *seconds,
            "{text} by our parser"
        );
        for claim in ["exp", "nbf", "iat"] {
            let code = verdict(
                &anything().at(time(-62_135_596_800)),
                format!(r#"{{"{claim}":{text}}}"#),
            );
            assert_eq!(
                code == "jwt.claim-invalid",
                seconds.is_none(),
                "{claim} {text}: {code}"
            );
        }
    }
}

#[test]
fn not_json_is_not_a_date_either() {
    for text in [
        "NaN", "Infinity", "-", "1e", "01", "0x10", "1e400", "+1", "",
    ] {
        let code = verdict(&anything(), format!(r#"{{"exp":{text}}}"#));
        assert!(
            ["jwt.malformed", "jwt.claim-invalid"].contains(&code),
            "{text}: {code}"
        );
    }
}

#[test]
fn expiry_is_on_the_second_or_after_it() {
    for (exp, leeway, code) in [
        (NOW + 1, 0, "ok"),
        (NOW, 0, "jwt.expired"),
        (NOW - 1, 0, "jwt.expired"),
        (NOW - 1, 2, "ok"),
        (NOW - 2, 2, "jwt.expired"),
        (0, 0, "jwt.expired"),
        (-1, 0, "jwt.expired"),
        (i64::MIN, 0, "jwt.expired"),
        (i64::MIN, u64::MAX, "ok"),
        (i64::MAX, 0, "ok"),
        (i64::MAX, u64::MAX, "ok"),
    ] {
        let expect = anything().leeway(Duration::from_secs(leeway));
        assert_eq!(
            verdict(&expect, format!(r#"{{"exp":{exp}}}"#)),
            code,
            "{exp} {leeway}"
        );
    }
}

#[test]
fn not_before_is_on_the_second_or_before_it() {
    for (nbf, leeway, code) in [
        (NOW - 1, 0, "ok"),
        (NOW, 0, "ok"),
        (NOW + 1, 0, "jwt.not-yet-valid"),
        (NOW + 2, 2, "ok"),
        (NOW + 3, 2, "jwt.not-yet-valid"),
        (i64::MIN, 0, "ok"),
        (i64::MIN, u64::MAX, "ok"),
        (i64::MAX, 0, "jwt.not-yet-valid"),
        (i64::MAX, u64::MAX, "ok"),
    ] {
        let expect = anything().leeway(Duration::from_secs(leeway));
        assert_eq!(
            verdict(&expect, format!(r#"{{"nbf":{nbf}}}"#)),
            code,
            "{nbf} {leeway}"
        );
    }
}

#[test]
fn fractions_count() {
    let half = UNIX_EPOCH + Duration::from_millis(500);
    for (payload, code) in [
        (r#"{"exp":0.75}"#, "ok"),
        (r#"{"exp":0.5}"#, "jwt.expired"),
        (r#"{"exp":0}"#, "jwt.expired"),
        (r#"{"exp":1}"#, "ok"),
        (r#"{"nbf":0.5}"#, "ok"),
        (r#"{"nbf":0.75}"#, "jwt.not-yet-valid"),
    ] {
        assert_eq!(verdict(&anything().at(half), payload), code, "{payload}");
    }
    let before = UNIX_EPOCH - Duration::from_millis(500);
    assert_eq!(verdict(&anything().at(before), r#"{"exp":-0.25}"#), "ok");
    assert_eq!(
        verdict(&anything().at(before), r#"{"exp":-0.5}"#),
        "jwt.expired"
    );
}

/// jsonwebtoken's `now - leeway` underflows; ours has nowhere to go.
#[test]
fn no_clock_and_no_leeway_overflows() {
    for now in [i64::MIN, -1, 0, 1, i64::MAX] {
        let expect = anything()
            .at(time(now))
            .leeway(Duration::MAX)
            .max_age(Duration::MAX);
        for date in [i64::MIN, -1, 0, 1, i64::MAX] {
            let payload = format!(r#"{{"exp":{date},"nbf":{date},"iat":{date}}}"#);
            assert_eq!(verdict(&expect, payload), "ok", "{now} {date}");
        }
    }
}

#[test]
fn a_token_made_in_the_future_is_no_matter_by_default() {
    assert_eq!(
        verdict(&anything(), format!(r#"{{"iat":{}}}"#, NOW + 1_000_000)),
        "ok"
    );
}

#[test]
fn an_age_limit_requires_iat_and_bounds_it_on_both_sides() {
    let expect = anything().max_age(Duration::from_secs(60));
    for (payload, code) in [
        ("{}".to_owned(), "jwt.claim-missing"),
        (format!(r#"{{"exp":{}}}"#, NOW + 5), "jwt.claim-missing"),
        (format!(r#"{{"iat":{NOW}}}"#), "ok"),
        (format!(r#"{{"iat":{}}}"#, NOW - 60), "ok"),
        (format!(r#"{{"iat":{}}}"#, NOW - 61), "jwt.too-old"),
        (format!(r#"{{"iat":{}}}"#, NOW + 1), "jwt.too-old"),
        (format!(r#"{{"iat":{}}}"#, i64::MIN), "jwt.too-old"),
        (format!(r#"{{"iat":{}}}"#, i64::MAX), "jwt.too-old"),
    ] {
        assert_eq!(verdict(&expect, &payload), code, "{payload}");
    }
    let expect = expect.leeway(Duration::from_secs(5));
    for (iat, code) in [
        (NOW - 65, "ok"),
        (NOW - 66, "jwt.too-old"),
        (NOW + 5, "ok"),
        (NOW + 6, "jwt.too-old"),
    ] {
        assert_eq!(
            verdict(&expect, format!(r#"{{"iat":{iat}}}"#)),
            code,
            "{iat}"
        );
    }
}

#[test]
fn no_expiry_is_accepted_unless_it_is_required() {
    assert_eq!(verdict(&anything(), "{}"), "ok");
    assert_eq!(
        verdict(&anything().require("exp"), "{}"),
        "jwt.claim-missing"
    );
}

#[test]
fn messages_say_by_how_much() {
    let message = |expect: Expectations, payload: String| {
        expect
            .verify::<()>(&token(payload), &verifier())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        message(anything(), format!(r#"{{"exp":{}}}"#, NOW - 7)),
        "the token expired 7 s ago"
    );
    assert_eq!(
        message(anything(), format!(r#"{{"nbf":{}}}"#, NOW + 7)),
        "the token is not valid for another 7 s"
    );
    let young = anything().max_age(Duration::from_secs(1));
    assert_eq!(
        message(young.clone(), format!(r#"{{"iat":{}}}"#, NOW - 7)),
        "the token was made 7 s ago, too long ago"
    );
    assert_eq!(
        message(young, format!(r#"{{"iat":{}}}"#, NOW + 7)),
        "the token was made 7 s in the future"
    );
}

#[test]
fn dates_become_times_and_come_back() {
    for seconds in [i64::MIN / 4, -1, 0, 1, 1_300_819_380, i64::MAX / 4] {
        let date = NumericDate::from_seconds(seconds);
        assert_eq!(NumericDate::from(date.to_system_time()), date);
    }
    let earlier = UNIX_EPOCH - Duration::from_millis(1250);
    let date = NumericDate::from(earlier);
    assert_eq!((date.seconds(), date.to_system_time()), (-2, earlier));
    // Where the system's clock reaches as far, this is exact; where not, it is as far as it reaches.
    assert!(NumericDate::from_seconds(i64::MAX).to_system_time() > time(i64::from(u32::MAX)));
}

proptest! {
    #[test]
    fn reading_undoes_printing(seconds: i64) {
        let date = NumericDate::from_seconds(seconds);
        let text = serde_json::to_string(&date).unwrap();
        prop_assert_eq!(&text, &seconds.to_string());
        prop_assert_eq!(serde_json::from_str::<NumericDate>(&text).unwrap(), date);
    }

    #[test]
    fn fractions_survive_printing_as_far_as_doubles_go(millis in -100_000_000_000_000_i64..100_000_000_000_000) {
        let printed = format!("{:.3}", millis as f64 / 1000.0);
        let date: NumericDate = serde_json::from_str(&printed).unwrap();
        prop_assert_eq!(date.seconds(), millis.div_euclid(1000));
        let again: NumericDate = serde_json::from_str(&serde_json::to_string(&date).unwrap()).unwrap();
        prop_assert!((again.nanos() - date.nanos()).abs() < 100_000);
    }

    #[test]
    fn dates_are_ordered_as_numbers_are(one: i64, other: i64) {
        let (a, b) = (NumericDate::from_seconds(one), NumericDate::from_seconds(other));
        prop_assert_eq!(a.cmp(&b), one.cmp(&other));
        prop_assert_eq!(a.nanos().cmp(&b.nanos()), one.cmp(&other));
    }
}
