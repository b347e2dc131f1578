//! The header parameters that key management algorithms make (RFC 7518 §4.6.1, §4.7.1, §4.8.1).

use serde_json::{Map, Value};

use crate::base64url;
use crate::header::{Header, MalformedToken};
use crate::jwk::{Jwk, PublicKey};

/// Parameters that an algorithm makes; a caller may not.
pub(super) const MADE: [&str; 7] = ["enc", "epk", "iv", "tag", "p2s", "p2c", "zip"];

#[derive(Clone, Debug, Default)]
pub(super) struct KeyParameters {
    pub(super) epk: Option<PublicKey>,
    pub(super) apu: Vec<u8>,
    pub(super) apv: Vec<u8>,
    pub(super) iv: Option<[u8; 12]>,
    pub(super) tag: Option<[u8; 16]>,
    pub(super) p2s: Option<Vec<u8>>,
    pub(super) p2c: Option<u64>,
}

impl KeyParameters {
    /// Reads what the header has, checking types whether they will be used or not.
    pub(super) fn of(header: &Header) -> Result<Self, MalformedToken> {
        let parameters = header.parameters();
        let epk = match parameters.get("epk") {
            None => None,
            Some(value) => Some(ephemeral(value)?),
        };
        let p2c = match parameters.get("p2c") {
            None => None,
            Some(Value::Number(count)) => Some(
                count
                    .as_u64()
                    .ok_or_else(|| malformed("p2c", "is not a positive integer"))?,
            ),
            Some(_) => return Err(malformed("p2c", "is not a number")),
        };
        let p2s = octets(parameters, "p2s")?;
        if p2s.as_ref().is_some_and(|salt| salt.len() < 8) {
            return Err(malformed("p2s", "has fewer than 8 octets"));
        }
        Ok(Self {
            epk,
            apu: octets(parameters, "apu")?.unwrap_or_default(),
            apv: octets(parameters, "apv")?.unwrap_or_default(),
            iv: fixed(parameters, "iv", "has not 96 bits")?,
            tag: fixed(parameters, "tag", "has not 128 bits")?,
            p2s,
            p2c,
        })
    }
}

/// An ephemeral public key. A private half in it is refused: it would be somebody's secret.
fn ephemeral(value: &Value) -> Result<PublicKey, MalformedToken> {
    match Jwk::from_value(value) {
        Ok(Jwk::Public(key)) => Ok(key.key().clone()),
        Ok(_) => Err(malformed("epk", "is not a public key")),
        Err(_) => Err(malformed("epk", "is not a key of a known curve")),
    }
}

fn octets(
    parameters: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<Vec<u8>>, MalformedToken> {
    match parameters.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => base64url::decode(text)
            .map(Some)
            .map_err(|_| malformed(name, "is not base64url without padding")),
        Some(_) => Err(malformed(name, "is not a string")),
    }
}

fn fixed<const N: usize>(
    parameters: &Map<String, Value>,
    name: &'static str,
    why: &'static str,
) -> Result<Option<[u8; N]>, MalformedToken> {
    octets(parameters, name)?
        .map(|octets| octets.try_into().map_err(|_| malformed(name, why)))
        .transpose()
}

const fn malformed(what: &'static str, why: &'static str) -> MalformedToken {
    MalformedToken { what, why }
}
