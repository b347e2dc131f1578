//! Who says what a payload is: a decoder before the caller's content type before the token's.

use bulla::jws::{Builder, General, Headers, Jws};
use bulla::payload::{
    Bytes, Codec, Decode, Decoders, Json, Payload, PayloadError, Renamed, Text, TypeSource,
};
use bulla::{Fault, jwe};
use serde_json::{Value, json};

use crate::keys::{ENC, KEYS, Keys, decrypted, verified};

fn signed(cty: &str, payload: &str) -> String {
    let builder = Builder::new(payload).cty(cty);
    builder.sign_compact(&KEYS.signer).unwrap()
}

#[test]
fn a_decoder_before_the_callers_type_before_the_tokens() {
    let plain = Decoders::plain();
    let token = signed("application/json", "[1]");
    let encrypted = jwe::Builder::new("[1]", ENC)
        .cty("application/json")
        .encrypt_compact(&KEYS.encrypter)
        .unwrap();
    let (jws, jwe) = (verified(&token), decrypted(&encrypted));

    assert_eq!(jws.decode(&Bytes).unwrap(), b"[1]");
    assert_eq!(jwe.decode(&Bytes).unwrap(), b"[1]");
    for read in [
        jws.decode_as("text/plain", &plain),
        jwe.decode_as("text/plain", &plain),
    ] {
        assert!(matches!(read.unwrap(), Payload::Text(read) if read == "[1]"));
    }
    for read in [jws.decode_by_type(&plain), jwe.decode_by_type(&plain)] {
        assert!(matches!(read.unwrap(), Payload::Json(read) if read == json!([1])));
    }
    for refused in [jws.decode_stated(&Bytes), jwe.decode_stated(&Bytes)] {
        assert_eq!(refused.unwrap_err().code(), "payload.type-unsupported");
    }
}

#[test]
fn how_a_media_type_is_written_does_not_matter() {
    for cty in [
        "json",
        "JSON",
        "application/json",
        "Application/JSON",
        "json;charset=utf-8",
        "application/json; charset=\"UTF-8\"",
        "application/json;version=3",
    ] {
        let token = signed(cty, "{}");
        let jws = verified(&token);
        assert_eq!(
            jws.decode_stated(&Json::<Value>::new()).unwrap(),
            json!({}),
            "{cty}"
        );
        let read = jws.decode_by_type(&Decoders::plain()).unwrap();
        assert!(matches!(read, Payload::Json(_)), "{cty}");
    }
}

#[test]
fn nobody_states_a_type() {
    let builder = Builder::new("x");
    let token = builder.sign_compact(&KEYS.signer).unwrap();
    let encrypted = jwe::Builder::new("x", ENC);
    let encrypted = encrypted.encrypt_compact(&KEYS.encrypter).unwrap();
    let plain = Decoders::plain();
    for error in [
        verified(&token).decode_by_type(&plain).unwrap_err(),
        decrypted(&encrypted).decode_by_type(&plain).unwrap_err(),
        verified(&token).decode_stated(&Text).unwrap_err(),
        decrypted(&encrypted).decode_stated(&Text).unwrap_err(),
    ] {
        assert!(matches!(
            error,
            PayloadError::TypeMissing { unprotected: false }
        ));
        assert_eq!(error.code(), "payload.type-missing");
    }
    assert_eq!(verified(&token).decode(&Text).unwrap(), "x");
    assert_eq!(decrypted(&encrypted).decode(&Text).unwrap(), "x");
}

#[test]
fn a_type_that_nobody_reads_says_who_stated_it() {
    let token = signed("application/vnd.example", "x");
    let jws = verified(&token);
    let error = jws.decode_by_type(&Decoders::plain()).unwrap_err();
    assert_eq!(error.fault(), Fault::Token);
    assert!(matches!(
        error,
        PayloadError::TypeUnsupported { found, source: TypeSource::Token }
            if found == "application/vnd.example"
    ));
    let error = jws.decode_as("image/png", &Decoders::plain()).unwrap_err();
    assert_eq!(
        (error.code(), error.fault()),
        ("payload.type-unsupported", Fault::Caller)
    );
    let error = jws.decode_as("no type", &Decoders::plain()).unwrap_err();
    assert_eq!(
        (error.code(), error.fault()),
        ("payload.type-malformed", Fault::Caller)
    );
    // Nobody is asked where nobody was put.
    let error = jws.decode_as("text/plain", &Decoders::new()).unwrap_err();
    assert_eq!(error.code(), "payload.type-unsupported");
}

