//! `crit` exactly as RFC 7515 §4.1.11 has it.

use serde_json::{Map, Value};

use super::{Header, HeaderError, Kind, MalformedToken};

/// Names that RFC 7515 §4.1 and RFC 7516 §4.1 define, which `crit` must not list.
const REGISTERED: [&str; 11] = [
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit",
];

/// Names that RFC 7516 §4.1 and RFC 7518 §4 define for JWE alone.
const REGISTERED_JWE: [&str; 9] = ["enc", "zip", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c"];

/// The extension that we understand ourselves (RFC 7797).
pub(crate) const B64: &str = "b64";

/// Reads `crit` from the protected parameters that it speaks of.
pub(super) fn parse(
    values: Vec<Value>,
    protected: &Map<String, Value>,
    kind: Kind,
) -> Result<Vec<String>, MalformedToken> {
    let malformed = |why| MalformedToken { what: "crit", why };
    if values.is_empty() {
        return Err(malformed("is empty"));
    }
    let mut names: Vec<String> = Vec::with_capacity(values.len());
    for value in values {
        let Value::String(name) = value else {
            return Err(malformed("lists something that is not a string"));
        };
        let of_jwe = kind == Kind::Jwe && REGISTERED_JWE.contains(&name.as_str());
        if of_jwe || REGISTERED.contains(&name.as_str()) {
            return Err(malformed("lists a name that the standard itself defines"));
        }
        if !protected.contains_key(&name) {
            return Err(malformed(
                "lists a name that is not in the protected header",
            ));
        }
        names.push(name);
    }
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort_unstable();
    if sorted
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one == other))
    {
        return Err(malformed("lists a name twice"));
    }
    Ok(names)
}

/// Every name must be understood, by us (`b64` of a JWS) or by the application that says so.
pub(crate) fn check_understood(
    header: &Header,
    kind: Kind,
    understood: &[String],
) -> Result<(), HeaderError> {
    let known = |name: &&String| (kind == Kind::Jws && *name == B64) || understood.contains(name);
    match header.crit().iter().find(|name| !known(name)) {
        Some(name) => Err(HeaderError::CriticalUnknown(name.clone())),
        None => Ok(()),
    }
}
