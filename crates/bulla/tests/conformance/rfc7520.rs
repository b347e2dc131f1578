//! RFC 7520 (the cookbook) §3 and §4: the files that repeat it, and what of it fits on a page.

use bulla::jwk::Jwk;
use bulla::jws::{Builder, General, Headers, Jws};
use serde_json::Value;

use crate::support::{secret, signer, verifier};
use bulla_testkit::vectors;

#[test]
fn section_3_1_ec_public_key() {
    key("3_1.ec_public_key.json", "EC P-521");
}

#[test]
fn section_3_2_ec_private_key() {
    key("3_2.ec_private_key.json", "EC P-521");
}

#[test]
fn section_3_3_rsa_public_key() {
    key("3_3.rsa_public_key.json", "RSA");
}

#[test]
fn section_3_4_rsa_private_key() {
    key("3_4.rsa_private_key.json", "RSA");
}

#[test]
fn section_3_5_symmetric_key_for_a_mac() {
    key("3_5.symmetric_key_mac_computation.json", "oct");
    bulla::signer(&secret(MAC_KEY)).unwrap();
}

#[test]
fn section_3_6_symmetric_key_for_encryption_makes_no_mac() {
    key("3_6.symmetric_key_encryption.json", "oct");
    let key = secret(
        r#"{"kty":"oct","kid":"1e571774-2e08-40da-8308-e8d68773842d","use":"enc","alg":"A256GCM",
            "k":"AAPapAv4LbFbiVawEjagUBluYqN5rhna-8nuldDvOx8"}"#,
    );
    assert_eq!(
        bulla::signer(&key).unwrap_err().code(),
        "jwk.usage-mismatch"
    );
}

#[test]
fn section_4_1_rs256() {
    reproduced("4_1.rsa_v15_signature.json");
}

#[test]
fn section_4_2_ps384() {
    verified("4_2.rsa-pss_signature.json");
}

#[test]
fn section_4_3_es512() {
    verified("4_3.ecdsa_signature.json");
}

#[test]
fn section_4_4_hs256() {
    reproduced("4_4.hmac-sha2_integrity_protection.json");
}

#[test]
fn section_4_4_hs256_figures() {
    let token = Builder::new(PAYLOAD)
        .sign_compact(&signer(MAC_KEY, "HS256"))
        .unwrap();
    assert_eq!(
        token,
        format!("{KID_PROTECTED}.{PAYLOAD_SEGMENT}.{KID_SIGNATURE}")
    );
    let jws = Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier(MAC_KEY, "HS256"))
        .unwrap();
    assert_eq!(jws.payload(), PAYLOAD.as_bytes());
}

#[test]
fn section_4_5_detached_content() {
    let Some(vector) =
        vectors::json::<Value>("cookbook/jws/4_5.signature_with_detached_content.json")
    else {
        return;
    };
    let payload = vector["input"]["payload"].as_str().unwrap();
    let key = verifier(&vector["input"]["key"].to_string(), "HS256");
    let compact = vector["output"]["compact"].as_str().unwrap();
    Jws::parse_compact(compact)
        .unwrap()
        .verify_detached(payload.as_bytes(), &key)
        .unwrap();
    let general = vector["output"]["json"].to_string();
    Jws::parse_general(general.as_bytes())
        .unwrap()
        .verify_detached(payload.as_bytes(), &key)
        .unwrap();
    let flattened = vector["output"]["json_flat"].to_string();
    Jws::parse_flattened(flattened.as_bytes())
        .unwrap()
        .verify_detached(payload.as_bytes(), &key)
        .unwrap();
}

