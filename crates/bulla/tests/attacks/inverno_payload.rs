//! The defects of Inverno's `security-jose` that concern its media type converters; the others are in `inverno.rs`.

use std::time::{Duration, UNIX_EPOCH};

use bulla::jwa::ContentEncryptionAlg;
use bulla::jws::{Builder, Jws};
use bulla::jwt::{self, Expectations};
use bulla::payload::{Bytes, Decoders, Jose, Json, Jwt, Payload, Text};
use bulla::{base64url::encode, jwe};
use serde_json::Value;

use crate::forge::{key, refused, token, verify};
use crate::jwe_forge::KEY;
use crate::jwe_support::{decrypter, encrypter};
use crate::support::{keys, signer, verifier};

const ENC: ContentEncryptionAlg = ContentEncryptionAlg::A256Gcm;

/// There, the converter ran first: what it said came before, and instead of, what the signature said.
#[test]
fn defect_05_a_converter_does_not_run_before_the_signature_is_checked() {
    let header = r#"{"alg":"HS256","cty":"application/json"}"#;
    let forged = format!("{}.{}.AA", encode(header), encode("not json"));
    assert_eq!(refused(&forged), "jws.signature-invalid");
    let honest = token(header, "not json");
    let error = verify(&honest)
        .unwrap()
        .decode_stated(&Json::<Value>::new())
        .unwrap_err();
    assert_eq!(error.code(), "payload.malformed");
}

#[test]
fn defect_17_an_empty_payload_is_a_text_and_octets() {
    let jws = Builder::typed(&Text, "").unwrap();
    let jws = jws.sign_compact(&signer(keys::P256, "ES256")).unwrap();
    let jws = Jws::parse_compact(&jws).unwrap();
    let jws = jws.verify(&verifier(keys::P256, "ES256")).unwrap();
    assert_eq!(jws.decode_stated(&Text).unwrap(), "");

    let jwe = jwe::Builder::typed(&Bytes, b"", ENC).unwrap();
    let jwe = jwe.encrypt_compact(&encrypter(KEY, "A256KW")).unwrap();
    let jwe = jwe::Jwe::parse_compact(&jwe).unwrap();
    let jwe = jwe.decrypt(&decrypter(KEY, "A256KW")).unwrap();
    assert_eq!(jwe.decode_stated(&Bytes).unwrap(), b"");
}

/// There, every payload went through a string.
#[test]
fn defect_18_a_payload_of_octets_has_a_media_type() {
    let octets: Vec<u8> = (0..=255).collect();
    let jwe = jwe::Builder::typed(&Bytes, &octets, ENC).unwrap();
    let jwe = jwe.encrypt_compact(&encrypter(KEY, "A256KW")).unwrap();
    let jwe = jwe::Jwe::parse_compact(&jwe).unwrap();
    let jwe = jwe.decrypt(&decrypter(KEY, "A256KW")).unwrap();
    assert!(matches!(
        jwe.decode_by_type(&Decoders::plain()).unwrap(),
        Payload::Bytes(read) if read == octets
    ));
}

/// There, `application/jwt` was never decoded, and `application/jose` not where it was a JWE.
#[test]
fn defect_21_a_jwt_and_a_jwe_can_be_inside() {
    let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let inner = jwt::issue("issuer")
        .audience("api")
        .sign(&signer(keys::P256, "ES256"))
        .unwrap();
    for cty in ["JWT", "application/jwt"] {
        let outer = token(&format!(r#"{{"alg":"HS256","cty":"{cty}"}}"#), &inner);
        let expect = Expectations::new("issuer", "api").at(now);
        let reader = Jwt::signed::<()>(expect, verifier(keys::P256, "ES256"));
        let valid = verify(&outer).unwrap().decode_stated(&reader).unwrap();
        assert_eq!(valid.issuer(), Some("issuer"));
    }

    let inner = jwe::Builder::typed(&Text, "x", ENC).unwrap();
    let inner = inner.encrypt_compact(&encrypter(KEY, "A256KW")).unwrap();
    let outer = token(r#"{"alg":"HS256","cty":"application/jose"}"#, &inner);
    let reader = Jose::jwe(decrypter(KEY, "A256KW"));
    let jwe = verify(&outer).unwrap().decode_stated(&reader).unwrap();
    assert_eq!(jwe.decode_stated(&Text).unwrap(), "x");

    // An unsecured token has three parts, the last of them empty; it was miscounted, and is refused as what it is.
    let unsecured = format!("{}.{}.", encode(r#"{"alg":"none"}"#), encode("{}"));
    let outer = token(r#"{"alg":"HS256","cty":"JOSE"}"#, &unsecured);
    let error = verify(&outer)
        .unwrap()
        .decode(&Jose::jws(key()))
        .unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
}
