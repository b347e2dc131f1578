//! The tokens of the Inverno security-jose guide whose keys it prints, opened by media type: what its converters are said
//! to make of them.

use std::time::{Duration, UNIX_EPOCH};

use bulla::jwe::{Jwe, Policy};
use bulla::jwk::{Jwk, JwkSet};
use bulla::jws::{self, Jws};
use bulla::jwt::Expectations;
use bulla::payload::{Decoders, Jose, Json, JwkSetJson, Payload, PayloadError, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::inverno::{CRITICAL, KEY_ID, OCT_KEY, TEXT};
use crate::inverno_jwe::{
    EC_KEY, JWK_SET_TOKEN, MAC_KEY, NESTED_TOKEN, RSA_KEY, RSA_TOKEN, WRAPPING_KEY,
};
use crate::jwe_support::decrypter;
use crate::support::verifier;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Message {
    author: String,
    message: String,
}

impl Message {
    fn new(author: &str, message: &str) -> Self {
        Self {
            author: author.into(),
            message: message.into(),
        }
    }
}

#[test]
fn a_signed_text_is_read_as_its_cty_says() {
    let jws = Jws::parse_compact(TEXT).unwrap();
    let jws = jws.verify(&verifier(OCT_KEY, "HS512")).unwrap();
    assert_eq!(jws.content_type().unwrap().to_string(), "text/plain");
    assert_eq!(jws.decode(&Text).unwrap(), "This is a simple payload");
    match jws.decode_by_type(&Decoders::plain()).unwrap() {
        Payload::Text(text) => assert_eq!(text, "This is a simple payload"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_encrypted_text_is_read_as_its_cty_says() {
    let jwe = Jwe::parse_compact(RSA_TOKEN).unwrap();
    let jwe = jwe.decrypt(&decrypter(RSA_KEY, "RSA-OAEP")).unwrap();
    assert_eq!(
        jwe.decode_stated(&Text).unwrap(),
        "This is a simple payload"
    );
    match jwe.decode_by_type(&Decoders::plain()).unwrap() {
        Payload::Text(text) => assert_eq!(text, "This is a simple payload"),
        other => panic!("{other:?}"),
    }
}

/// The guide shows the fields of a second such token, beside the first.
#[test]
fn an_encrypted_text_of_which_the_fields_are_printed() {
    let header = RSA_TOKEN.split('.').next().unwrap();
    let token = [header, RSA_FIELDS].join(".");
    let jwe = Jwe::parse_compact(&token).unwrap();
    let jwe = jwe.decrypt(&decrypter(RSA_KEY, "RSA-OAEP")).unwrap();
    assert_eq!(
        jwe.decode_stated(&Text).unwrap(),
        "This is a simple payload"
    );
}

#[test]
fn a_signed_message_becomes_the_callers_type() {
    let token = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImtleUlkIiwiY3R5IjoiYXBwbGljYXRpb24vanNvbiJ9.\
        eyJhdXRob3IiOiJCaWxsIiwibWVzc2FnZSI6IkhleSEifQ.pNS2tZmB20ezMA-twecOhobDk3H5AgWyh-m5eV5xE14";
    let jws = Jws::parse_compact(token).unwrap();
    let jws = jws.verify(&verifier(KEY_ID, "HS256")).unwrap();
    let message = jws.decode_stated(&Json::<Message>::new()).unwrap();
    assert_eq!(message, Message::new("Bill", "Hey!"));
}

#[test]
fn an_encrypted_message_becomes_the_callers_type() {
    let jwe = Jwe::parse_compact(MESSAGE_TOKEN).unwrap();
    let jwe = jwe.decrypt(&decrypter(WRAPPING_KEY, "A256GCMKW")).unwrap();
    let message = jwe.decode_stated(&Json::<Message>::new()).unwrap();
    assert_eq!(message, Message::new("Bill", "Hey!"));
}

/// It has no `cty`: the caller says what it is, by a decoder or by a content type.
#[test]
fn critical_parameters_and_a_content_type_of_the_callers() {
    let understood = "http://example.com/application_parameter";
    let policy = jws::Policy::new().understood(understood);
    let jws = Jws::parse_compact_with(CRITICAL, policy).unwrap();
    let jws = jws.verify(&verifier(KEY_ID, "HS256")).unwrap();
    let policy = Policy::new().understood(understood);
    let jwe = Jwe::parse_compact_with(CRITICAL_JWE, policy).unwrap();
    let jwe = jwe.decrypt(&decrypter(WRAPPING_KEY, "A256GCMKW")).unwrap();

    let plain = Decoders::plain();
    for (untyped, text, read) in [
        (
            jws.decode_by_type(&plain),
            jws.decode(&Text),
            jws.decode_as("text/plain", &plain),
        ),
        (
            jwe.decode_by_type(&plain),
            jwe.decode(&Text),
            jwe.decode_as("text/plain", &plain),
        ),
    ] {
        assert_eq!(untyped.unwrap_err().code(), "payload.type-missing");
        assert_eq!(text.unwrap(), "Lorem ipsum");
        assert!(matches!(read.unwrap(), Payload::Text(text) if text == "Lorem ipsum"));
    }
}

/// Its `cty` is not protected; there, it chose the converter all the same.
#[test]
fn a_general_jws_is_read_with_an_explicit_decoder() {
    let json = br#"{"signatures":[
        {"header":{"cty":"text/plain","kid":"key1"},
         "signature":"PxhpMkmTep5obGFZv50OsRGA-e7-fxhUmWdUyLC74ms","protected":"eyJhbGciOiJIUzI1NiJ9"},
        {"header":{"cty":"text/plain","kid":"key2"},
         "signature":"KqjGSxiBD5GhwFhLs8H_RBg8nXsKtp4nj5PsdxCzd0ZqMed874ZAxTgnyd0KmQEZwmYvvgM-o8NC9VdIWalMvw",
         "protected":"eyJhbGciOiJFUzI1NiJ9"}],
        "payload":"TGluZGEgPiBTaGFsbCB3ZSBiZWdpbj8"}"#;
    let jws = Jws::parse_general(json).unwrap();
    let jws = jws
        .verify(&verifier(crate::support::keys::P256, "ES256"))
        .unwrap();
    assert_eq!(
        said_by(&jws.decode(&Text).unwrap()),
        Message::new("Linda", "Shall we begin?")
    );
    let error = jws.decode_by_type(&Decoders::plain()).unwrap_err();
    assert!(matches!(
        error,
        PayloadError::TypeMissing { unprotected: true }
    ));
    let stated = jws.signatures()[1].header().cty().unwrap();
    assert!(matches!(
        jws.decode_as(stated, &Decoders::plain()).unwrap(),
        Payload::Text(_)
    ));
}

#[test]
fn a_general_jwe_is_read_with_an_explicit_decoder() {
    let key = decrypter(r#"{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}"#, "A128KW");
    let jwe = Jwe::parse_general(GENERAL_JWE.as_bytes()).unwrap();
    let jwe = jwe.decrypt(&key).unwrap();
    assert_eq!(jwe.recipient(), 1);
    assert_eq!(
        said_by(&jwe.decode(&Text).unwrap()),
        Message::new("Linda", "Shall we begin?")
    );
}

#[test]
fn an_encrypted_jwt_is_judged_by_expectations() {
    let expires = UNIX_EPOCH + Duration::from_secs(1_691_135_251);
    let expect = Expectations::new("joe", "nobody")
        .any_audience()
        .typ("JWT")
        .at(expires - Duration::from_secs(1));
    let valid = expect
        .decrypt::<Value>(JWT_TOKEN, &decrypter(EC_KEY, "ECDH-ES"))
        .unwrap();
    assert_eq!(valid.expires_at(), Some(expires));
    assert_eq!(valid.claims()["http://example.com/is_root"], true);
}

#[test]
fn an_encrypted_jwk_set_is_read_as_its_cty_says() {
    let jwe = Jwe::parse_compact(JWK_SET_TOKEN).unwrap();
    let jwe = jwe.decrypt(&decrypter(EC_KEY, "ECDH-ES")).unwrap();
    let check = |set: &JwkSet| {
        assert!(set.rejected().is_empty());
        let [Jwk::Secret(wrapping), Jwk::Secret(mac)] = set.keys() else {
            panic!("not two secrets");
        };
        let expected = [("key1", WRAPPING_KEY, wrapping), ("key2", MAC_KEY, mac)];
        for (kid, printed, found) in expected {
            let printed = crate::support::secret(printed);
            assert_eq!(found.members().kid.as_deref(), Some(kid));
            assert_eq!(found.members().alg, printed.members().alg);
            assert_eq!(found.k(), printed.k());
        }
    };
    check(jwe.decode_stated(&JwkSetJson).unwrap().peek());
    match jwe.decode_by_type(&Decoders::plain()).unwrap() {
        Payload::JwkSet(set) => check(set.peek()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_encrypted_jws_is_verified_and_read() {
    let jwe = Jwe::parse_compact(NESTED_TOKEN).unwrap();
    let jwe = jwe.decrypt(&decrypter(WRAPPING_KEY, "A256GCMKW")).unwrap();
    let key = verifier(MAC_KEY, "HS256");
    let inner = jwe.decode_stated(&Jose::jws(&key)).unwrap();
    assert_eq!(inner.verified()[0].header().kid(), Some("jwsKey"));
    let message = inner.decode_stated(&Json::<Message>::new()).unwrap();
    assert_eq!(message, Message::new("Marcel", "Finally!"));

    // The same with nothing but the media types to go by.
    let decoders = Decoders::plain()
        .with_other(Json::<Message>::new())
        .with(Jose::jws(key));
    let Payload::Jws(inner) = jwe.decode_by_type(&decoders).unwrap() else {
        panic!("no JWS");
    };
    let Payload::Other(value) = inner.decode_by_type(&decoders).unwrap() else {
        panic!("not the application's own");
    };
    let message = value.downcast::<Message>().unwrap();
    assert_eq!(*message, Message::new("Marcel", "Finally!"));
}

/// What the guide's own encoder writes, and its own decoder reads again.
fn said_by(text: &str) -> Message {
    let (author, message) = text.split_once(" > ").unwrap();
    Message::new(author, message)
}

const MESSAGE_TOKEN: &str = concat!(
    "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiQTI1NkdDTUtXIiwia2lkIjoia2V5SWQiLCJjdHkiOiJhcHBsaWNhdGlv",
    "bi9qc29uIiwidGFnIjoiYUtlc2VBelZoenh5Vk9pRVNvVEdoQSIsIml2IjoieEJFSTlYeHBDVTZwcVVSaCJ9.MNYqpQCQPrU",
    "SZTwP-C7kUCGOFqFGGciUU2qW54jc3NM._nfKSroUwjqzdJcPETt-ow.1dL8rLmhKF7hqVNzQf5oWPOSZN7Z_V46w0UvIBDu",
    "FjH5pqvhbs4ltrTsk6E_NF-y.RJ8QOGLuT2fz5VrzG1EHbg",
);
const CRITICAL_JWE: &str = concat!(
    "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiQTI1NkdDTUtXIiwia2lkIjoia2V5SWQiLCJjcml0IjpbImh0dHA6Ly9l",
    "eGFtcGxlLmNvbS9hcHBsaWNhdGlvbl9wYXJhbWV0ZXIiXSwiaHR0cDovL2V4YW1wbGUuY29tL2FwcGxpY2F0aW9uX3BhcmFt",
    "ZXRlciI6dHJ1ZSwidGFnIjoicHExT0NodlU2R1pjTURMWnFURW8wUSIsIml2IjoiVmN1d1U4NzF0dkdNR09IQiJ9.Aq7NWm_",
    "h4LmGjJynbUYOO7O9juKlUMFWXS_HMpAAR1g.i1GTQ9xyOL89vza7hNCiAQ.mDeuwt3QO199_h6diPwu_w.5EiKTUS272wTH",
    "d978QOuHQ",
);
const JWT_TOKEN: &str = concat!(
    "eyJlbmMiOiJBMjU2R0NNIiwidHlwIjoiSldUIiwiYWxnIjoiRUNESC1FUyIsImVwayI6eyJjcnYiOiJQLTI1NiIsIngiOiJ6",
    "bEczQzVwUEtZVG4yVHpiZlJZYm5KOTZTai0yNDJGeTlwVVRmUWN0MUlzIiwieSI6IkUyeE9hNnNlb0dJVHpkRHdxVjZlT2NI",
    "c2dzNmI2M082NlJVWXlsV2N6LTgiLCJrdHkiOiJFQyJ9fQ.._1eQRi8ukFZDwa27.WjPLHYGHu1zpg3QSbhB9ciraoRU7UXp",
    "eJJXz76UZAkwJ-rxEXwkimnflTnEymG_oK1i7hKwCANRhqWwr22GqNg.Zos43NFBxdh_brO1ae-7vA",
);
const GENERAL_JWE: &str = concat!(
    r#"{"unprotected":{},"ciphertext":"2jtWSZdL-TJGyktUwldH4sphYuz2VbseUS9el_vh_tU","recipients":[{"hea"#,
    r#"der":{"alg":"RSA1_5","kid":"key1"},"encrypted_key":"kIHuM-OZU1wvmb6ocdDsn1ljF11kIbfvv9y7XpTPGfdY"#,
    "eaz2AhJvpHfPZ6LKk5-yDfHAVWTXz_RbgjPATURNKyu0hdogfWBWXEpQEk8WaBafI8kSk0GzhJrR2tcXhrxs0xWPMthjfZ38",
    "zNql1oZuL9pzUZ3PicNhcCXD2XN52kw7VGMvPus8r89orY4q2l_xA65wkxHtG3JDG9Je_CidYuX_PXHqMkrbszsUPbyCspPI",
    "RTP5yWMeFmMp8KiEnyGaQITt0vZuea4u3tWuhX0Wa2AN74qesuArMhx81NWxaMnuDNrF6eQFIQw4QJ41MqVchHRAoXYKQvB8",
    r#"DYce9fHhPQ"},{"header":{"alg":"A128KW","kid":"key2"},"encrypted_key":"OSMIf3Elx-NmfzP1Y_aZbae6k6"#,
    r#"yU2rl7o2uHd7v3lHgS4UjJURVYTQ"}],"iv":"vrCX8Yr9oOs--KiBtkQ6kw","tag":"gHpLPXRRDjUNJ1HDivaSTg","pr"#,
    r#"otected":"eyJlbmMiOiJBMTI4Q0JDLUhTMjU2In0"}"#,
);
const RSA_FIELDS: &str = concat!(
    "VOk1HQDwucfkljliz8RzxvuKXX_B6sTMwZbwKJztZjL0Ga8i3yrRl_4jumBTKBIyWMDdZYxcbHtkzZQhQDFJVpvNcf1QxEry",
    "he3OnFOEF2BGJDPwSYc-AVmAq01gHrUaTF02xvWntfvzu3ePq5vVHl4eiL72POVdoN9w8ck4HaOjeoooYcrkaV8l15cYurXs",
    "J8oo_KQ40SBmKnK99CRrqR1QggPscTpE1QeVj2Z9tw5A3rqYGbCX2d2QwP-zc7w5o1bsuB5qE99i0iAKtMwEdaz6iC97nDry",
    "8Vo2uSPf3YviwpzmLbbwJlb_bHhl1aeTZaNQl9JLvxvqCDQehdAx7g.97ZuhWEQOygN7T3g.YFPMGQXbmI5ZWZXkpH04vEWs",
    "BLCmBJ4G._e-vSUwj5LawcnXROqKvmQ",
);
