//! RFC 8037, appendix A.1 to A.5, and the names of RFC 9864.

use bulla::jwa::{HashAlg, SignatureAlg};
use bulla::jwk::{OkpCurve, PublicKey};
use bulla::jws::{Builder, Jws};

use crate::support::{private, public, signer, verifier};
use bulla_testkit::vectors;
use serde_json::Value;

#[test]
fn appendix_a1_private_key() {
    let key = private(A1_KEY);
    assert_eq!(key.key().describe(), "OKP Ed25519");
    bulla::signer(&key).unwrap();
}

#[test]
fn appendix_a2_public_key() {
    assert_eq!(private(A1_KEY).public(), public(A2_KEY));
    let PublicKey::Okp(key) = public(A2_KEY).key().clone() else {
        panic!("not an OKP key")
    };
    assert_eq!(key.curve(), OkpCurve::Ed25519);
    assert_eq!(key.x()[..4], [0xd7, 0x5a, 0x98, 0x01]);
}

#[test]
fn appendix_a3_thumbprint() {
    assert_eq!(
        public(A2_KEY).thumbprint(HashAlg::Sha256),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
}

#[test]
fn appendix_a4_signing_is_byte_for_byte() {
    let token = Builder::new(&b"Example of Ed25519 signing"[..])
        .sign_compact(&signer(A1_KEY, "EdDSA"))
        .unwrap();
    assert_eq!(token, A4_TOKEN);
}

#[test]
fn appendix_a5_validation() {
    let jws = Jws::parse_compact(A4_TOKEN)
        .unwrap()
        .verify(&verifier(A2_KEY, "EdDSA"))
        .unwrap();
    assert_eq!(jws.payload(), b"Example of Ed25519 signing");
}

#[test]
fn vector_file_repeats_appendix_a() {
    let Some(vector) = vectors::json::<Value>("cookbook/curve25519/jws.json") else {
        return;
    };
    let key = vector["input"]["key"].to_string();
    assert_eq!(vector["output"]["compact"], A4_TOKEN);
    for (json, general) in [("json", true), ("json_flat", false)] {
        let json = vector["output"][json].to_string();
        let jws = if general {
            Jws::parse_general(json.as_bytes())
        } else {
            Jws::parse_flattened(json.as_bytes())
        };
        jws.unwrap().verify(&verifier(&key, "EdDSA")).unwrap();
    }
}

/// RFC 9864 §2.2: a verifier bound to one name accepts only that name, though the mathematics is the same.
#[test]
fn rfc_9864_a_name_is_not_its_synonym() {
    let fully_specified = verifier(A2_KEY, "Ed25519");
    let error = Jws::parse_compact(A4_TOKEN)
        .unwrap()
        .verify(&fully_specified)
        .unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
    let token = Builder::new(&b"x"[..])
        .sign_compact(&signer(A1_KEY, "Ed25519"))
        .unwrap();
    Jws::parse_compact(&token)
        .unwrap()
        .verify(&fully_specified)
        .unwrap();
    let error = Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier(A2_KEY, "EdDSA"))
        .unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
}

#[test]
fn rfc_9864_ed448_is_not_ed25519() {
    let error = bulla::verifier_for(&public(A2_KEY), SignatureAlg::Ed448).unwrap_err();
    assert_eq!(error.code(), "jwk.usage-mismatch");
}

pub const A1_KEY: &str = concat!(
    r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","#,
    r#""x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
);
pub const A2_KEY: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const A4_TOKEN: &str = concat!(
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.",
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
);
