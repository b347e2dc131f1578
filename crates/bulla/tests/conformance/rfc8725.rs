//! RFC 8725, the best current practices for JWT: one test a rule of §3 that concerns signed tokens.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla::jwa::{MacAlg, SignatureAlg};
use bulla::jwk::{Jwk, JwkSet, KeyError, SecretJwk};
use bulla::jwt::{self, Expectations, VerifyError};
use bulla::key::{KeySetPolicy, Signer, Verifier};
use serde::de::IgnoredAny;
use serde_json::json;

use crate::support::{keys, private, public};

const ISSUER: &str = "https://issuer.example";

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

fn signer() -> Signer {
    bulla::signer(&private(keys::P256)).unwrap()
}

fn verifier() -> Verifier {
    bulla::verifier(&public(keys::P256)).unwrap()
}

fn refused(expect: &Expectations, token: &str) -> &'static str {
    let result: Result<_, VerifyError> = expect.verify::<IgnoredAny>(token, &verifier());
    result.expect_err("the token was accepted").code()
}

/// §3.1: the caller says which algorithms, each key is used with exactly one, and that is checked.
#[test]
fn section_3_1_perform_algorithm_verification() {
    let rsa = private(keys::RSA);
    let set = JwkSet::new([Jwk::from(rsa.public())]);
    let policy = KeySetPolicy::signatures([SignatureAlg::Ps256]);
    let keys = bulla::key_set_with(&set, &policy);
    for (alg, accepted) in [(SignatureAlg::Ps256, true), (SignatureAlg::Rs256, false)] {
        let token = jwt::issue(ISSUER)
            .audience("api")
            .sign(&bulla::signer_for(&rsa, alg).unwrap())
            .unwrap();
        let result = Expectations::new(ISSUER, "api").verify::<IgnoredAny>(&token, &keys);
        assert_eq!(result.is_ok(), accepted, "{alg}");
    }
}

/// §3.2: an application can tell what is current from what is kept for others.
#[test]
fn section_3_2_use_appropriate_algorithms() {
    use bulla::jwa::Status;
    assert_eq!(SignatureAlg::Es256.facts().status, Status::Recommended);
    assert_eq!(SignatureAlg::Rs256.facts().status, Status::Allowed);
    assert!(SignatureAlg::from_name("none").is_none());
}

/// §3.4: inputs are validated before they are used.
#[test]
fn section_3_4_validate_cryptographic_inputs() {
    let off_curve = r#"{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"}"#;
    assert_eq!(
        bulla::verifier(&public(off_curve)).unwrap_err().code(),
        "jwk.malformed"
    );
}

/// §3.5: keys have enough entropy, as far as their length can tell.
#[test]
fn section_3_5_ensure_cryptographic_keys_have_sufficient_entropy() {
    let password = SecretJwk::new(b"correct horse".to_vec());
    assert!(matches!(
        bulla::signer_for(&password, MacAlg::Hs256),
        Err(KeyError::TooWeak { .. })
    ));
    let generated = bulla::generate_secret(MacAlg::Hs512).unwrap();
    assert_eq!(generated.k().len(), 64);
}

/// §3.7: nothing but UTF-8.
#[test]
fn section_3_7_use_utf_8() {
    let issued = jwt::issue("\u{3b9}\u{3c3}\u{3c3}")
        .audience("api")
        .sign(&signer())
        .unwrap();
    Expectations::new("\u{3b9}\u{3c3}\u{3c3}", "api")
        .verify::<IgnoredAny>(&issued, &verifier())
        .unwrap();
    let latin = bulla::jws::Builder::new(b"{\"iss\":\"\xe9\"}")
        .sign_compact(&signer())
        .unwrap();
    assert_eq!(
        refused(&Expectations::new("x", "y"), &latin),
        "jwt.malformed"
    );
}

/// §3.8: the issuer is the one whose key it is, and the subject is one that is expected.
#[test]
fn section_3_8_validate_issuer_and_subject() {
    let token = jwt::issue(ISSUER)
        .subject("ada")
        .audience("api")
        .sign(&signer())
        .unwrap();
    assert_eq!(
        refused(&Expectations::new("https://other.example", "api"), &token),
        "jwt.issuer-mismatch"
    );
    assert_eq!(
        refused(&Expectations::new(ISSUER, "api").subject("bob"), &token),
        "jwt.subject-mismatch"
    );
}

/// §3.9: the token is for us.
#[test]
fn section_3_9_use_and_validate_audience() {
    let token = jwt::issue(ISSUER).audience("api").sign(&signer()).unwrap();
    assert_eq!(
        refused(&Expectations::new(ISSUER, "other"), &token),
        "jwt.audience-mismatch"
    );
    let nobody = jwt::issue(ISSUER).sign(&signer()).unwrap();
    assert_eq!(
        refused(&Expectations::new(ISSUER, "api"), &nobody),
        "jwt.claim-missing"
    );
}

/// §3.10: `kid`, `jku` and the like are the sender's words.
#[test]
fn section_3_10_do_not_trust_received_claims() {
    let attacker = bulla::generate(SignatureAlg::Es256).unwrap();
    let jwk: serde_json::Value = serde_json::from_str(&attacker.public().to_json()).unwrap();
    let token = jwt::issue(ISSUER)
        .audience("api")
        .kid("' OR 1=1 --")
        .header("jku", "https://evil.example/keys")
        .header("jwk", jwk)
        .sign(&bulla::signer(&attacker).unwrap())
        .unwrap();
    assert_eq!(
        refused(&Expectations::new(ISSUER, "api"), &token),
        "jws.signature-invalid"
    );
}

/// §3.11: one kind of JWT is told from another by `typ`.
#[test]
fn section_3_11_use_explicit_typing() {
    let token = jwt::issue(ISSUER)
        .audience("api")
        .typ("at+jwt")
        .sign(&signer())
        .unwrap();
    let expect = |typ: &str| Expectations::new(ISSUER, "api").typ(typ);
    expect("application/at+jwt")
        .verify::<IgnoredAny>(&token, &verifier())
        .unwrap();
    assert_eq!(
        refused(&expect("secevent+jwt"), &token),
        "jwt.type-mismatch"
    );
}

/// §3.12: rules for different kinds of JWT exclude each other, here by a claim only one kind has.
#[test]
fn section_3_12_use_mutually_exclusive_validation_rules() {
    let claims = json!({"events": {}});
    let event = jwt::issue(ISSUER)
        .audience("api")
        .issued_at(now())
        .claims(&claims)
        .sign(&signer())
        .unwrap();
    let login = jwt::issue(ISSUER)
        .audience("api")
        .issued_at(now())
        .sign(&signer())
        .unwrap();
    let events = Expectations::new(ISSUER, "api").require("events").at(now());
    events.verify::<IgnoredAny>(&event, &verifier()).unwrap();
    assert_eq!(refused(&events, &login), "jwt.claim-missing");
}
