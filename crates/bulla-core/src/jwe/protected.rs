//! Writing the protected header of a JWE, and reading it back as a stranger would.

use serde_json::{Map, Value};

use super::recipient::Made;
use super::{Builder, EncryptError, parameters};
use crate::base64url;
use crate::header::{Header, HeaderError, Kind};
use crate::jwa::AlgName;
use crate::limits::Limits;

impl Builder<'_> {
    /// The protected header, base64url.
    pub(super) fn segment(
        &self,
        alg: Option<&AlgName>,
        kid: Option<&str>,
        made: &Made,
    ) -> Result<String, EncryptError> {
        let written = self.write(alg, kid, made)?;
        if self.protected.is_empty()
            && self.shared.is_empty()
            && self.raw.is_none()
            && kid.is_none_or(|kid| kid.len() <= Limits::DEFAULT.kid)
            && written.len() <= Limits::DEFAULT.header
        {
            // Every member is our own work; there is nothing of the caller's to hold against the rules but lengths.
            return Ok(base64url::encode(written));
        }
        let header = self.protected_header(alg, kid, made)?;
        self.check_disjoint(&header, &Map::new())?;
        let octets = match &self.raw {
            None => &written,
            Some(raw) => {
                if parse(raw)?.parameters() != header.parameters() {
                    return Err(EncryptError::header(
                        "header",
                        "is not what would have been written",
                    ));
                }
                raw
            }
        };
        Ok(base64url::encode(octets))
    }

    /// The protected header as a stranger would read it: we never encrypt under what we would refuse.
    pub(super) fn protected_header(
        &self,
        alg: Option<&AlgName>,
        kid: Option<&str>,
        made: &Made,
    ) -> Result<Header, EncryptError> {
        let made_by_hand =
            |name: &str| is_made(name) || made.iter().any(|(known, _)| *known == name);
        if self.protected.iter().any(|(name, _)| made_by_hand(name))
            || self.shared.keys().any(|name| made_by_hand(name))
        {
            return Err(EncryptError::header(
                "header",
                "sets a parameter that the algorithm makes",
            ));
        }
        let wrong_alg = |value: &Value| alg.is_none_or(|alg| *value != *alg.as_str());
        let by_hand = self
            .protected
            .iter()
            .find(|(name, _)| name == "alg")
            .map(|(_, value)| value);
        if let Some(value) = by_hand
            .filter(|value| wrong_alg(value))
            .or_else(|| self.shared.get("alg"))
        {
            return Err(EncryptError::Algorithm {
                alg: AlgName::new(value.as_str().unwrap_or_default()),
            });
        }
        parse(&self.write(alg, kid, made)?)
    }

    /// The order of RFC 7520: `alg`, `kid`, what the algorithm made, what the caller set, `enc`, `zip`.
    fn write(
        &self,
        alg: Option<&AlgName>,
        kid: Option<&str>,
        made: &Made,
    ) -> Result<Vec<u8>, EncryptError> {
        let mut json = vec![b'{'];
        if let Some(alg) = alg {
            append(&mut json, "alg", alg.as_str())?;
        }
        if let Some(kid) = kid {
            append(&mut json, "kid", kid)?;
        }
        // A `kid` that the caller set stands where the key's own would.
        for (name, value) in self.protected.iter().filter(|(name, _)| name == "kid") {
            append(&mut json, name, value)?;
        }
        for (name, value) in made {
            append(&mut json, name, value)?;
        }
        for (name, value) in self
            .protected
            .iter()
            .filter(|(name, _)| name != "alg" && name != "kid")
        {
            append(&mut json, name, value)?;
        }
        append(&mut json, "enc", self.enc.name().as_str())?;
        if let Some(zip) = &self.zip {
            append(&mut json, "zip", zip.name())?;
        }
        json.push(b'}');
        Ok(json)
    }
}

pub(super) fn is_made(name: &str) -> bool {
    parameters::MADE.contains(&name) || name == "apu" || name == "apv"
}

fn parse(json: &[u8]) -> Result<Header, EncryptError> {
    let too_long = EncryptError::header("header", "exceeds the limits");
    match Header::parse(json, Kind::Jwe, &Limits::DEFAULT) {
        Ok(header)
            if header
                .kid()
                .is_some_and(|kid| kid.len() > Limits::DEFAULT.kid) =>
        {
            Err(too_long)
        }
        Ok(header) => Ok(header),
        Err(HeaderError::Malformed(malformed)) => Err(EncryptError::Header(malformed)),
        Err(_) => Err(too_long),
    }
}

fn append<T: serde::Serialize + ?Sized>(
    json: &mut Vec<u8>,
    name: &str,
    value: &T,
) -> Result<(), EncryptError> {
    let failed = |_| EncryptError::header("header", "cannot be written as JSON");
    if json.len() > 1 {
        json.push(b',');
    }
    serde_json::to_writer(&mut *json, name).map_err(failed)?;
    json.push(b':');
    serde_json::to_writer(json, value).map_err(failed)
}
