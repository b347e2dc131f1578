//! The signed tokens that the documentation of Inverno's `security-jose` module prints together with their keys.
//!
//! Two more stand there whose keys are generated and not printed: they cannot be verified by anybody.

use bulla::jws::{Builder, Headers, Jws, Policy};
use bulla::jwt::Expectations;
use serde_json::Value;
use std::time::{Duration, UNIX_EPOCH};

use crate::support::keys;
use crate::support::{signer, verifier};

#[test]
fn hs512_of_a_text() {
    let jws = Jws::parse_compact(TEXT)
        .unwrap()
        .verify(&verifier(OCT_KEY, "HS512"))
        .unwrap();
    assert_eq!(jws.payload(), b"This is a simple payload");
    assert_eq!(jws.verified()[0].header().cty(), Some("text/plain"));
}

#[test]
fn hs512_of_claims() {
    let expect = || Expectations::new("john", "nobody").any_audience();
    let key = verifier(OCT_KEY, "HS512");
    let expires = UNIX_EPOCH + Duration::from_secs(1_659_346_862);
    let valid = expect()
        .at(expires - Duration::from_secs(1))
        .verify::<Value>(CLAIMS, &key)
        .unwrap();
    assert_eq!(valid.claims()["http://example.com/is_root"], true);
    // RFC 7519 §4.1.4: on or after `exp` the token is not accepted.
    let error = expect()
        .at(expires)
        .verify::<Value>(CLAIMS, &key)
        .unwrap_err();
    assert_eq!(error.code(), "jwt.expired");
}

#[test]
fn hs256_of_a_message() {
    let token = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleUlkIiwiY3R5IjoiYXBwbGljYXRpb24vanNvbiJ9.\
        eyJhdXRob3IiOiJCaWxsIiwibWVzc2FnZSI6IkhleSEifQ.pNS2tZmB20ezMA-twecOhobDk3H5AgWyh-m5eV5xE14";
    let jws = Jws::parse_compact(token)
        .unwrap()
        .verify(&verifier(KEY_ID, "HS256"))
        .unwrap();
    assert_eq!(jws.payload(), br#"{"author":"Bill","message":"Hey!"}"#);
}

#[test]
fn hs256_of_a_message_to_be_nested() {
    let token = "eyJhbGciOiJIUzI1NiIsImtpZCI6Imp3c0tleSIsImN0eSI6ImFwcGxpY2F0aW9uL2pzb24ifQ.\
        eyJhdXRob3IiOiJNYXJjZWwiLCJtZXNzYWdlIjoiRmluYWxseSEifQ.wjnBucCNvQXHtL8QBWuXbutRECtIhazISQhR0NfYOQs";
    let jws = Jws::parse_compact(token)
        .unwrap()
        .verify(&verifier(KEY_ID, "HS256"))
        .unwrap();
    assert_eq!(
        jws.payload(),
        br#"{"author":"Marcel","message":"Finally!"}"#
    );
}

#[test]
fn hs256_with_a_critical_parameter() {
    let key = verifier(KEY_ID, "HS256");
    let error = Jws::parse_compact(CRITICAL)
        .and_then(|jws| jws.verify(&key))
        .unwrap_err();
    assert_eq!(error.code(), "jws.critical-unknown");
    let policy = Policy::new().understood("http://example.com/application_parameter");
    let jws = Jws::parse_compact_with(CRITICAL, policy)
        .unwrap()
        .verify(&key)
        .unwrap();
    assert_eq!(jws.payload(), b"Lorem ipsum");
}

#[test]
fn hs256_of_claims() {
    let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLCJleHAiOjE2OTExMzMyMTMsImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        4p0_3W8DBrjTpw2e2KI1__v-6QOT_5dWIMKbfsSvTo0";
    let at = UNIX_EPOCH + Duration::from_secs(1_691_133_212);
    let expect = Expectations::new("joe", "nobody")
        .any_audience()
        .typ("JWT")
        .at(at);
    expect
        .verify::<Value>(token, &verifier(KEY_ID, "HS256"))
        .unwrap();
}

#[test]
fn each_is_made_again_byte_for_byte() {
    for (token, key, alg) in [
        (TEXT, OCT_KEY, "HS512"),
        (CLAIMS, OCT_KEY, "HS512"),
        (CRITICAL, KEY_ID, "HS256"),
    ] {
        let mut parts = token
            .split('.')
            .map(|part| bulla::base64url::decode(part).unwrap());
        let (header, payload) = (parts.next().unwrap(), parts.next().unwrap());
        let headers = Headers::new().protected_octets(header);
        let made = Builder::new(&payload)
            .headers(headers)
            .sign_compact(&signer(key, alg))
            .unwrap();
        assert_eq!(made, token);
    }
}

#[test]
fn general_json_of_two_keys() {
    let json = r#"{"signatures":[
        {"header":{"cty":"text/plain","kid":"key1"},
         "signature":"PxhpMkmTep5obGFZv50OsRGA-e7-fxhUmWdUyLC74ms","protected":"eyJhbGciOiJIUzI1NiJ9"},
        {"header":{"cty":"text/plain","kid":"key2"},
         "signature":"KqjGSxiBD5GhwFhLs8H_RBg8nXsKtp4nj5PsdxCzd0ZqMed874ZAxTgnyd0KmQEZwmYvvgM-o8NC9VdIWalMvw",
         "protected":"eyJhbGciOiJFUzI1NiJ9"}],
        "payload":"TGluZGEgPiBTaGFsbCB3ZSBiZWdpbj8"}"#;
    let keys = vec![verifier(KEY_ID, "HS256"), verifier(keys::P256, "ES256")];
    let jws = Jws::parse_general(json.as_bytes())
        .unwrap()
        .verify_all(&keys)
        .unwrap();
    assert_eq!(jws.payload(), b"Linda > Shall we begin?");
}