#[test]
fn section_4_5_detached_content_figures() {
    let detached = format!("{KID_PROTECTED}..{KID_SIGNATURE}");
    let made = Builder::new(PAYLOAD)
        .detached()
        .sign_compact(&signer(MAC_KEY, "HS256"))
        .unwrap();
    assert_eq!(made, detached);
    let streamed = Builder::new("")
        .sign_compact_stream(&mut PAYLOAD.as_bytes(), &signer(MAC_KEY, "HS256"))
        .unwrap();
    assert_eq!(streamed, detached);
    let key = verifier(MAC_KEY, "HS256");
    Jws::parse_compact(&detached)
        .unwrap()
        .verify_detached(PAYLOAD.as_bytes(), &key)
        .unwrap();
    Jws::parse_compact(&detached)
        .unwrap()
        .verify_stream(&mut PAYLOAD.as_bytes(), &key)
        .unwrap();
    let error = Jws::parse_compact(&detached)
        .unwrap()
        .verify(&key)
        .unwrap_err();
    assert_eq!(
        error.code(),
        "jws.signature-invalid",
        "an empty part is an empty payload unless one is supplied"
    );
}

#[test]
fn section_4_6_protecting_specific_header_fields() {
    verified("4_6.protecting_specific_header_fields.json");
}

#[test]
fn section_4_6_figures() {
    let json = format!(
        r#"{{"payload":"{PAYLOAD_SEGMENT}","protected":"eyJhbGciOiJIUzI1NiJ9",
            "header":{{"kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037"}},
            "signature":"bWUSVaxorn7bEF1djytBd0kHv70Ly5pvbomzMWSOr20"}}"#
    );
    let jws = Jws::parse_flattened(json.as_bytes())
        .unwrap()
        .verify(&verifier(MAC_KEY, "HS256"))
        .unwrap();
    assert_eq!(jws.payload(), PAYLOAD.as_bytes());
    let made = Builder::new(PAYLOAD)
        .unprotected("kid", "018c0ae5-4d9b-471b-bfd6-eef314bc7037")
        .sign_flattened(&signer(MAC_KEY, "HS256"))
        .unwrap();
    assert_eq!(parsed(&made), parsed(&json));
}

#[test]
fn section_4_7_protecting_content_only() {
    verified("4_7.protecting_content_only.json");
}

#[test]
fn section_4_7_figures() {
    let json = format!(
        r#"{{"payload":"{PAYLOAD_SEGMENT}",
            "header":{{"alg":"HS256","kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037"}},
            "signature":"xuLifqLGiblpv9zBpuZczWhNj1gARaLV3UxvxhJxZuk"}}"#
    );
    let jws = Jws::parse_flattened(json.as_bytes())
        .unwrap()
        .verify(&verifier(MAC_KEY, "HS256"))
        .unwrap();
    assert_eq!(jws.payload(), PAYLOAD.as_bytes());
    assert!(jws.signatures()[0].protected().alg().is_none());
    // Signing always protects `alg`, so this form is read and not written.
    let error = Builder::new(PAYLOAD)
        .unprotected("alg", "HS256")
        .sign_flattened(&signer(MAC_KEY, "HS256"));
    assert_eq!(error.unwrap_err().code(), "jws.header-invalid");
}

#[test]
fn section_4_8_multiple_signatures() {
    let Some(vector) = vectors::json::<Value>("cookbook/jws/4_8.multiple_signatures.json") else {
        return;
    };
    let keys: Vec<_> = vector["input"]["key"]
        .as_array()
        .unwrap()
        .iter()
        .zip(vector["input"]["alg"].as_array().unwrap())
        .map(|(key, alg)| verifier(&key.to_string(), alg.as_str().unwrap()))
        .collect();
    let payload = vector["input"]["payload"].as_str().unwrap();
    let json = vector["output"]["json"].to_string();
    let jws = Jws::parse_general(json.as_bytes())
        .unwrap()
        .verify_all(&keys)
        .unwrap();
    assert_eq!(jws.payload(), payload.as_bytes());
    assert_eq!(jws.verified().len(), 3);
    for (index, key) in keys.iter().enumerate() {
        let jws = Jws::parse_general(json.as_bytes())
            .unwrap()
            .verify(key)
            .unwrap();
        let held: Vec<_> = jws
            .verified()
            .iter()
            .map(|signature| signature.index())
            .collect();
        assert_eq!(held, [index]);
        assert_eq!(jws.failures().len(), 2);
    }
}

