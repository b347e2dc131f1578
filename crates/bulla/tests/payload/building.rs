//! What builders write: `cty` unless another one is set, in every form, with the payload inside, beside, or as it is.

use bulla::jwa::SignatureAlg;
use bulla::jwe;
use bulla::jws::{Builder, General, Headers, Jws, Serialization};
use bulla::payload::{Bytes, Decoders, Json, Payload, Text};
use serde::Serialize;

use crate::keys::{ENC, KEYS, decrypted, verified};

#[test]
fn cty_is_the_codecs_unless_another_is_set() {
    let typed = || Builder::typed(&Text, "a,b").unwrap();
    for (builder, cty) in [
        (typed(), "text/plain"),
        (typed().headers(Headers::new().typ("X")), "text/plain"),
        (typed().cty("text/csv"), "text/csv"),
        (typed().headers(Headers::new().cty("text/csv")), "text/csv"),
        (typed().cty("text/csv").header("cty", "text/x"), "text/x"),
    ] {
        let token = builder.sign_compact(&KEYS.signer).unwrap();
        assert_eq!(verified(&token).verified()[0].header().cty(), Some(cty));
    }
    let typed = || jwe::Builder::typed(&Text, "a,b", ENC).unwrap();
    for (builder, cty) in [
        (typed(), "text/plain"),
        (typed().cty("text/csv"), "text/csv"),
    ] {
        let token = builder.encrypt_compact(&KEYS.encrypter).unwrap();
        assert_eq!(decrypted(&token).header().cty(), Some(cty));
    }
}

/// Two places for one parameter are no token, whoever wrote the second.
#[test]
fn an_unprotected_cty_beside_is_refused() {
    let signed = Builder::typed(&Text, "x").unwrap();
    let error = signed
        .unprotected("cty", "json")
        .sign_flattened(&KEYS.signer);
    assert_eq!(error.unwrap_err().code(), "jws.header-invalid");
    let encrypted = jwe::Builder::typed(&Text, "x", ENC).unwrap();
    let error = encrypted
        .unprotected("cty", "json")
        .encrypt_flattened(&KEYS.encrypter);
    assert_eq!(error.unwrap_err().code(), "jwe.header-invalid");
}

#[test]
fn a_detached_payload_is_read_like_any_other() {
    for octets in [&b""[..], b"\xff\0"] {
        let builder = Builder::typed(&Bytes, octets).unwrap().detached();
        let token = builder.sign_compact(&KEYS.signer).unwrap();
        assert!(token.contains(".."));
        let jws = Jws::parse_compact(&token).unwrap();
        let jws = jws.verify_detached(octets, &KEYS.verifier).unwrap();
        assert_eq!(jws.decode_stated(&Bytes).unwrap(), octets);
    }
}

#[test]
fn an_unencoded_payload_is_read_like_any_other() {
    let builder = Builder::typed(&Text, "grüezi.").unwrap().unencoded();
    let json = builder.clone().sign_flattened(&KEYS.signer).unwrap();
    assert!(json.contains("grüezi."));
    let jws = Jws::parse_flattened(json.as_bytes()).unwrap();
    let jws = jws.verify(&KEYS.verifier).unwrap();
    assert_eq!(jws.decode_stated(&Text).unwrap(), "grüezi.");

    let token = builder.detached().sign_compact(&KEYS.signer).unwrap();
    let jws = Jws::parse_compact(&token).unwrap();
    let jws = jws
        .verify_detached("grüezi.".as_bytes(), &KEYS.verifier)
        .unwrap();
    let read = jws.decode_by_type(&Decoders::plain()).unwrap();
    assert!(matches!(read, Payload::Text(text) if text == "grüezi."));
}

#[test]
fn every_signature_of_a_general_jws_states_the_type() {
    let json = General::typed(&Text, "x")
        .unwrap()
        .sign(&Headers::new(), &KEYS.signer)
        .unwrap()
        .sign(&Headers::new().typ("X"), &KEYS.signer)
        .unwrap()
        .finish()
        .unwrap();
    let jws = Jws::parse_general(json.as_bytes()).unwrap();
    let types: Vec<_> = jws
        .signatures()
        .iter()
        .map(|one| one.protected().cty())
        .collect();
    assert_eq!(types, [Some("text/plain"); 2]);
    let jws = jws.verify_all(&KEYS.verifier).unwrap();
    assert_eq!(jws.decode_stated(&Text).unwrap(), "x");
}

/// The key operation may be elsewhere; the header is the same.
#[test]
fn prepared_tokens_state_the_type_too() {
    let key = bulla::generate(SignatureAlg::Es256).unwrap();
    let elsewhere = bulla::backend()
        .signer(key.key(), SignatureAlg::Es256)
        .unwrap();
    let pending = Builder::typed(&Text, "x")
        .unwrap()
        .prepare(Serialization::Compact, elsewhere.alg(), None)
        .unwrap();
    let signature = elsewhere.sign(&pending.input()).unwrap();
    let token = pending.finish(&signature);
    let jws = Jws::parse_compact(&token).unwrap();
    let jws = jws
        .verify(&bulla::verifier(&key.public()).unwrap())
        .unwrap();
    assert_eq!(jws.decode_stated(&Text).unwrap(), "x");
}

#[test]
fn json_that_would_be_refused_is_not_written() {
    #[derive(Clone, Serialize)]
    struct Twice {
        a: u8,
        #[serde(flatten)]
        more: std::collections::BTreeMap<String, u8>,
    }

    let twice = Twice {
        a: 1,
        more: [("a".to_owned(), 2)].into(),
    };
    let error = Builder::typed(&Json::new(), &twice).unwrap_err();
    assert_eq!(error.code(), "payload.unwritable");
    assert_eq!(error.fault(), bulla::Fault::Caller);

    let mut deep = serde_json::json!(0);
    for _ in 0..32 {
        deep = serde_json::json!([deep]);
    }
    let builder = Builder::typed(&Json::new(), &deep).unwrap();
    let token = builder.sign_compact(&KEYS.signer).unwrap();
    let json = Json::<serde_json::Value>::new();
    assert_eq!(verified(&token).decode(&json).unwrap(), deep);
    let deeper = serde_json::json!([deep]);
    let error = Builder::typed(&Json::new(), &deeper).unwrap_err();
    assert_eq!(error.code(), "payload.unwritable");
}

/// What is to be encrypted shows in no log.
#[test]
fn a_builder_does_not_show_its_content() {
    let key = bulla::generate_secret(bulla::jwa::MacAlg::Hs256).unwrap();
    let builder = jwe::Builder::typed(&bulla::payload::JwkJson, &key, ENC).unwrap();
    let shown = format!("{builder:?}");
    // Neither as text nor as numbers.
    assert!(
        !shown.contains("kty") && !shown.contains("123, 34"),
        "{shown}"
    );
    assert!(shown.contains("Encoded("), "{shown}");
}
