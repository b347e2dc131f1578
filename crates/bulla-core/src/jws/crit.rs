//! `crit` exactly as RFC 7515 §4.1.11 has it.

use serde_json::{Map, Value};

use super::{Header, MalformedToken, VerifyError};

/// Names that RFC 7515 §4.1 defines, which `crit` must not list.
const REGISTERED: [&str; 11] = [
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit",
];

/// The extension that we understand ourselves (RFC 7797).
pub(super) const B64: &str = "b64";

/// Reads `crit` from the protected parameters that it speaks of.
pub(super) fn parse(
    value: Value,
    protected: &Map<String, Value>,
) -> Result<Vec<String>, MalformedToken> {
    let malformed = |why| MalformedToken { what: "crit", why };
    let Value::Array(values) = value else {
        return Err(malformed("is not an array"));
    };
    if values.is_empty() {
        return Err(malformed("is empty"));
    }
    let mut names: Vec<String> = Vec::with_capacity(values.len());
    for value in values {
        let Value::String(name) = value else {
            return Err(malformed("lists something that is not a string"));
        };
        if REGISTERED.contains(&name.as_str()) {
            return Err(malformed("lists a name that RFC 7515 itself defines"));
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

/// Every name must be understood, by us or by the application that says so.
pub(super) fn check_understood(header: &Header, understood: &[String]) -> Result<(), VerifyError> {
    match header
        .crit()
        .iter()
        .find(|name| *name != B64 && !understood.contains(name))
    {
        Some(name) => Err(VerifyError::CriticalUnknown { name: name.clone() }),
        None => Ok(()),
    }
}
