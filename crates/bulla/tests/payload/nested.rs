//! Tokens within tokens: each kind in each, in each serialization.

use std::sync::Arc;
use std::time::Duration;

use bulla::jwt::{self, Expectations};
use bulla::key::DecryptionKeys;
use bulla::payload::{Decoders, Jose, JoseJson, Jwt, Payload, Text};
use bulla::{jwe, jws};
use serde_json::Value;

use crate::keys::{ENC, KEYS, decrypted, verified};

/// A token over a text in each form: compact, flattened, general.
fn jws_of(text: &str) -> [String; 3] {
    let signer = &KEYS.signer;
    let typed = || jws::Builder::typed(&Text, text).unwrap();
    let general = jws::General::typed(&Text, text).unwrap();
    [
        typed().sign_compact(signer).unwrap(),
        typed().sign_flattened(signer).unwrap(),
        general
            .sign(&jws::Headers::new(), signer)
            .unwrap()
            .finish()
            .unwrap(),
    ]
}

fn jwe_of(text: &str) -> [String; 3] {
    let encrypter = &KEYS.encrypter;
    let typed = || jwe::Builder::typed(&Text, text, ENC).unwrap();
    [
        typed().encrypt_compact(encrypter).unwrap(),
        typed().encrypt_flattened(encrypter).unwrap(),
        typed()
            .encrypt_general(&[(encrypter, jwe::RecipientHeader::new())])
            .unwrap(),
    ]
}

#[test]
fn a_jws_inside_in_each_serialization() {
    let [compact, flattened, general] = jws_of("hello");
    let key = &KEYS.verifier;
    for (token, cty, reader) in [
        (compact, "JOSE", Jose::jws(key)),
        (flattened, "JOSE+JSON", JoseJson::flattened_jws(key)),
        (general, "JOSE+JSON", JoseJson::general_jws(key).all()),
    ] {
        for inner in [
            decrypted(&in_jwe(&token, cty))
                .decode_stated(&reader)
                .unwrap(),
            verified(&in_jws(&token, cty))
                .decode_stated(&reader)
                .unwrap(),
        ] {
            assert_eq!(inner.decode_stated(&Text).unwrap(), "hello");
            assert_eq!(inner.verified()[0].key().alg().as_str(), "ES256");
        }
    }
}

#[test]
fn a_jwe_inside_in_each_serialization() {
    let [compact, flattened, general] = jwe_of("hello");
    let key = &KEYS.decrypter;
    for (token, cty, reader) in [
        (compact, "JOSE", Jose::jwe(key)),
        (flattened, "JOSE+JSON", JoseJson::flattened_jwe(key)),
        (general, "JOSE+JSON", JoseJson::general_jwe(key)),
    ] {
        for inner in [
            decrypted(&in_jwe(&token, cty))
                .decode_stated(&reader)
                .unwrap(),
            verified(&in_jws(&token, cty))
                .decode_stated(&reader)
                .unwrap(),
        ] {
            assert_eq!(inner.decode_stated(&Text).unwrap(), "hello");
            assert_eq!(inner.key().alg().as_str(), "A256KW");
        }
    }
}

fn in_jws(token: &str, cty: &str) -> String {
    let builder = if cty == "JOSE" {
        jws::Builder::typed(&Jose, token)
    } else {
        jws::Builder::typed(&JoseJson, token)
    };
    let outer = builder.unwrap().sign_compact(&KEYS.signer).unwrap();
    assert_eq!(verified(&outer).verified()[0].header().cty(), Some(cty));
    outer
}

fn in_jwe(token: &str, cty: &str) -> String {
    let builder = if cty == "JOSE" {
        jwe::Builder::typed(&Jose, token, ENC)
    } else {
        jwe::Builder::typed(&JoseJson, token, ENC)
    };
    let outer = builder.unwrap().encrypt_compact(&KEYS.encrypter).unwrap();
    assert_eq!(decrypted(&outer).header().cty(), Some(cty));
    outer
}

#[test]
fn only_tokens_are_written_as_tokens() {
    for text in ["", "hello", "{}", "a.b.c", "a.b.c.d.e"] {
        assert!(jws::Builder::typed(&Jose, text).is_err(), "{text}");
        assert!(jws::Builder::typed(&JoseJson, text).is_err(), "{text}");
        assert!(jws::Builder::typed(&Jwt, text).is_err(), "{text}");
    }
    let [compact, flattened, general] = jws_of("x");
    assert!(jws::Builder::typed(&JoseJson, &compact).is_err());
    assert!(jws::Builder::typed(&Jose, &flattened).is_err());
    assert!(jws::Builder::typed(&Jwt, &general).is_err());
}

