//! What an attacker has: a text editor and an HMAC of their own.
//!
//! Most tokens here carry a *right* authentication code over whatever they hold, so that what refuses them is the
//! rule under test and not the signature.

use bulla::base64url::encode;
use bulla::jwa::MacAlg;
use bulla::jwk::SecretJwk;
use bulla::jws::{Jws, Policy, Verified, VerifyError};
use bulla::key::Verifier;

pub(crate) const SECRET: [u8; 32] = [0x42; 32];

/// The victim's key.
pub(crate) fn key() -> Verifier {
    bulla::verifier_for(&SecretJwk::new(SECRET.to_vec()), MacAlg::Hs256).unwrap()
}

/// A compact token of this header and payload.
pub(crate) fn token(header: &str, payload: impl AsRef<[u8]>) -> String {
    segments(&encode(header.as_bytes()), &encode(payload.as_ref()))
}

/// A compact token of segments that stand as they are.
pub(crate) fn segments(header: &str, payload: &str) -> String {
    let input = format!("{header}.{payload}");
    format!("{input}.{}", encode(hmac(&SECRET, input.as_bytes())))
}

/// The flattened serialization; `header` is the unprotected one, or empty for none.
pub(crate) fn flattened(protected: &str, header: &str, payload: &str) -> String {
    let protected = encode(protected.as_bytes());
    let payload = encode(payload.as_bytes());
    let signature = encode(hmac(&SECRET, format!("{protected}.{payload}").as_bytes()));
    let header = if header.is_empty() {
        String::new()
    } else {
        format!(r#""header":{header},"#)
    };
    format!(
        r#"{{"payload":"{payload}","protected":"{protected}",{header}"signature":"{signature}"}}"#
    )
}

pub(crate) fn hmac(secret: &[u8], input: &[u8]) -> Vec<u8> {
    use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
    sign(&Key::new(HMAC_SHA256, secret), input)
        .as_ref()
        .to_vec()
}

pub(crate) fn verify(token: &str) -> Result<Jws<'_, Verified>, VerifyError> {
    verify_under(token, Policy::new())
}

pub(crate) fn verify_under(token: &str, policy: Policy) -> Result<Jws<'_, Verified>, VerifyError> {
    Jws::parse_compact_with(token, policy)?.verify(&key())
}

pub(crate) fn verify_flattened(json: &str) -> Result<Jws<'_, Verified>, VerifyError> {
    Jws::parse_flattened(json.as_bytes())?.verify(&key())
}

/// The code with which the token is refused.
#[track_caller]
pub(crate) fn refused(token: &str) -> &'static str {
    verify(token).expect_err("the token was accepted").code()
}

#[track_caller]
pub(crate) fn refused_flattened(json: &str) -> &'static str {
    verify_flattened(json)
        .expect_err("the token was accepted")
        .code()
}

/// Without this every other test here could pass because nothing ever verifies.
#[test]
fn the_control_is_accepted() {
    assert_eq!(
        verify(&token(r#"{"alg":"HS256"}"#, "x")).unwrap().payload(),
        b"x"
    );
    let json = flattened(r#"{"alg":"HS256"}"#, r#"{"kid":"k"}"#, "x");
    assert_eq!(verify_flattened(&json).unwrap().payload(), b"x");
}