#[test]
fn of_two_decoders_of_a_type_the_later_is_asked() {
    let decoders = Decoders::new()
        .with(Text)
        .with(Renamed::new("text/plain", Bytes).unwrap())
        .with(Renamed::new("text/csv", Text).unwrap());
    let types: Vec<_> = decoders.media_types().collect();
    assert_eq!(types, ["text/csv", "text/plain", "text/plain"]);
    let token = signed("text/plain", "x");
    let read = verified(&token).decode_by_type(&decoders).unwrap();
    assert!(matches!(read, Payload::Bytes(_)));
    assert_eq!(format!("{read:?}"), "Payload(octets)");
}

/// A decoder of one's own is looked at first, and an error of its own arrives whole.
#[test]
fn a_decoder_of_ones_own() {
    #[derive(Debug, PartialEq)]
    struct Number(i64);

    struct Numbers;

    impl Codec for Numbers {
        fn media_type(&self) -> &str {
            "text/plain"
        }
    }

    impl Decode for Numbers {
        type Value = Number;

        fn decode(&self, octets: &[u8]) -> Result<Number, PayloadError> {
            let text = Text.decode(octets)?;
            text.parse().map(Number).map_err(PayloadError::own)
        }
    }

    let decoders = Decoders::plain().with_other(Numbers);
    let token = signed("text/plain", "42");
    let Payload::Other(read) = verified(&token).decode_by_type(&decoders).unwrap() else {
        panic!("not the application's own")
    };
    assert_eq!(*read.downcast::<Number>().unwrap(), Number(42));
    let token = signed("text/plain", "x");
    let error = verified(&token).decode_by_type(&decoders).unwrap_err();
    assert_eq!(error.code(), "payload.value-invalid");
    assert_eq!(error.to_string(), "invalid digit found in string");
}

#[test]
fn several_signatures_state_one_type_or_none() {
    let other = Keys::new();
    let both = vec![KEYS.verifier.clone(), other.verifier.clone()];
    let general = |one: Headers, two: Headers| {
        General::new("{}")
            .sign(&one, &KEYS.signer)
            .unwrap()
            .sign(&two, &other.signer)
            .unwrap()
            .finish()
            .unwrap()
    };
    let cty = |cty: &str| Headers::new().cty(cty);
    let plain = Decoders::plain();

    let agreed = general(cty("json"), cty("application/JSON"));
    let jws = Jws::parse_general(agreed.as_bytes())
        .unwrap()
        .verify_all(&both)
        .unwrap();
    assert!(matches!(
        jws.decode_by_type(&plain).unwrap(),
        Payload::Json(_)
    ));

    let one_says = general(Headers::new(), cty("json"));
    let jws = Jws::parse_general(one_says.as_bytes())
        .unwrap()
        .verify_all(&both)
        .unwrap();
    assert!(matches!(
        jws.decode_by_type(&plain).unwrap(),
        Payload::Json(_)
    ));

    let contradiction = general(cty("json"), cty("text/plain"));
    let jws = Jws::parse_general(contradiction.as_bytes())
        .unwrap()
        .verify_all(&both)
        .unwrap();
    assert_eq!(
        jws.decode_by_type(&plain).unwrap_err().code(),
        "payload.type-ambiguous"
    );
    // A signature that did not hold states nothing.
    let jws = Jws::parse_general(contradiction.as_bytes())
        .unwrap()
        .verify(&other.verifier)
        .unwrap();
    assert!(matches!(
        jws.decode_by_type(&plain).unwrap(),
        Payload::Text(_)
    ));
}
