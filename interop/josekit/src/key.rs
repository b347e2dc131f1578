//! Keys.

use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::EcCurve;
use josekit::jwk::alg::ecx::EcxCurve;
use serde_json::{Map, Value, json};

use crate::{Refusal, text};

/// A new private or symmetric key.
pub(crate) fn make(request: &Value) -> Result<Value, Refusal> {
    let bits = u32::try_from(request["size"].as_u64().unwrap_or_default())?;
    let key = match (text(request, "kty")?, request["crv"].as_str()) {
        ("oct", _) => Jwk::generate_oct_key(u8::try_from(bits / 8)?)?,
        ("RSA", _) => Jwk::generate_rsa_key(bits)?,
        ("EC", Some("P-256")) => Jwk::generate_ec_key(EcCurve::P256)?,
        ("EC", Some("P-384")) => Jwk::generate_ec_key(EcCurve::P384)?,
        ("EC", Some("P-521")) => Jwk::generate_ec_key(EcCurve::P521)?,
        ("OKP", Some("X25519")) => Jwk::generate_ecx_key(EcxCurve::X25519)?,
        ("OKP", Some("X448")) => Jwk::generate_ecx_key(EcxCurve::X448)?,
        (kty, crv) => return Err(format!("no key {kty} {crv:?}").into()),
    };
    Ok(json!({ "key": AsRef::<Map<String, Value>>::as_ref(&key) }))
}

/// The public half.
pub(crate) fn public(request: &Value) -> Result<Value, Refusal> {
    let half = read(&request["key"])?.to_public_key()?;
    Ok(json!({ "key": AsRef::<Map<String, Value>>::as_ref(&half) }))
}

/// The key of a request.
pub(crate) fn read(jwk: &Value) -> Result<Jwk, Refusal> {
    Ok(Jwk::from_map(
        jwk.as_object().ok_or("a key is an object")?.clone(),
    )?)
}
