//! RFC 8037, appendix A.1 to A.5, and the names of RFC 9864.

use bulla::jwa::{HashAlg, SignatureAlg};
use bulla::jwk::{Jwk, JwkSet, OkpCurve, PublicKey};
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

/// In a set, a key that names no algorithm answers to both names of its own curve.
#[test]
fn rfc_9864_a_key_without_alg_answers_to_both_names_in_a_set() {
    for (generic, own) in [("EdDSA", "Ed25519"), ("EdDSA", "Ed448")] {
        let mut key = bulla::generate(SignatureAlg::from_name(own).unwrap()).unwrap();
        key.members_mut().alg = None;
        let set = bulla::key_set(&JwkSet::new([Jwk::from(key.public())]));
        assert_eq!(
            bulla::signer(&key).unwrap().alg().as_str(),
            "EdDSA",
            "unless the other is asked for"
        );
        for alg in [generic, own] {
            let signer = bulla::signer_for(&key, SignatureAlg::from_name(alg).unwrap()).unwrap();
            let token = Builder::new("x").sign_compact(&signer).unwrap();
            let jws = Jws::parse_compact(&token).unwrap().verify(&set).unwrap();
            assert_eq!(jws.verified()[0].key().alg().as_str(), alg);
        }
    }
}

/// RFC 8032 §7.4, the key of the test "Blank": binding proves that the public key is the secret's.
#[test]
fn rfc_8032_section_7_4_ed448_key() {
    let secret = "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b";
    let public = "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180";
    let text = |hex: &str| {
        let octets: Vec<u8> = (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect();
        bulla::base64url::encode(&octets)
    };
    let json = format!(
        r#"{{"kty":"OKP","crv":"Ed448","d":"{}","x":"{}"}}"#,
        text(secret),
        text(public)
    );
    let token = Builder::new("x")
        .sign_compact(&signer(&json, "Ed448"))
        .unwrap();
    Jws::parse_compact(&token)
        .unwrap()
        .verify(&verifier(&json, "Ed448"))
        .unwrap();
    assert_eq!(
        token,
        Builder::new("x")
            .sign_compact(&signer(&json, "Ed448"))
            .unwrap(),
        "EdDSA is deterministic"
    );
}

#[test]
fn rfc_9864_ed448_is_not_ed25519() {
    let error = bulla::verifier_for(&public(A2_KEY), SignatureAlg::Ed448).unwrap_err();
    assert_eq!(error.code(), "jwk.usage-mismatch");
}

pub(crate) const A1_KEY: &str = concat!(
    r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","#,
    r#""x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
);
pub(crate) const A2_KEY: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const A4_TOKEN: &str = concat!(
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.",
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
);