#[test]
fn section_4_8_signatures_one_and_three_are_made_byte_for_byte() {
    let Some(vector) = vectors::json::<Value>("cookbook/jws/4_8.multiple_signatures.json") else {
        return;
    };
    let payload = vector["input"]["payload"].as_str().unwrap();
    let keys = &vector["input"]["key"];
    let rsa = signer(&keys[0].to_string(), "RS256");
    let mac = signer(&keys[2].to_string(), "HS256");
    let made = General::new(payload)
        .sign(
            &Headers::new().unprotected("kid", "bilbo.baggins@hobbiton.example"),
            &rsa,
        )
        .unwrap()
        .sign(&Headers::new(), &mac)
        .unwrap()
        .finish()
        .unwrap();
    let (made, published) = (parsed(&made), &vector["output"]["json"]);
    assert_eq!(made["payload"], published["payload"]);
    assert_eq!(made["signatures"][0], published["signatures"][0]);
    assert_eq!(made["signatures"][1], published["signatures"][2]);
}

/// Reads the key, prints it, and compares.
fn key(file: &str, described: &str) {
    let Some(published) = vectors::json::<Value>(&format!("cookbook/jwk/{file}")) else {
        return;
    };
    let key = Jwk::parse(published.to_string().as_bytes()).unwrap();
    let found = match &key {
        Jwk::Public(key) => key.key().describe(),
        Jwk::Private(key) => key.key().describe(),
        _ => "oct",
    };
    assert_eq!(found, described);
    assert_eq!(parsed(&key.to_json()), published);
}

/// Verifies every serialization of the file.
fn verified(file: &str) -> Option<Value> {
    let vector = vectors::json::<Value>(&format!("cookbook/jws/{file}"))?;
    let key = vector["input"]["key"].to_string();
    let key = verifier(&key, vector["input"]["alg"].as_str().unwrap());
    let payload = vector["input"]["payload"].as_str().unwrap().as_bytes();
    let output = &vector["output"];
    if let Some(compact) = output["compact"].as_str() {
        assert_eq!(
            Jws::parse_compact(compact)
                .unwrap()
                .verify(&key)
                .unwrap()
                .payload(),
            payload
        );
    }
    let general = output["json"].to_string();
    assert_eq!(
        Jws::parse_general(general.as_bytes())
            .unwrap()
            .verify(&key)
            .unwrap()
            .payload(),
        payload
    );
    let flattened = output["json_flat"].to_string();
    assert_eq!(
        Jws::parse_flattened(flattened.as_bytes())
            .unwrap()
            .verify(&key)
            .unwrap()
            .payload(),
        payload
    );
    Some(vector)
}

/// Verifies, and makes the same octets.
fn reproduced(file: &str) {
    let Some(vector) = verified(file) else { return };
    let signer = signer(
        &vector["input"]["key"].to_string(),
        vector["input"]["alg"].as_str().unwrap(),
    );
    let payload = vector["input"]["payload"].as_str().unwrap();
    let made = Builder::new(payload).sign_compact(&signer).unwrap();
    assert_eq!(made, vector["output"]["compact"].as_str().unwrap());
    let made = Builder::new(payload).sign_flattened(&signer).unwrap();
    assert_eq!(parsed(&made), vector["output"]["json_flat"]);
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

const PAYLOAD: &str = "It\u{2019}s a dangerous business, Frodo, going out your door. You step onto the road, and if \
you don't keep your feet, there\u{2019}s no knowing where you might be swept off to.";
const PAYLOAD_SEGMENT: &str = "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAg\
b250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJl\
IHN3ZXB0IG9mZiB0by4";
const MAC_KEY: &str = r#"{"kty":"oct","kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037","use":"sig","alg":"HS256",
    "k":"hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"}"#;
const KID_PROTECTED: &str =
    "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9";
const KID_SIGNATURE: &str = "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";
