//! Tokens of any content, as an attacker makes them.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bulla_core::base64url;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::{EcCurve, PrivateJwk};
use bulla_core::jws::{Builder, Headers};
use bulla_core::key::{Backend, KeySpec, Signer};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://auth.example.com";
pub(crate) const ENDPOINT: &str = "https://auth.example.com/token";
pub(crate) const NOW: u64 = 1_800_000_000;

pub(crate) fn backend() -> Arc<dyn Backend> {
    bulla_aws_lc::backend()
}

pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

/// A new P-256 key with this `kid`.
pub(crate) fn key(kid: &str) -> PrivateJwk {
    let mut key = PrivateJwk::new(backend().generate(KeySpec::Ec(EcCurve::P256)).unwrap());
    key.members_mut().kid = Some(kid.to_owned());
    key
}

pub(crate) fn signer(key: &PrivateJwk) -> Signer {
    Signer::bind(&backend(), key).unwrap()
}

pub(crate) fn signer_for(key: &PrivateJwk, alg: SignatureAlg) -> Signer {
    Signer::bind_to(&backend(), key, alg).unwrap()
}

/// What a client says of itself.
pub(crate) fn claims() -> Value {
    json!({"iss": "billing", "sub": "billing", "aud": ISSUER, "iat": NOW, "exp": NOW + 60, "jti": "j-1"})
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
