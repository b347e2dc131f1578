//! Tokens.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use josekit::jwe::{self, JweHeader, JweHeaderSet};
use serde_json::{Map, Value, json};

use crate::algorithm::Algorithm;
use crate::{Refusal, key, text};

/// One recipient, in any form.
pub(crate) fn encrypt(request: &Value) -> Result<Value, Refusal> {
    let encrypter =
        Algorithm::named(text(request, "alg")?)?.encrypter(&key::read(&request["key"])?)?;
    let plaintext = octets(request, "plaintext")?.unwrap_or_default();
    let members = header(request);
    if text(request, "form")? == "compact" {
        let header = JweHeader::from_map(members)?;
        return Ok(
            json!({ "token": jwe::serialize_compact(&plaintext, &header, encrypter.as_ref())? }),
        );
    }
    let header = protected(members)?;
    let aad = octets(request, "aad")?;
    let token = if text(request, "form")? == "general" {
        let recipients = [(None, encrypter.as_ref())];
        jwe::serialize_general_json(&plaintext, Some(&header), &recipients, aad.as_deref())?
    } else {
        let encrypter = encrypter.as_ref();
        jwe::serialize_flattened_json(&plaintext, Some(&header), None, aad.as_deref(), encrypter)?
    };
    Ok(json!({ "token": serde_json::from_str::<Value>(&token)? }))
}

/// Several recipients of one content.
pub(crate) fn encrypt_many(request: &Value) -> Result<Value, Refusal> {
    let mut encrypters = Vec::new();
    for one in request["recipients"].as_array().into_iter().flatten() {
        let key = key::read(&one["key"])?;
        encrypters.push(Algorithm::named(text(one, "alg")?)?.encrypter(&key)?);
    }
    let recipients: Vec<_> = encrypters
        .iter()
        .map(|encrypter| (None, encrypter.as_ref()))
        .collect();
    let token = jwe::serialize_general_json(
        &octets(request, "plaintext")?.unwrap_or_default(),
        Some(&protected(header(request))?),
        &recipients,
        octets(request, "aad")?.as_deref(),
    )?;
    Ok(json!({ "token": serde_json::from_str::<Value>(&token)? }))
}

pub(crate) fn decrypt(request: &Value) -> Result<Value, Refusal> {
    let decrypter =
        Algorithm::named(text(request, "alg")?)?.decrypter(&key::read(&request["key"])?)?;
    let (plaintext, header) = match &request["token"] {
        Value::String(token) => jwe::deserialize_compact(token, decrypter.as_ref())?,
        token => jwe::deserialize_json(&token.to_string(), decrypter.as_ref())?,
    };
    // josekit takes any `enc`; that the token has the right one is for its caller to see.
    if header.content_encryption() != request["enc"].as_str() {
        return Err("another `enc`".into());
    }
    Ok(json!({ "plaintext": BASE64_URL_SAFE_NO_PAD.encode(plaintext) }))
}

/// The header parameters a request asks for; josekit adds `alg`.
fn header(request: &Value) -> Map<String, Value> {
    let mut header = Map::new();
    for name in ["enc", "zip", "cty", "p2c"] {
        if let Some(value) = request.get(name) {
            header.insert(name.to_owned(), value.clone());
        }
    }
    for name in ["apu", "apv"] {
        if let Some(said) = request.get(name).and_then(Value::as_str) {
            header.insert(name.to_owned(), BASE64_URL_SAFE_NO_PAD.encode(said).into());
        }
    }
    header
}

fn protected(members: Map<String, Value>) -> Result<JweHeaderSet, Refusal> {
    let mut header = JweHeaderSet::new();
    for (name, value) in members {
        header.set_claim(&name, Some(value), true)?;
    }
    Ok(header)
}

/// A member of a request that is base64url.
fn octets(request: &Value, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let Some(text) = request.get(name).and_then(Value::as_str) else {
        return Ok(None);
    };
    Ok(Some(BASE64_URL_SAFE_NO_PAD.decode(text)?))
}
