//! Writing the protected header of a JWE, and reading it back as a stranger would.

use serde_json::{Map, Value};

use super::recipient::Made;
use super::{Builder, EncryptError, parameters};
use crate::base64url;
use crate::header::{Header, HeaderError, Kind};
use crate::jwa::AlgName;
use crate::key::Encrypter;
use crate::limits::Limits;

impl Builder<'_> {
    /// The protected header for one recipient, base64url, with room for the rest of a compact token.
    pub(super) fn segment_to(
        &self,
        encrypter: &Encrypter,
        kid: Option<&str>,
        made: &Made,
        encrypted_key: usize,
    ) -> Result<String, EncryptError> {
        let alg = Some(encrypter.alg());
        let lengths = [
            encrypted_key,
            IV_LEN,
            self.plaintext.len() + PADDING,
            TAG_LEN,
        ];
        let room = lengths
            .iter()
            .map(|octets| base64url::encoded_len(*octets) + 1)
            .sum();
        if !self.is_plain(kid) || self.zip.is_some() || !made.is_empty() {
            return self.segment(alg, kid, made, room);
        }
        // Nothing in it changes from token to token.
        let Some(slot) = encrypter.0.plain_headers.get(self.enc as usize) else {
            return self.segment(alg, kid, made, room);
        };
        let known = match slot.get() {
            Some(known) => known,
            None => {
                let written = self.segment(alg, kid, made, 0)?;
                slot.get_or_init(|| written.into())
            }
        };
        let mut segment = String::with_capacity(known.len() + room);
        segment.push_str(known);
        Ok(segment)
    }

    /// The protected header, base64url, with room for so many characters more.
    pub(super) fn segment(
        &self,
        alg: Option<&AlgName>,
        kid: Option<&str>,
        made: &Made,
        room: usize,
    ) -> Result<String, EncryptError> {
        let written = self.write(alg, kid, made)?;
        let encode = |octets: &[u8]| {
            let mut segment = String::with_capacity(base64url::encoded_len(octets.len()) + room);
            base64url::encode_into(octets, &mut segment);
            segment
        };
        if self.is_plain(kid) && written.len() <= Limits::DEFAULT.header {
            return Ok(encode(&written));
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
        Ok(encode(octets))
    }

    /// Every member is our own work; there is nothing of the caller's to hold against the rules but lengths.
    fn is_plain(&self, kid: Option<&str>) -> bool {
        self.protected.is_empty()
            && self.shared.is_empty()
            && self.raw.is_none()
            && kid.is_none_or(|kid| kid.len() <= Limits::DEFAULT.kid)
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
        let mut json = Vec::with_capacity(USUAL);
        json.push(b'{');
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

/// The longest of each that there is.
const IV_LEN: usize = 16;
const TAG_LEN: usize = 32;
const PADDING: usize = 16;

/// Octets of most headers.
const USUAL: usize = 256;

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
