//! `alg: none`, and signatures that are not there.

use std::sync::Arc;

use bulla::base64url::encode;
use bulla::jwa::{AlgName, MacAlg, SignatureAlg};
use bulla::jws::{Builder, Jws, Serialization};
use bulla::key::{CheckError, Sign, SignError, Signature, Signer, SigningInput, Verifier, Verify};

use crate::forge::{key, refused, token};
use crate::support::{keys, verifier};

#[test]
fn alg_none_in_any_spelling_without_a_signature() {
    for name in ["none", "None", "NONE", "nOnE", "none ", "none\\u0000", ""] {
        let header = encode(format!(r#"{{"alg":"{name}"}}"#).as_bytes());
        let token = format!("{header}.{}.", encode(b"{}"));
        for key in [
            key(),
            verifier(keys::RSA, "RS256"),
            verifier(keys::P256, "ES256"),
        ] {
            let error = Jws::parse_compact(&token)
                .and_then(|jws| jws.verify(&key))
                .unwrap_err();
            assert!(
                matches!(error.code(), "jws.algorithm-not-allowed" | "jws.malformed"),
                "{name:?}: {}",
                error.code()
            );
        }
    }
}

#[test]
fn alg_none_with_a_right_authentication_code() {
    for name in ["none", "None", "NONE"] {
        assert_eq!(
            refused(&token(&format!(r#"{{"alg":"{name}"}}"#), "x")),
            "jws.algorithm-not-allowed"
        );
    }
}

#[test]
fn a_token_without_alg() {
    assert_eq!(refused(&token("{}", "x")), "jws.malformed");
    assert_eq!(refused(&token(r#"{"typ":"JWT"}"#, "x")), "jws.malformed");
}

#[test]
fn a_real_name_with_an_empty_signature() {
    for (key, alg) in [
        (key(), "HS256"),
        (verifier(keys::RSA, "RS256"), "RS256"),
        (verifier(keys::P256, "ES256"), "ES256"),
    ] {
        let token = format!(
            "{}.{}.",
            encode(format!(r#"{{"alg":"{alg}"}}"#).as_bytes()),
            encode(b"x")
        );
        let error = Jws::parse_compact(&token)
            .unwrap()
            .verify(&key)
            .unwrap_err();
        assert_eq!(error.code(), "jws.signature-invalid", "{alg}");
    }
}

#[test]
fn a_token_of_two_parts() {
    assert_eq!(
        refused(&format!(
            "{}.{}",
            encode(br#"{"alg":"none"}"#),
            encode(b"x")
        )),
        "jws.malformed"
    );
}

#[test]
fn none_is_no_algorithm_of_any_kind() {
    assert_eq!(SignatureAlg::from_name("none"), None);
    assert_eq!(MacAlg::from_name("none"), None);
}

#[test]
fn nothing_prepares_or_signs_with_none() {
    let none = AlgName::new("none");
    assert!(
        Builder::new("x")
            .prepare(Serialization::Compact, &none, None)
            .is_err()
    );
    let signer = Signer::new(Arc::new(Forger(none)), None);
    assert_eq!(
        Builder::new("x").sign_compact(&signer).unwrap_err().code(),
        "jws.algorithm-not-allowed"
    );
    assert!(Builder::new("x").sign_flattened(&signer).is_err());
    assert!(
        Builder::new("x")
            .sign_compact_stream(&mut &b"x"[..], &signer)
            .is_err()
    );
}

/// Not even an algorithm of the application's own may be called `none`.
#[test]
fn a_custom_algorithm_named_none_verifies_nothing() {
    let verifier = Verifier::new(Arc::new(Forger(AlgName::new("none"))), None);
    let token = format!("{}.{}.", encode(br#"{"alg":"none"}"#), encode(b"x"));
    let error = Jws::parse_compact(&token)
        .and_then(|jws| jws.verify(&verifier))
        .unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
}

/// Signs and accepts everything.
struct Forger(AlgName);

impl Sign for Forger {
    fn alg(&self) -> &AlgName {
        &self.0
    }

    fn sign(&self, _: &SigningInput<'_>) -> Result<Signature, SignError> {
        Ok(Signature::zeroed(0))
    }
}

impl Verify for Forger {
    fn alg(&self) -> &AlgName {
        &self.0
    }

    fn verify(&self, _: &SigningInput<'_>, _: &[u8]) -> Result<(), CheckError> {
        Ok(())
    }
}
