use serde_json::{Map, Value};

use super::BuildError;
use crate::base64url;
use crate::header::{self, B64, Header, HeaderError, Kind, MalformedToken, Place};
use crate::jwa::AlgName;
use crate::limits::Limits;

/// The header parameters of one signature to be made, protected and not.
///
/// `alg` is never set here: it is the key's, and always protected. `kid` is the key's unless set.
///
/// ```
/// use bulla_core::jws::Headers;
/// let headers = Headers::new().typ("JOSE").cty("text/plain").critical("http://example.com/purpose", "demo");
/// # let _ = headers;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Headers {
    /// In the order in which they were set.
    protected: Vec<(String, Value)>,
    unprotected: Map<String, Value>,
    raw: Option<Vec<u8>>,
    no_kid: bool,
}

/// The headers of one signature, ready to be signed.
pub(crate) struct ReadyHeaders {
    pub(crate) alg: AlgName,
    /// The protected header, base64url.
    pub(crate) segment: String,
    pub(crate) encoded: bool,
    pub(crate) unprotected: Map<String, Value>,
}

impl Headers {
    /// `alg` and the key's `kid`, nothing else.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the media type of the complete token (RFC 7515 §4.1.9).
    #[must_use]
    pub fn typ(self, typ: impl Into<String>) -> Self {
        self.protected("typ", typ.into())
    }

    /// Sets the media type of the payload (RFC 7515 §4.1.10).
    #[must_use]
    pub fn cty(self, cty: impl Into<String>) -> Self {
        self.protected("cty", cty.into())
    }

    /// Sets the key ID instead of the key's own (RFC 7515 §4.1.4).
    #[must_use]
    pub fn kid(self, kid: impl Into<String>) -> Self {
        self.protected("kid", kid.into())
    }

    /// Leaves `kid` out although the key has one.
    #[must_use]
    pub const fn without_kid(mut self) -> Self {
        self.no_kid = true;
        self
    }

    /// Sets any protected parameter; a parameter set again is replaced.
    #[must_use]
    pub fn protected(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let (name, value) = (name.into(), value.into());
        match self.protected.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.protected.push((name, value)),
        }
        self
    }

    /// Sets a protected parameter and lists it in `crit`: whoever does not understand it must refuse the token.
    #[must_use]
    pub fn critical(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let name = name.into();
        let mut headers = self.protected(name.clone(), value);
        match headers
            .protected
            .iter_mut()
            .find(|(known, _)| known == "crit")
        {
            Some((_, Value::Array(names))) => names.push(name.into()),
            // Behind the parameter, as in the examples of RFC 7797.
            _ => headers
                .protected
                .push(("crit".to_owned(), Value::Array(vec![name.into()]))),
        }
        headers
    }

    /// Sets a parameter that the signature does not cover. Only the JSON serializations have a place for it.
    #[must_use]
    pub fn unprotected(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.unprotected.insert(name.into(), value.into());
        self
    }

    /// Leaves the payload as it is in the signing input: `b64` false, listed in `crit` (RFC 7797).
    #[must_use]
    pub fn unencoded(self) -> Self {
        self.critical(B64, false)
    }

    /// Takes the protected header octet for octet, `alg` included: to reproduce a token made elsewhere.
    /// What was set by the other methods is not protected then, and must agree.
    #[must_use]
    pub fn protected_octets(mut self, json: impl Into<Vec<u8>>) -> Self {
        self.raw = Some(json.into());
        self
    }

    /// Sets `cty` where the protected header has none.
    pub(super) fn cty_unless_set(self, cty: &str) -> Self {
        if self.protected.iter().any(|(known, _)| known == "cty") {
            self
        } else {
            self.cty(cty)
        }
    }

    /// The protected parameters, for a token of another kind.
    pub(crate) fn into_protected(self) -> Vec<(String, Value)> {
        self.protected
    }

    /// Writes the header, and reads it back as a stranger would: we never sign what we would refuse.
    pub(crate) fn ready(
        &self,
        alg: &AlgName,
        kid: Option<&str>,
    ) -> Result<ReadyHeaders, BuildError> {
        if *alg == *"none" {
            return Err(BuildError::Algorithm { alg: alg.clone() });
        }
        let json = match &self.raw {
            Some(raw) => raw.clone(),
            None => self.write(alg, kid)?,
        };
        let header =
            Header::parse(&json, Kind::Jws, &Limits::DEFAULT).map_err(|error| match error {
                HeaderError::Malformed(malformed) => BuildError::Header(malformed),
                _ => BuildError::header("header", "exceeds the limits"),
            })?;
        if header.alg() != Some(alg) {
            let named = header
                .alg()
                .cloned()
                .unwrap_or_else(|| AlgName::from_static(""));
            return Err(BuildError::Algorithm { alg: named });
        }
        let encoded = header.b64();
        if self.unprotected.contains_key("alg") {
            return Err(BuildError::header("alg", "is always protected"));
        }
        if header::written_len(&self.unprotected) > Limits::DEFAULT.header {
            return Err(BuildError::header(
                "unprotected header",
                "exceeds the limits",
            ));
        }
        Header::from_parameters(self.unprotected.clone(), Kind::Jws, Place::Unprotected)
            .and_then(|unprotected| Header::union(header, unprotected))
            .map_err(BuildError::Header)?;
        Ok(ReadyHeaders {
            alg: alg.clone(),
            segment: base64url::encode(&json),
            encoded,
            unprotected: self.unprotected.clone(),
        })
    }

    fn write(&self, alg: &AlgName, kid: Option<&str>) -> Result<Vec<u8>, BuildError> {
        let set = |name: &str| self.protected.iter().any(|(known, _)| known == name);
        let own_kid = set("kid") || self.unprotected.contains_key("kid") || self.no_kid;
        let mut json = b"{\"alg\":".to_vec();
        append(&mut json, alg.as_str())?;
        if let Some(kid) = kid.filter(|_| !own_kid) {
            json.extend_from_slice(b",\"kid\":");
            append(&mut json, kid)?;
        }
        for (name, value) in &self.protected {
            if name == "alg" {
                if *value != *alg.as_str() {
                    let named = AlgName::new(value.as_str().unwrap_or_default());
                    return Err(BuildError::Algorithm { alg: named });
                }
                continue;
            }
            json.push(b',');
            append(&mut json, name)?;
            json.push(b':');
            append(&mut json, value)?;
        }
        json.push(b'}');
        Ok(json)
    }
}

fn append<T: serde::Serialize + ?Sized>(json: &mut Vec<u8>, value: &T) -> Result<(), BuildError> {
    serde_json::to_writer(json, value).map_err(|_| {
        BuildError::Header(MalformedToken {
            what: "header",
            why: "cannot be written as JSON",
        })
    })
}
