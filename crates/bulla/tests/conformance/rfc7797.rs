//! RFC 7797 §4, and the vector files that repeat and extend it.

use bulla::jws::{Builder, Jws};
use serde_json::Value;

use crate::rfc7515::A1_KEY;
use crate::support::{signer, verifier};
use bulla_testkit::vectors;

#[test]
fn section_4_1_encoded_control() {
    let token = Builder::new(&b"$.02"[..])
        .sign_compact(&signer(A1_KEY, "HS256"))
        .unwrap();
    assert_eq!(
        token,
        "eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ"
    );
}

#[test]
fn section_4_2_unencoded_detached() {
    let token = Builder::new(&b"$.02"[..])
        .unencoded()
        .detached()
        .sign_compact(&signer(A1_KEY, "HS256"))
        .unwrap();
    assert_eq!(token, format!("{PROTECTED}..{SIGNATURE}"));
    let jws = Jws::parse_compact(&token)
        .unwrap()
        .verify_detached(b"$.02", &verifier(A1_KEY, "HS256"))
        .unwrap();
    assert_eq!(jws.payload(), b"$.02");
}

#[test]
fn section_4_2_unencoded_flattened_json() {
    let json =
        format!(r#"{{"protected":"{PROTECTED}","payload":"$.02","signature":"{SIGNATURE}"}}"#);
    let jws = Jws::parse_flattened(json.as_bytes())
        .unwrap()
        .verify(&verifier(A1_KEY, "HS256"))
        .unwrap();
    assert_eq!(jws.payload(), b"$.02");

    let made = Builder::new(&b"$.02"[..])
        .unencoded()
        .sign_flattened(&signer(A1_KEY, "HS256"))
        .unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&made).unwrap(),
        serde_json::from_str::<Value>(&json).unwrap()
    );
}

#[test]
fn section_5_2_a_payload_with_a_dot_cannot_stand_in_a_compact_token() {
    let error = Builder::new(&b"$.02"[..])
        .unencoded()
        .sign_compact(&signer(A1_KEY, "HS256"))
        .unwrap_err();
    assert_eq!(error.code(), "jws.payload-unencodable");
}

#[test]
fn vector_file_compact() {
    let Some(vector) = vectors::json::<Value>("cookbook/rfc7797/hmac-sha2_b64_false.json") else {
        return;
    };
    let key = vector["input"]["key"].to_string();
    let payload = vector["input"]["payload"].as_str().unwrap();
    let compact = vector["output"]["compact"].as_str().unwrap();
    let jws = Jws::parse_compact(compact)
        .unwrap()
        .verify(&verifier(&key, "HS256"))
        .unwrap();
    assert_eq!(jws.payload(), payload.as_bytes());
    let general = vector["output"]["json"].to_string();
    let jws = Jws::parse_general(general.as_bytes())
        .unwrap()
        .verify(&verifier(&key, "HS256"))
        .unwrap();
    assert_eq!(jws.payload(), payload.as_bytes());
    let flattened = vector["output"]["json_flat"].to_string();
    let jws = Jws::parse_flattened(flattened.as_bytes())
        .unwrap()
        .verify(&verifier(&key, "HS256"))
        .unwrap();
    assert_eq!(jws.payload(), payload.as_bytes());
    let made = Builder::new(payload.as_bytes())
        .unencoded()
        .sign_compact(&signer(&key, "HS256"))
        .unwrap();
    assert_eq!(made, compact);
}

/// The header of this file says `"b64":false` and has no `crit`, whatever its `signing` member claims. RFC 7797 §6
/// requires `crit`, so the token must be refused although its authentication code is right.
#[test]
fn vector_file_without_crit_is_refused() {
    let Some(vector) = vectors::json::<Value>("cookbook/rfc7797/4.2.hmac-sha2_b64_false.json")
    else {
        return;
    };
    let key = vector["input"]["key"].to_string();
    for (name, general) in [("json", true), ("json_flat", false)] {
        let json = vector["output"][name].to_string();
        let jws = if general {
            Jws::parse_general(json.as_bytes())
        } else {
            Jws::parse_flattened(json.as_bytes())
        };
        let error = jws
            .and_then(|jws| jws.verify(&verifier(&key, "HS256")))
            .unwrap_err();
        assert_eq!(error.code(), "jws.malformed", "{name}");
    }
}

/// `{"alg":"HS256","b64":false,"crit":["b64"]}`
const PROTECTED: &str = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19";
const SIGNATURE: &str = "A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
