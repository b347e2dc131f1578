//! Claims that are not what they seem. The authentication code is right over every token here.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla::jwt::{Expectations, Jwt};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::forge::{key, token};

const NOW: u64 = 1_700_000_000;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Expects what the tokens of these tests say, at a fixed time.
fn expect() -> Expectations {
    Expectations::new("https://issuer.example", "api").at(at(NOW))
}

/// Nothing but the form of registered claims is looked at.
fn lax() -> Expectations {
    Expectations::any_issuer_any_audience().at(at(NOW))
}

fn judged(expect: &Expectations, header: &str, claims: &str) -> Result<(), &'static str> {
    let token = token(header, claims);
    expect
        .verify::<IgnoredAny>(&token, &key())
        .map(drop)
        .map_err(|error| error.code())
}

fn claims(expect: &Expectations, claims: &str) -> Result<(), &'static str> {
    judged(expect, r#"{"alg":"HS256"}"#, claims)
}

/// With the expected issuer and audience before `rest`.
fn good(rest: &str) -> String {
    format!(r#"{{"iss":"https://issuer.example","aud":"api"{rest}}}"#)
}

#[test]
fn the_control_is_accepted() {
    assert_eq!(claims(&expect(), &good("")), Ok(()));
    assert_eq!(
        claims(
            &expect(),
            &good(r#","exp":1700000001,"nbf":1700000000,"iat":1699999999"#)
        ),
        Ok(())
    );
}

/// CVE-2026-25537: a claim of the wrong type was taken for an absent one.
#[test]
fn a_registered_claim_of_the_wrong_type_is_not_an_absent_one() {
    for name in ["exp", "nbf", "iat"] {
        for value in [
            "\"1700000001\"",
            "null",
            "true",
            "[1700000001]",
            "{}",
            "\"\"",
            "\"NaN\"",
            "\"never\"",
        ] {
            let json = format!(r#"{{"{name}":{value}}}"#);
            assert_eq!(claims(&lax(), &json), Err("jwt.claim-invalid"), "{json}");
        }
    }
    for name in ["iss", "sub", "jti"] {
        for value in ["1", "null", "true", "[\"https://issuer.example\"]", "{}"] {
            let json = format!(r#"{{"{name}":{value}}}"#);
            assert_eq!(claims(&lax(), &json), Err("jwt.claim-invalid"), "{json}");
        }
    }
    for value in [
        "1",
        "null",
        "true",
        "{}",
        "[1]",
        "[\"api\",1]",
        "[null]",
        "[[\"api\"]]",
    ] {
        let json = format!(r#"{{"aud":{value}}}"#);
        assert_eq!(claims(&lax(), &json), Err("jwt.claim-invalid"), "{json}");
    }
}

#[test]
fn dates_that_no_clock_shows() {
    for value in [
        "1e300",
        "-1e300",
        "18446744073709551615",
        "9223372036854775808",
        "1e19",
        "99999999999999999999999",
    ] {
        for name in ["exp", "nbf", "iat"] {
            let result = claims(&lax(), &format!(r#"{{"{name}":{value}}}"#));
            assert_eq!(result, Err("jwt.claim-invalid"), "{name} {value}");
        }
    }
    for value in ["1e400", "NaN", "Infinity", "-Infinity", "0x10", "1_000"] {
        let result = claims(&lax(), &format!(r#"{{"exp":{value}}}"#));
        assert!(
            matches!(result, Err("jwt.malformed" | "jwt.claim-invalid")),
            "{value}: {result:?}"
        );
    }
}

#[test]
fn dates_before_1970_are_past_and_do_not_wrap() {
    for value in ["-1", "-1.5", "-9223372036854775808", "0", "-0", "-0.0"] {
        assert_eq!(
            claims(&expect(), &good(&format!(r#","exp":{value}"#))),
            Err("jwt.expired"),
            "{value}"
        );
        assert_eq!(
            claims(&expect(), &good(&format!(r#","nbf":{value}"#))),
            Ok(()),
            "{value}"
        );
    }
}

#[test]
fn fractions_of_a_second_count() {
    let half_past =
        Expectations::new("https://issuer.example", "api").at(at(NOW) + Duration::from_millis(500));
    assert_eq!(claims(&half_past, &good(r#","exp":1700000000.75"#)), Ok(()));
    assert_eq!(
        claims(&half_past, &good(r#","exp":1700000000.25"#)),
        Err("jwt.expired")
    );
    assert_eq!(
        claims(&half_past, &good(r#","nbf":1700000000.75"#)),
        Err("jwt.not-yet-valid")
    );
}

#[test]
fn expiry_is_on_the_second() {
    assert_eq!(claims(&expect(), &good(r#","exp":1700000001"#)), Ok(()));
    assert_eq!(
        claims(&expect(), &good(r#","exp":1700000000"#)),
        Err("jwt.expired")
    );
    assert_eq!(
        claims(&expect(), &good(r#","nbf":1700000001"#)),
        Err("jwt.not-yet-valid")
    );
}

#[test]
fn leeway_neither_underflows_nor_overflows() {
    for leeway in [Duration::ZERO, Duration::from_secs(3600), Duration::MAX] {
        for now in [
            UNIX_EPOCH,
            UNIX_EPOCH - Duration::from_secs(1),
            at(u64::from(u32::MAX)),
            at(i64::MAX as u64 / 4),
        ] {
            let expect = Expectations::new("https://issuer.example", "api")
                .leeway(leeway)
                .max_age(leeway)
                .at(now);
            for date in ["0", "-9223372036854775808", "9223372036854775807"] {
                let json = good(&format!(r#","exp":{date},"nbf":{date},"iat":{date}"#));
                let _ = claims(&expect, &json);
            }
        }
    }
    let expect = Expectations::new("https://issuer.example", "api")
        .leeway(Duration::from_secs(3600))
        .at(UNIX_EPOCH);
    assert_eq!(claims(&expect, &good(r#","exp":0"#)), Ok(()));
    assert_eq!(
        claims(&expect, &good(r#","nbf":7200"#)),
        Err("jwt.not-yet-valid")
    );
}

#[test]
fn a_greatest_age_does_not_pass_for_want_of_iat() {
    let expect = expect().max_age(Duration::from_secs(60));
    assert_eq!(claims(&expect, &good("")), Err("jwt.claim-missing"));
    assert_eq!(claims(&expect, &good(r#","iat":1699999940"#)), Ok(()));
    assert_eq!(
        claims(&expect, &good(r#","iat":1699999939"#)),
        Err("jwt.too-old")
    );
    assert!(
        claims(&expect, &good(r#","iat":1700000001"#)).is_err(),
        "a token from the future has no age"
    );
}

#[test]
fn what_is_configured_is_required() {
    assert_eq!(
        claims(&expect(), r#"{"aud":"api"}"#),
        Err("jwt.claim-missing")
    );
    assert_eq!(
        claims(&expect(), r#"{"iss":"https://issuer.example"}"#),
        Err("jwt.claim-missing")
    );
    assert_eq!(
        claims(&expect().subject("me"), &good("")),
        Err("jwt.claim-missing")
    );
    for name in ["exp", "jti", "tenant"] {
        assert_eq!(
            claims(&expect().require(name), &good("")),
            Err("jwt.claim-missing"),
            "{name}"
        );
    }
    assert_eq!(
        claims(&expect().require("tenant"), &good(r#","tenant":null"#)),
        Ok(()),
        "it is there"
    );
}

#[test]
fn an_issuer_is_compared_whole() {
    for issuer in [
        "https://issuer.exampl",
        "https://issuer.example/",
        "https://issuer.example.evil",
        "https://ISSUER.example",
        "https",
        "",
        "https://issuer.example\\u0000",
        " https://issuer.example",
    ] {
        let json = format!(r#"{{"iss":"{issuer}","aud":"api"}}"#);
        assert_eq!(
            claims(&expect(), &json),
            Err("jwt.issuer-mismatch"),
            "{issuer:?}"
        );
    }
    // The same text spelt with escapes is the same text.
    assert_eq!(
        claims(
            &expect(),
            r#"{"iss":"\u0068ttps://issuer.example","aud":"\u0061pi"}"#
        ),
        Ok(())
    );
}

#[test]
fn an_audience_is_one_or_many_and_compared_whole() {
    let with = |aud: &str| {
        claims(
            &expect(),
            &format!(r#"{{"iss":"https://issuer.example","aud":{aud}}}"#),
        )
    };
    for aud in [
        "\"api\"",
        "[\"api\"]",
        "[\"other\",\"api\"]",
        "[\"api\",\"other\"]",
    ] {
        assert_eq!(with(aud), Ok(()), "{aud}");
    }
    for aud in [
        "\"\"",
        "[]",
        "[\"\"]",
        "\"ap\"",
        "\"api2\"",
        "\"API\"",
        "\"api,other\"",
        "\"api other\"",
        "[\"other\"]",
        "\"[\\\"api\\\"]\"",
    ] {
        assert_eq!(with(aud), Err("jwt.audience-mismatch"), "{aud}");
    }
}

#[test]
fn a_subject_is_compared_whole() {
    for subject in ["m", "me2", "ME", ""] {
        let result = claims(
            &expect().subject("me"),
            &good(&format!(r#","sub":"{subject}""#)),
        );
        assert_eq!(result, Err("jwt.subject-mismatch"), "{subject}");
    }
}

#[test]
fn one_kind_of_token_does_not_pass_for_another() {
    let with = |expected: &str, typ: &str| {
        judged(
            &expect().typ(expected),
            &format!(r#"{{"alg":"HS256"{typ}}}"#),
            &good(""),
        )
    };
    for typ in [
        r#","typ":"at+jwt""#,
        r#","typ":"AT+JWT""#,
        r#","typ":"application/at+jwt""#,
        r#","typ":"Application/At+Jwt""#,
    ] {
        assert_eq!(with("at+jwt", typ), Ok(()), "{typ}");
        assert_eq!(with("application/at+jwt", typ), Ok(()), "{typ}");
    }
    for typ in [
        "",
        r#","typ":"""#,
        r#","typ":"JWT""#,
        r#","typ":"dpop+jwt""#,
        r#","typ":"at+jwt ""#,
        r#","typ":"at+jwt;x=1""#,
        r#","typ":"x/at+jwt""#,
        r#","typ":"application/application/at+jwt""#,
        r#","typ":"at""#,
    ] {
        assert_eq!(with("at+jwt", typ), Err("jwt.type-mismatch"), "{typ}");
    }
}

#[test]
fn expired_does_not_hide_a_bad_signature() {
    let good = token(r#"{"alg":"HS256"}"#, good(r#","exp":1"#));
    assert_eq!(
        expect()
            .verify::<IgnoredAny>(&good, &key())
            .unwrap_err()
            .code(),
        "jwt.expired"
    );
    let (input, _) = good.rsplit_once('.').unwrap();
    let forged = format!("{input}.{}", bulla::base64url::encode([0; 32]));
    assert_eq!(
        expect()
            .verify::<IgnoredAny>(&forged, &key())
            .unwrap_err()
            .code(),
        "jws.signature-invalid"
    );
    let typed = expect()
        .typ("at+jwt")
        .verify::<IgnoredAny>(&forged, &key())
        .unwrap_err();
    assert_eq!(
        typed.code(),
        "jws.signature-invalid",
        "nothing about the claims is told before"
    );
}

#[test]
fn a_type_of_the_applications_own_does_not_fail_open() {
    #[derive(Deserialize, Debug)]
    #[allow(dead_code, reason = "only whether it can be read matters")]
    struct Admin {
        admin: bool,
    }
    for rest in [
        "",
        r#","admin":"true""#,
        r#","admin":1"#,
        r#","admin":null"#,
    ] {
        let token = token(r#"{"alg":"HS256"}"#, good(rest));
        let error = expect().verify::<Admin>(&token, &key()).unwrap_err();
        assert_eq!(error.code(), "jwt.claim-invalid", "{rest}");
    }
    // A type with room for everything does not swallow what is wrong with registered claims.
    let token = token(r#"{"alg":"HS256"}"#, good(r#","exp":"soon""#));
    assert!(
        expect()
            .verify::<serde_json::Value>(&token, &key())
            .is_err()
    );
    assert!(expect().verify::<Option<Admin>>(&token, &key()).is_err());
}

#[test]
fn a_claim_twice() {
    for rest in [
        r#","exp":1700000001,"exp":1"#,
        r#","exp":1,"exp":1700000001"#,
        r#","iss":"x""#,
        r#","aud":"api""#,
        r#","x":{"y":1,"y":2}"#,
        r#","\u0069ss":"evil""#,
        r#","admin":false,"admin":true"#,
    ] {
        assert_eq!(
            claims(&expect(), &good(rest)),
            Err("jwt.malformed"),
            "{rest}"
        );
        let token = token(r#"{"alg":"HS256"}"#, good(rest));
        assert!(
            expect()
                .verify::<serde_json::Value>(&token, &key())
                .is_err(),
            "{rest}"
        );
        assert!(expect().verify::<()>(&token, &key()).is_err(), "{rest}");
    }
}

#[test]
fn claims_that_are_no_claims_set() {
    for json in [
        "",
        "null",
        "[]",
        "\"x\"",
        "1",
        "{",
        "{}x",
        "\u{feff}{}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":1,}",
    ] {
        assert_eq!(claims(&lax(), json), Err("jwt.malformed"), "{json:?}");
    }
    let token = token(
        r#"{"alg":"HS256"}"#,
        [b"{\"a\":\"".as_slice(), &[0xff], b"\"}"].concat(),
    );
    assert_eq!(
        lax()
            .verify::<IgnoredAny>(&token, &key())
            .unwrap_err()
            .code(),
        "jwt.malformed"
    );
}

#[test]
fn claims_that_nest_without_end() {
    let deep = |depth: usize| {
        good(&format!(
            r#","x":{}1{}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        ))
    };
    assert_eq!(claims(&expect(), &deep(31)), Ok(()));
    assert_eq!(claims(&expect(), &deep(32)), Err("jwt.limit-exceeded"));
    assert_eq!(claims(&expect(), &deep(300_000)), Err("jwt.limit-exceeded"));
}

#[test]
fn a_jwt_with_an_unencoded_payload() {
    let header = bulla::base64url::encode(br#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
    let token = crate::forge::segments(&header, r#"{"iss":"https://issuer.example","aud":"api"}"#);
    assert!(
        expect().verify::<IgnoredAny>(&token, &key()).is_err(),
        "RFC 7797 §7"
    );
}

#[test]
fn claims_are_out_of_reach_before_the_signature_and_before_the_checks() {
    // What has no `claims()` is shown by `compile_fail` examples; here, that each step refuses on its own.
    let good = token(r#"{"alg":"HS256"}"#, good(r#","exp":1"#));
    let verified = Jwt::parse(&good).unwrap().verify(&key()).unwrap();
    assert_eq!(
        verified
            .validate::<IgnoredAny>(&expect())
            .unwrap_err()
            .code(),
        "jwt.expired"
    );
    let other = crate::support::verifier(crate::support::keys::P256, "ES256");
    assert_eq!(
        Jwt::parse(&good)
            .unwrap()
            .verify(&other)
            .unwrap_err()
            .code(),
        "jws.algorithm-not-allowed"
    );
}

/// Headers are remembered after a valid signature. What is remembered is what was parsed, and nothing else.
#[test]
fn a_remembered_header_saves_the_parsing_and_no_check() {
    let key = key();
    let header = r#"{"alg":"HS256","crit":["x"],"x":1,"kid":"k"}"#;
    let good_token = token(header, good(""));
    let understood = expect().understood("x");
    for _ in 0..3 {
        understood.verify::<IgnoredAny>(&good_token, &key).unwrap();
    }
    let error = expect()
        .verify::<IgnoredAny>(&good_token, &key)
        .unwrap_err();
    assert_eq!(
        error.code(),
        "jws.critical-unknown",
        "another policy, the same key"
    );
    let strict = expect().understood("x").limits(bulla::Limits {
        kid: 0,
        ..bulla::Limits::default()
    });
    assert_eq!(
        strict
            .verify::<IgnoredAny>(&good_token, &key)
            .unwrap_err()
            .code(),
        "jws.limit-exceeded"
    );
    let typed = expect().understood("x").typ("at+jwt");
    assert_eq!(
        typed
            .verify::<IgnoredAny>(&good_token, &key)
            .unwrap_err()
            .code(),
        "jwt.type-mismatch"
    );

    let (input, signature) = good_token.rsplit_once('.').unwrap();
    let (segment, _) = input.split_once('.').unwrap();
    let other = bulla::base64url::encode(good(r#","admin":true"#).as_bytes());
    let forged = format!("{segment}.{other}.{signature}");
    assert_eq!(
        understood
            .verify::<IgnoredAny>(&forged, &key)
            .unwrap_err()
            .code(),
        "jws.signature-invalid"
    );
    let unsigned = format!("{input}.");
    assert_eq!(
        understood
            .verify::<IgnoredAny>(&unsigned, &key)
            .unwrap_err()
            .code(),
        "jws.signature-invalid"
    );
}

/// Two keys of one `kid`: the header is remembered with the first that verified, and the second still verifies.
#[test]
fn a_remembered_header_does_not_shut_out_another_key_of_its_kid() {
    use bulla::jwk::{Jwk, JwkSet};
    let pairs: Vec<_> = (0..2)
        .map(|_| {
            let mut pair = bulla::generate(bulla::jwa::SignatureAlg::Es256).unwrap();
            pair.members_mut().kid = Some("same".into());
            pair
        })
        .collect();
    let set = bulla::key_set(&JwkSet::new(
        pairs.iter().map(|pair| Jwk::from(pair.public())),
    ));
    let sign = |pair| {
        bulla::jwt::issue("https://issuer.example")
            .audience("api")
            .sign(&bulla::signer(pair).unwrap())
            .unwrap()
    };
    let expect = Expectations::new("https://issuer.example", "api");
    for _ in 0..3 {
        for pair in &pairs {
            expect.verify::<IgnoredAny>(&sign(pair), &set).unwrap();
        }
    }
    let mut stranger = bulla::generate(bulla::jwa::SignatureAlg::Es256).unwrap();
    stranger.members_mut().kid = Some("same".into());
    let error = expect
        .verify::<IgnoredAny>(&sign(&stranger), &set)
        .unwrap_err();
    assert_eq!(error.code(), "jws.signature-invalid");
}
