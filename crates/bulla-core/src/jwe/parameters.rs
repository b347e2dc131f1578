//! The header parameters that key management algorithms make (RFC 7518 §4.6.1, §4.7.1, §4.8.1).

use serde_json::Value;

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
        let mut found = Self::default();
        for (name, value) in header.parameters() {
            match name.as_str() {
                "epk" => found.epk = Some(ephemeral(value)?),
                "apu" => found.apu = octets("apu", value)?,
                "apv" => found.apv = octets("apv", value)?,
                "iv" => found.iv = Some(fixed("iv", value, "has not 96 bits")?),
                "tag" => found.tag = Some(fixed("tag", value, "has not 128 bits")?),
                "p2s" => {
                    let salt = octets("p2s", value)?;
                    if salt.len() < 8 {
                        return Err(malformed("p2s", "has fewer than 8 octets"));
                    }
                    found.p2s = Some(salt);
                }
                "p2c" => {
                    let Value::Number(count) = value else {
                        return Err(malformed("p2c", "is not a number"));
                    };
                    let count = count.as_u64();
                    found.p2c =
                        Some(count.ok_or_else(|| malformed("p2c", "is not a positive integer"))?);
                }
                _ => {}
            }
        }
        Ok(found)
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

fn octets(name: &'static str, value: &Value) -> Result<Vec<u8>, MalformedToken> {
    let Value::String(text) = value else {
        return Err(malformed(name, "is not a string"));
    };
    base64url::decode(text).map_err(|_| malformed(name, "is not base64url without padding"))
}

fn fixed<const N: usize>(
    name: &'static str,
    value: &Value,
    why: &'static str,
) -> Result<[u8; N], MalformedToken> {
    octets(name, value)?
        .try_into()
        .map_err(|_| malformed(name, why))
}

const fn malformed(what: &'static str, why: &'static str) -> MalformedToken {
    MalformedToken { what, why }
}
