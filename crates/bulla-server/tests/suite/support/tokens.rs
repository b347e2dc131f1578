//! Tokens of any content, as an attacker makes them.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla::base64url;
use bulla::jwa::SignatureAlg;
use bulla::jwk::{EcCurve, PrivateJwk};
use bulla::jws::{Builder, Headers};
use bulla::key::{Backend, KeySpec, Signer};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://auth.example.com";
pub(crate) const ENDPOINT: &str = "https://auth.example.com/token";
pub(crate) const API: &str = "https://api.example.com";
pub(crate) const NOW: u64 = 1_800_000_000;

pub(crate) fn backend() -> Arc<dyn Backend> {
    bulla::backend()
}

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

/// A new P-256 key with this `kid`.
pub(crate) fn key(kid: &str) -> PrivateJwk {
    named(KeySpec::Ec(EcCurve::P256), kid)
}

/// A new RSA key with this `kid`.
pub(crate) fn rsa(kid: &str) -> PrivateJwk {
    named(KeySpec::Rsa { bits: 2048 }, kid)
}

fn named(spec: KeySpec, kid: &str) -> PrivateJwk {
    let mut key = PrivateJwk::new(backend().generate(spec).unwrap());
    key.members_mut().kid = Some(kid.to_owned());
    key
}

pub(crate) fn signer(key: &PrivateJwk) -> Signer {
    Signer::bind(&backend(), key).unwrap()
}

pub(crate) fn signer_for(key: &PrivateJwk, alg: SignatureAlg) -> Signer {
    Signer::bind_to(&backend(), key, alg).unwrap()
}

/// 128 random bits as text.
pub(crate) fn unique() -> String {
    let mut octets = [0; 16];
    backend().random(&mut octets).unwrap();
    base64url::encode(octets)
}

/// What a client says of itself; with a `jti` of its own each time.
pub(crate) fn claims() -> Value {
    json!({"iss": "billing", "sub": "billing", "aud": ISSUER, "iat": NOW, "exp": NOW + 60, "jti": unique()})
}

pub(crate) fn with(mut claims: Value, name: &str, value: impl Into<Value>) -> Value {
    claims[name] = value.into();
    claims
}

pub(crate) fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().unwrap().remove(name);
    claims
}

pub(crate) fn sign(signer: &Signer, headers: Headers, claims: &Value) -> String {
    sign_text(signer, headers, &claims.to_string())
}

pub(crate) fn sign_text(signer: &Signer, headers: Headers, claims: &str) -> String {
    Builder::new(claims.as_bytes())
        .headers(headers)
        .sign_compact(signer)
        .unwrap()
}

/// With a header that our own builder would not write, and the signature of another token.
pub(crate) fn forged(header: &Value, token: &str) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", base64url::encode(header.to_string()))
}

/// With other octets as the signature.
pub(crate) fn resigned(token: &str, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let mut signature = base64url::decode(signature).unwrap();
    change(&mut signature);
    format!("{signed}.{}", base64url::encode(signature))
}

/// The claims of a token, unverified.
pub(crate) fn claims_of(token: &str) -> Value {
    segment(token, 1)
}

/// The header of a token.
pub(crate) fn header_of(token: &str) -> Value {
    segment(token, 0)
}

fn segment(token: &str, index: usize) -> Value {
    let segment = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&base64url::decode(segment).unwrap()).unwrap()
}
