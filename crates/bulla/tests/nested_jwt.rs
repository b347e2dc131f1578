//! Tokens within tokens, and claims that are encrypted alone (RFC 7519 §5.2, §5.3, §11.2).
#![cfg(feature = "aws-lc")]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers of tests may fail as tests do"
)]

use std::time::Duration;

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg, SignatureAlg};
use bulla::jwe::{Builder, Policy};
use bulla::jwk::{OkpCurve, PrivateJwk};
use bulla::jwt::{self, Expectations};
use bulla::key::{Decrypter, Encrypter, KeySpec, Signer, Verifier};

const ENC: ContentEncryptionAlg = ContentEncryptionAlg::A128CbcHs256;

struct Keys {
    signer: Signer,
    verifier: Verifier,
    encrypter: Encrypter,
    decrypter: Decrypter,
}

fn keys() -> Keys {
    let backend = bulla::backend();
    let signing = bulla::generate(SignatureAlg::Es256).unwrap();
    let encryption = PrivateJwk::new(backend.generate(KeySpec::Okp(OkpCurve::X25519)).unwrap());
    let alg = KeyManagementAlg::EcdhEs;
    Keys {
        signer: bulla::signer(&signing).unwrap(),
        verifier: bulla::verifier(&signing.public()).unwrap(),
        encrypter: Encrypter::bind_to(&backend, &encryption.public(), alg).unwrap(),
        decrypter: Decrypter::bind_to(&backend, &encryption, alg).unwrap(),
    }
}

fn token() -> jwt::Issue<'static> {
    jwt::issue("issuer")
        .audience("api")
        .expires_in(Duration::from_secs(300))
}

fn expect() -> Expectations {
    Expectations::new("issuer", "api")
}

#[test]
fn signed_then_encrypted() {
    let keys = keys();
    let token = token()
        .sign_then_encrypt(&keys.signer, &keys.encrypter, ENC)
        .unwrap();
    let valid = expect()
        .decrypt_verify::<()>(&token, &keys.decrypter, &keys.verifier)
        .unwrap();
    assert_eq!(valid.header().alg().unwrap().as_str(), "ES256");
    assert_eq!(
        valid.outer_header().unwrap().enc().unwrap().as_str(),
        "A128CBC-HS256"
    );
    assert_eq!(valid.outer_key().unwrap().alg().as_str(), "ECDH-ES");
    let checked: Vec<_> = valid.checked().collect();
    assert_eq!(
        checked,
        ["decryption", "signature", "alg", "enc", "iss", "aud", "exp"]
    );

    let other = self::keys();
    let wrong = expect()
        .decrypt_verify::<()>(&token, &other.decrypter, &keys.verifier)
        .unwrap_err();
    assert_eq!(wrong.code(), "jwe.decryption-failed");
    let wrong = expect()
        .decrypt_verify::<()>(&token, &keys.decrypter, &other.verifier)
        .unwrap_err();
    assert_eq!(wrong.code(), "jws.signature-invalid");
    let wrong = Expectations::new("issuer", "other").decrypt_verify::<()>(
        &token,
        &keys.decrypter,
        &keys.verifier,
    );
    assert_eq!(wrong.unwrap_err().code(), "jwt.audience-mismatch");
    // not where claims are expected, nor where a plain token is
    assert_eq!(
        expect()
            .decrypt::<()>(&token, &keys.decrypter)
            .unwrap_err()
            .code(),
        "jwt.type-mismatch"
    );
    assert_eq!(
        expect()
            .verify::<()>(&token, &keys.verifier)
            .unwrap_err()
            .code(),
        "jws.malformed"
    );
}

