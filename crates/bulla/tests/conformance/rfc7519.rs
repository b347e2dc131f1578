//! RFC 7519 §3.1 and §6.1. The encrypted and nested examples of its appendix A need JWE.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla::jwt::Expectations;
use serde::Deserialize;

use crate::rfc7515::{A1_KEY, CLAIMS, PAYLOAD};
use crate::support::verifier;

#[derive(Deserialize)]
struct Root {
    #[serde(rename = "http://example.com/is_root")]
    is_root: bool,
}

#[test]
fn section_3_1_example_jwt() {
    let valid = expect(1_300_819_379)
        .verify::<Root>(&token(), &verifier(A1_KEY, "HS256"))
        .unwrap();
    assert!(valid.claims().is_root);
    assert_eq!(valid.issuer(), Some("joe"));
    assert_eq!(valid.expires_at(), Some(second(1_300_819_380)));
    assert_eq!(valid.payload(), CLAIMS.as_bytes());
    let checked: Vec<_> = valid.checked().collect();
    assert_eq!(checked, ["signature", "alg", "iss", "exp"]);
}

#[test]
fn section_4_1_4_expires_on_the_second() {
    let error = expect(1_300_819_380)
        .verify::<Root>(&token(), &verifier(A1_KEY, "HS256"))
        .unwrap_err();
    assert_eq!(error.code(), "jwt.expired");
}

#[test]
fn section_4_1_4_leeway_is_counted_from_there() {
    let key = verifier(A1_KEY, "HS256");
    let with_leeway = |at| {
        expect(at)
            .leeway(Duration::from_secs(60))
            .verify::<Root>(&token(), &key)
    };
    assert!(with_leeway(1_300_819_439).is_ok());
    assert_eq!(
        with_leeway(1_300_819_440).unwrap_err().code(),
        "jwt.expired"
    );
}

#[test]
fn section_6_1_unsecured_jwt_is_refused() {
    let token = format!("eyJhbGciOiJub25lIn0.{PAYLOAD}.");
    let error = expect(1_300_819_379)
        .verify::<Root>(&token, &verifier(A1_KEY, "HS256"))
        .unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
}

/// The example has no `aud`.
fn expect(at: u64) -> Expectations {
    Expectations::new("joe", "nobody")
        .any_audience()
        .at(second(at))
}

fn second(since_epoch: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(since_epoch)
}

fn token() -> String {
    format!(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    )
}
