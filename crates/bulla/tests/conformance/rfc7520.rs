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
fn sections_4_1_to_4_3_figures() {
    for (key, alg, protected, signature) in [
        (RSA_KEY, "RS256", RS256_PROTECTED, RS256_SIGNATURE),
        (RSA_KEY, "PS384", PS384_PROTECTED, PS384_SIGNATURE),
        (EC_KEY, "ES512", ES512_PROTECTED, ES512_SIGNATURE),
    ] {
        let token = format!("{protected}.{PAYLOAD_SEGMENT}.{signature}");
        let jws = Jws::parse_compact(&token)
            .unwrap()
            .verify(&verifier(key, alg))
            .unwrap();
        assert_eq!(jws.payload(), PAYLOAD.as_bytes(), "{alg}");
    }
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
/// The public half of the key of section 3.4.
const RSA_KEY: &str = concat!(
    r#"{"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","n":"n4EPtAOCc9AlkeQ"#,
    r#"HPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMR"#,
    r#"BSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-O"#,
    r#"fVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L"#,
    r#"_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw","e":"AQ"#,
    r#"AB"}"#
);
/// Section 3.1.
const EC_KEY: &str = concat!(
    r#"{"kty":"EC","kid":"bilbo.baggins@hobbiton.example","use":"sig","crv":"P-521","x":"AH"#,
    r#"KZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0"#,
    r#"Kt","y":"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9"#,
    r#"cwlGfP-HqHZR1"}"#
);
const RS256_PROTECTED: &str =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9";
const RS256_SIGNATURE: &str = "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996i\
    vp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1u\
    SNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAh\
    b6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18\
    kDquDg";
const PS384_PROTECTED: &str =
    "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9";
const PS384_SIGNATURE: &str = "cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqH\
    CdP6O8TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn\
    442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0\
    n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-\
    X72Eaw";
const ES512_PROTECTED: &str =
    "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9";
const ES512_SIGNATURE: &str = "AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cm\
    L1eJAQy3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRu\
    Bomu9xQ2";