pub(crate) const OCT_KEY: &str = r#"{"alg":"HS512","kty":"oct","kid":"octKey",
    "k":"h92UNTmd5NpTl5UUalbp03z4AygiLZrDYHOaSjwjYQ_fma8_aO6A8MwOUjJGJyFEGPLJ46ujcTLlKoO_AjK3UQ"}"#;
pub(crate) const KEY_ID: &str = r#"{"kty":"oct","alg":"HS256","kid":"keyId","k":"xqf1haCsSJGuueZivcq4YafdWw6n5CH2BTT6vDwUSaM"}"#;
pub(crate) const TEXT: &str = "eyJjdHkiOiJ0ZXh0L3BsYWluIiwia2lkIjoib2N0S2V5IiwiYWxnIjoiSFM1MTIifQ.\
    VGhpcyBpcyBhIHNpbXBsZSBwYXlsb2Fk.\
    mwq--Ke2Om3zA2y1F9cQlw5SyFPzhkvwoRaaezbzqifL5joJWuJEddPbtFDKLaBUD9Ufwi6R6IFbbOe-nxkr4w";
pub(crate) const CLAIMS: &str = "eyJ0eXAiOiJKV1QiLCJraWQiOiJvY3RLZXkiLCJhbGciOiJIUzUxMiJ9.\
    eyJpc3MiOiJqb2huIiwiZXhwIjoxNjU5MzQ2ODYyLCJodHRwOi8vZXhhbXBsZS5jb20vaXNfcm9vdCI6dHJ1ZX0.\
    hX_m668usLB1DHGW4cD2NJ1UzCs3T6sGCa0ctvGTkresiZ87iIeKnY0-EoIvWmDy3SY69rGLMsbsEjsru1QdZw";
pub(crate) const CRITICAL: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleUlkIiwiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vYXBwbGljYXRpb25f\
    cGFyYW1ldGVyIl0sImh0dHA6Ly9leGFtcGxlLmNvbS9hcHBsaWNhdGlvbl9wYXJhbWV0ZXIiOnRydWV9.\
    TG9yZW0gaXBzdW0.aQMWohoxZWOcpYVm04FBJwGc7fBO4xzUKVJz9qfjpxc";
