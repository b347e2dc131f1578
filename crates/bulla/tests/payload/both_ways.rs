//! Each media type written and read again, in a JWS and in a JWE.

use core::fmt::Debug;

use bulla::jwa::{MacAlg, SignatureAlg};
use bulla::jwk::{Jwk, JwkSet};
use bulla::payload::{
    Bytes, Decode, Decoders, Encode, Json, JwkJson, JwkSetJson, Payload, Renamed, Text,
};
use bulla::{Untrusted, jwe, jws};
use serde_json::{Value, json};

use crate::keys::{ENC, KEYS, decrypted, verified};

/// Signs and encrypts `value`, and reads it by the decoder, by what `cty` says, and by both.
fn both_ways<C, V>(codec: &C, value: &V, cty: &str, expected: &C::Value) -> [Payload; 2]
where
    C: Decode<Value: Debug + PartialEq> + Encode<V>,
    V: ?Sized,
{
    let token = jws::Builder::typed(codec, value)
        .unwrap()
        .sign_compact(&KEYS.signer)
        .unwrap();
    let signed = verified(&token);
    assert_eq!(signed.verified()[0].header().cty(), Some(cty));
    assert_eq!(signed.decode(codec).unwrap(), *expected);
    assert_eq!(signed.decode_stated(codec).unwrap(), *expected);

    let (jwe, read) = encrypted(codec, value, expected);
    assert_eq!(jwe, cty);
    let by_type = signed.decode_by_type(&Decoders::plain()).unwrap();
    [by_type, read]
}

fn encrypted<C, V>(codec: &C, value: &V, expected: &C::Value) -> (String, Payload)
where
    C: Decode<Value: Debug + PartialEq> + Encode<V>,
    V: ?Sized,
{
    let token = jwe::Builder::typed(codec, value, ENC)
        .unwrap()
        .encrypt_compact(&KEYS.encrypter)
        .unwrap();
    let jwe = decrypted(&token);
    assert_eq!(jwe.decode(codec).unwrap(), *expected);
    assert_eq!(jwe.decode_stated(codec).unwrap(), *expected);
    let cty = jwe.header().cty().unwrap().to_owned();
    (cty, jwe.decode_by_type(&Decoders::plain()).unwrap())
}

#[test]
fn octets() {
    for octets in [&b""[..], b"\0\xff\xfe.", &[7; 4096]] {
        let expected = octets.to_vec();
        for read in both_ways(&Bytes, octets, "octet-stream", &expected) {
            assert!(matches!(read, Payload::Bytes(read) if read == expected));
        }
    }
}

#[test]
fn text() {
    for text in ["", "This is a simple payload", "grüezi \u{1f511}\0"] {
        for read in both_ways(&Text, text, "text/plain", &text.to_owned()) {
            assert!(matches!(read, Payload::Text(read) if read == text));
        }
    }
}

#[test]
fn json() {
    for value in [
        json!({"author": "Bill", "n": [1, null]}),
        json!([]),
        json!(""),
    ] {
        for read in both_ways(&Json::<Value>::new(), &value, "json", &value) {
            assert!(matches!(read, Payload::Json(read) if read == value));
        }
    }
}

#[test]
fn a_public_key() {
    let key = Jwk::from(bulla::generate(SignatureAlg::Ed25519).unwrap().public());
    let expected = Untrusted::new(key.clone());
    for read in both_ways(&JwkJson, &key, "jwk+json", &expected) {
        assert!(matches!(read, Payload::Jwk(read) if *read == expected));
    }
}

#[test]
fn a_set_of_public_keys() {
    let key = bulla::generate(SignatureAlg::Ed25519).unwrap().public();
    let set = JwkSet::new([key]);
    let expected = Untrusted::new(set.clone());
    for read in both_ways(&JwkSetJson, &set, "jwk-set+json", &expected) {
        assert!(matches!(read, Payload::JwkSet(read) if read == expected));
    }
}

/// They go into a JWE, and into no JWS.
#[test]
fn keys_that_are_secrets() {
    let private = Jwk::from(bulla::generate(SignatureAlg::Ed25519).unwrap());
    let secret = Jwk::from(bulla::generate_secret(MacAlg::Hs256).unwrap());
    for key in [private, secret] {
        let expected = Untrusted::new(key.clone());
        let (cty, read) = encrypted(&JwkJson, &key, &expected);
        assert_eq!(cty, "jwk+json");
        assert!(matches!(read, Payload::Jwk(read) if *read == expected));

        let public = bulla::generate(SignatureAlg::Ed25519).unwrap().public();
        let set = JwkSet::new([Jwk::from(public), key.clone()]);
        let expected = Untrusted::new(set.clone());
        let (cty, read) = encrypted(&JwkSetJson, &set, &expected);
        assert_eq!(cty, "jwk-set+json");
        assert!(matches!(read, Payload::JwkSet(read) if read == expected));

        for refused in [
            jws::Builder::typed(&JwkJson, &key).map(drop),
            jws::Builder::typed(&JwkSetJson, &set).map(drop),
            jws::General::typed(&JwkSetJson, &set).map(drop),
        ] {
            let error = refused.unwrap_err();
            assert_eq!(error.code(), "payload.secret");
            assert_eq!(error.fault(), bulla::Fault::Caller);
        }
    }
}

#[test]
fn another_media_type_for_the_same_octets() {
    let png = Renamed::new("image/png", Bytes).unwrap();
    let octets = b"\x89PNG\r\n".to_vec();
    let token = jws::Builder::typed(&png, &octets)
        .unwrap()
        .sign_compact(&KEYS.signer)
        .unwrap();
    let jws = verified(&token);
    assert_eq!(jws.verified()[0].header().cty(), Some("image/png"));
    assert_eq!(jws.decode_stated(&png).unwrap(), octets);
    let error = jws.decode_stated(&Bytes).unwrap_err();
    assert_eq!(error.code(), "payload.type-unsupported");
    let decoders = Decoders::plain().with(png);
    assert!(matches!(
        jws.decode_by_type(&decoders).unwrap(),
        Payload::Bytes(read) if read == octets
    ));
}
