//! Two ways to read one token must not see two things: neither two ways of ours, nor ours and `serde_json`'s.
//!
//! The texts are small damages to good ones, the same in every run; the authentication code is right over each.

use std::time::{Duration, UNIX_EPOCH};

use bulla::json::{self, JsonError};
use bulla::jws::{Jws, Policy};
use bulla::jwt::{Expectations, Scratch};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::forge::{key, segments, token};

const ROUNDS: usize = 4_000;

#[derive(Deserialize)]
#[allow(dead_code, reason = "only whether it can be read matters")]
struct Me<'a> {
    #[serde(borrow)]
    role: Option<std::borrow::Cow<'a, str>>,
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, Value>,
}

#[test]
fn however_claims_are_read_they_say_the_same() {
    let expect =
        Expectations::any_issuer_any_audience().at(UNIX_EPOCH + Duration::from_secs(1_600_000_000));
    let (key, mut accepted) = (key(), 0);
    for text in damaged(CLAIMS) {
        let token = token(r#"{"alg":"HS256"}"#, &text);
        let shown = String::from_utf8_lossy(&text);
        let valid = expect.verify::<Value>(&token, &key);
        let code = valid.as_ref().map(|_| ()).map_err(|error| error.code());
        let unread = expect
            .verify::<()>(&token, &key)
            .map(drop)
            .map_err(|error| error.code());
        let ignored = expect
            .verify::<IgnoredAny>(&token, &key)
            .map(drop)
            .map_err(|error| error.code());
        assert_eq!((unread, ignored), (code, code), "{shown}");
        let mut scratch = Scratch::new();
        match (
            code,
            expect
                .verify_in::<Me<'_>>(&mut scratch, &token, &key)
                .map_err(|error| error.code()),
        ) {
            (Ok(()), Ok(_) | Err("jwt.claim-invalid")) => {}
            (one, other) => assert_eq!(one.err(), other.err(), "{shown}"),
        }
        let Ok(valid) = valid else { continue };
        accepted += 1;
        let theirs: Value = serde_json::from_slice(&text).unwrap();
        let member = |name: &str| theirs.get(name).and_then(Value::as_str);
        assert_eq!(
            (valid.issuer(), valid.subject()),
            (member("iss"), member("sub")),
            "{shown}"
        );
        assert_eq!(valid.jwt_id(), member("jti"), "{shown}");
        assert_eq!(
            valid.expires_at().is_some(),
            theirs.get("exp").is_some(),
            "{shown}"
        );
        assert!(
            theirs
                .get("exp")
                .is_none_or(|exp| exp.as_f64().unwrap() > 1.6e9),
            "{shown}"
        );
        let audience: Vec<_> = match theirs.get("aud") {
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            one => one.and_then(Value::as_str).into_iter().collect(),
        };
        assert_eq!(valid.audience().collect::<Vec<_>>(), audience, "{shown}");
    }
    assert!(accepted > ROUNDS / 10, "{accepted}: nothing was compared");
}

#[test]
fn a_remembered_header_says_what_a_fresh_one_does() {
    let at = UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    let lax = || Expectations::any_issuer_any_audience().at(at);
    let expectations = [
        (lax(), Policy::new()),
        (lax().understood("x"), Policy::new().understood("x")),
        (lax().typ("at+jwt"), Policy::new()),
    ];
    let (mut remembering, mut accepted) = (key(), 0);
    for (round, text) in damaged(HEADERS).enumerate() {
        if round % 5 == 0 {
            remembering = key();
        }
        let token = segments(&bulla::base64url::encode(&text), "e30");
        let shown = String::from_utf8_lossy(&text);
        for (expect, policy) in &expectations {
            let judge = |key: &bulla::key::Verifier| {
                expect
                    .verify::<()>(&token, key)
                    .map(|valid| valid.header().clone())
                    .map_err(|error| error.code())
            };
            let fresh = judge(&key());
            assert_eq!(judge(&remembering), fresh, "{shown}");
            assert_eq!(judge(&remembering), fresh, "again: {shown}");
            let jws = Jws::parse_compact_with(&token, policy.clone())
                .and_then(|jws| jws.verify(&remembering));
            match (&fresh, jws.map(drop).map_err(|error| error.code())) {
                (Ok(header), Ok(())) => {
                    accepted += 1;
                    let theirs: Value = serde_json::from_slice(&text).unwrap();
                    assert_eq!(
                        Value::Object(header.parameters().clone()),
                        theirs,
                        "{shown}"
                    );
                    assert_eq!(
                        header.kid(),
                        theirs.get("kid").and_then(Value::as_str),
                        "{shown}"
                    );
                    assert_eq!(
                        header.typ(),
                        theirs.get("typ").and_then(Value::as_str),
                        "{shown}"
                    );
                    assert_eq!(header.alg().unwrap().as_str(), "HS256", "{shown}");
                }
                (Err(code), Ok(())) => assert!(code.starts_with("jwt."), "{code}: {shown}"),
                (fresh, jws) => assert_eq!(fresh.as_ref().err(), jws.as_ref().err(), "{shown}"),
            }
        }
    }
    assert!(accepted > ROUNDS / 10, "{accepted}: nothing was compared");
}

/// We accept nothing that `serde_json` refuses, and refuse as no JSON nothing that it accepts.
#[test]
fn what_is_json_is_no_matter_of_opinion() {
    for text in damaged(CLAIMS).chain(damaged(HEADERS)) {
        let shown = String::from_utf8_lossy(&text);
        match (
            json::from_slice::<Value>(&text, 32),
            serde_json::from_slice::<Value>(&text),
        ) {
            (Ok(_), Err(theirs)) => panic!("{shown}: {theirs}"),
            (Err(ours @ JsonError::Syntax { .. }), Ok(_)) => panic!("{shown}: {ours}"),
            _ => {}
        }
    }
}

fn damaged(good: &'static [&'static str]) -> impl Iterator<Item = Vec<u8>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    (0..ROUNDS).map(move |_| {
        let mut text = good[random(good.len())].as_bytes().to_vec();
        for _ in 0..random(4) {
            let at = random(text.len());
            match random(4) {
                0 if !text.is_empty() => drop(text.remove(at)),
                1 => text.insert(at, OCTETS[random(OCTETS.len())]),
                2 if !text.is_empty() => text[at] = OCTETS[random(OCTETS.len())],
                _ => {
                    let piece = text[at..(at + random(12)).min(text.len())].to_vec();
                    let to = random(text.len() + 1);
                    text.splice(to..to, piece);
                }
            }
        }
        text
    })
}