fn expect() -> Expectations {
    Expectations::new("issuer", "api")
}

fn claims() -> jwt::Issue<'static> {
    jwt::issue("issuer")
        .audience("api")
        .expires_in(Duration::from_secs(60))
}

#[test]
fn a_signed_jwt_inside() {
    let inner = claims().sign(&KEYS.signer).unwrap();
    let outer = jwe::Builder::typed(&Jwt, &inner, ENC).unwrap();
    let outer = outer.encrypt_compact(&KEYS.encrypter).unwrap();
    let jwe = decrypted(&outer);
    assert_eq!(jwe.header().cty(), Some("JWT"));
    let valid = jwe
        .decode_stated(&Jwt::signed::<()>(expect(), &KEYS.verifier))
        .unwrap();
    assert_eq!(valid.issuer(), Some("issuer"));
    // It is what `Expectations` opens as one.
    let (decrypter, verifier) = (&KEYS.decrypter, &KEYS.verifier);
    expect()
        .decrypt_verify::<()>(&outer, decrypter, verifier)
        .unwrap();

    let wrong = Jwt::signed::<()>(Expectations::new("issuer", "another"), &KEYS.verifier);
    let error = jwe.decode(&wrong).unwrap_err();
    assert_eq!(error.code(), "jwt.audience-mismatch");
    assert_eq!(
        error.to_string(),
        "the JWT inside: the token is for another audience"
    );
}

#[test]
fn jwts_of_other_layers_inside() {
    let encrypted = claims().encrypt(&KEYS.encrypter, ENC).unwrap();
    let outer = jws::Builder::typed(&Jwt, &encrypted).unwrap();
    let outer = outer.sign_compact(&KEYS.signer).unwrap();
    let reader = Jwt::encrypted::<()>(expect(), &KEYS.decrypter);
    verified(&outer).decode_stated(&reader).unwrap();

    let both = claims()
        .sign_then_encrypt(&KEYS.signer, &KEYS.encrypter, ENC)
        .unwrap();
    let outer = jws::Builder::typed(&Jwt, &both).unwrap();
    let outer = outer.sign_compact(&KEYS.signer).unwrap();
    let reader = Jwt::signed_then_encrypted::<()>(expect(), &KEYS.decrypter, &KEYS.verifier);
    verified(&outer).decode_stated(&reader).unwrap();
    // The layers are the caller's to state.
    let other = Jwt::signed::<()>(expect(), &KEYS.verifier);
    assert_eq!(
        verified(&outer).decode(&other).unwrap_err().code(),
        "jws.malformed"
    );
}

#[test]
fn each_kind_by_its_type() {
    // Shared with the rest of the program, as a set that is large would be.
    let mine: Arc<dyn DecryptionKeys + Send + Sync> = Arc::new(vec![KEYS.decrypter.clone()]);
    let decoders = Decoders::plain()
        .with(Jose::jws(KEYS.verifier.clone()))
        .with(JoseJson::flattened_jwe(Arc::clone(&mine)))
        .with(Jwt::signed::<Value>(expect(), KEYS.verifier.clone()));
    let [inner, ..] = jws_of("hello");
    let outer = in_jwe(&inner, "JOSE");
    let Payload::Jws(jws) = decrypted(&outer).decode_by_type(&decoders).unwrap() else {
        panic!("no JWS")
    };
    assert!(
        matches!(jws.decode_by_type(&decoders).unwrap(), Payload::Text(text) if text == "hello")
    );

    let [_, inner, _] = jwe_of("hello");
    let outer = in_jws(&inner, "JOSE+JSON");
    let Payload::Jwe(jwe) = verified(&outer).decode_by_type(&decoders).unwrap() else {
        panic!("no JWE")
    };
    assert!(
        matches!(jwe.decode_by_type(&decoders).unwrap(), Payload::Text(text) if text == "hello")
    );

    let inner = claims().sign(&KEYS.signer).unwrap();
    let outer = jws::Builder::new(&inner)
        .cty("application/jwt")
        .sign_compact(&KEYS.signer)
        .unwrap();
    let Payload::Jwt(valid) = verified(&outer).decode_by_type(&decoders).unwrap() else {
        panic!("no JWT")
    };
    assert_eq!(valid.issuer(), Some("issuer"));
}

/// The value keeps nothing of the outer token's text.
#[test]
fn what_is_inside_outlives_what_is_outside() {
    let inner = {
        let [token, ..] = jws_of("hello");
        let outer = in_jwe(&token, "JOSE");
        decrypted(&outer)
            .decode(&Jose::jws(&KEYS.verifier))
            .unwrap()
    };
    assert_eq!(inner.payload(), b"hello");
    assert_eq!(inner.signatures().len(), 1);
}