#[test]
fn encrypted_alone() {
    let keys = keys();
    let token = token().encrypt(&keys.encrypter, ENC).unwrap();
    let valid = expect().decrypt::<()>(&token, &keys.decrypter).unwrap();
    assert_eq!(valid.header().typ(), Some("JWT"));
    assert_eq!(valid.key().alg().as_str(), "ECDH-ES");
    assert_eq!(
        valid.checked().take(3).collect::<Vec<_>>(),
        ["decryption", "alg", "enc"]
    );
    let late = expect().at(std::time::SystemTime::now() + Duration::from_secs(301));
    assert_eq!(
        late.decrypt::<()>(&token, &keys.decrypter)
            .unwrap_err()
            .code(),
        "jwt.expired"
    );
    // A token that nobody signed is not one that somebody signed.
    let unsigned = expect()
        .decrypt_verify::<()>(&token, &keys.decrypter, &keys.verifier)
        .unwrap_err();
    assert_eq!(unsigned.code(), "jwt.type-mismatch");
    let policy = Policy::new().content_encryptions([ContentEncryptionAlg::A256Gcm]);
    let refused = expect()
        .encryption(policy)
        .decrypt::<()>(&token, &keys.decrypter)
        .unwrap_err();
    assert_eq!(refused.code(), "jwe.algorithm-not-allowed");
}

#[test]
fn encrypted_then_signed() {
    let keys = keys();
    let token = token()
        .encrypt_then_sign(&keys.encrypter, ENC, &keys.signer)
        .unwrap();
    let valid = expect()
        .verify_decrypt::<()>(&token, &keys.verifier, &keys.decrypter)
        .unwrap();
    assert_eq!(valid.outer_header().unwrap().cty(), Some("JWT"));
    assert_eq!(valid.header().enc().unwrap().as_str(), "A128CBC-HS256");
    let plain = expect().verify::<()>(&token, &keys.verifier).unwrap_err();
    assert_eq!(plain.code(), "jwt.malformed");
}

#[test]
fn the_outer_header_must_say_that_a_token_is_inside() {
    let keys = keys();
    let inner = token().sign(&keys.signer).unwrap();
    let wrap = |builder: Builder<'_>| builder.encrypt_compact(&keys.encrypter).unwrap();
    let verify = |token: String| {
        let valid = expect().decrypt_verify::<()>(&token, &keys.decrypter, &keys.verifier);
        valid.map_or_else(|error| error.code(), |_| "ok")
    };
    for (cty, outcome) in [
        (Some("JWT"), "ok"),
        (Some("jwt"), "ok"),
        (Some("application/jwt"), "ok"),
        (Some("text/plain"), "jwt.type-mismatch"),
        (None, "jwt.type-mismatch"),
    ] {
        let builder = Builder::new(&inner, ENC);
        let builder = match cty {
            Some(cty) => builder.cty(cty),
            None => builder,
        };
        assert_eq!(verify(wrap(builder)), outcome, "{cty:?}");
    }
}

#[test]
fn claims_repeated_in_the_header_must_be_equal() {
    let keys = keys();
    let inner = token().sign(&keys.signer).unwrap();
    let verify = |name: &str, value: serde_json::Value| {
        let token = Builder::new(&inner, ENC)
            .cty("JWT")
            .header(name, value)
            .encrypt_compact(&keys.encrypter)
            .unwrap();
        let valid = expect().decrypt_verify::<()>(&token, &keys.decrypter, &keys.verifier);
        valid.map_or_else(|error| error.code(), |_| "ok")
    };
    assert_eq!(verify("iss", "issuer".into()), "ok");
    assert_eq!(verify("aud", "api".into()), "ok");
    assert_eq!(verify("aud", serde_json::json!(["api"])), "ok");
    for (name, value) in [
        ("iss", serde_json::json!("other")),
        ("iss", serde_json::json!(null)),
        ("sub", serde_json::json!("nobody")),
        ("aud", serde_json::json!("other")),
        ("aud", serde_json::json!(["api", "other"])),
        ("aud", serde_json::json!([])),
        ("aud", serde_json::json!(1)),
    ] {
        assert_eq!(
            verify(name, value.clone()),
            "jwt.claim-invalid",
            "{name} {value}"
        );
    }
}