const OCTETS: &[u8] = b"{}[]\",:\\ut0123456789.eE+-nulltruefalse \n\t\x1f\xc3\xa9aisxpjbfgkdyc";

const CLAIMS: &[&str] = &[
    r#"{"iss":"https://x","aud":["a","b"],"exp":1700000000.5,"nbf":0,"iat":1,"jti":"j","sub":"s","role":"r","x":{"iss":1}}"#,
    r#"{"iss":"\u0068ttps://x","aud":"a","exp":1800000000,"role":"a\"b","e":"\ud83d\ude00","l":[1,2,{"a":null}]}"#,
    r#" { "exp" : 2000000000 , "iat":1e9 , "role" : null , "subject":"z", "su":1, "expo":"x","is":2,"iss":"x"}"#,
    r#"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":1,"k":2,"l":3,"m":4,"n":5,"o":6,"p":7,"q":8,"r":9,"exp":1900000000}"#,
];

const HEADERS: &[&str] = &[
    r#"{"alg":"HS256","typ":"JWT","kid":"k"}"#,
    r#"{"typ":"at+jwt","alg":"HS256","crit":["x"],"x":1}"#,
    r#"{ "kid":"\u0061","alg":"HS256","jwk":{"kty":"oct"},"x5t":"AAAAAAAAAAAAAAAAAAAAAAAAAAA" }"#,
    r#"{"alg":"HS256","b64":true,"crit":["b64"],"cty":"JWT","jku":"u"}"#,
    r#"{"alg":"HS256"}"#,
];
