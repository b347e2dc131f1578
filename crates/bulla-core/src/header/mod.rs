//! The JOSE Header (RFC 7515 §4, RFC 7516 §4): what JWS and JWE have in common.

mod crit;
mod error;
mod parameters;
mod read;

pub(crate) use crit::{B64, check_understood};
pub(crate) use error::HeaderError;
pub use error::MalformedToken;
use parameters::Parameters;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::jwa::AlgName;
use crate::jwk::{Jwk, KeyError, PublicJwk};
use crate::key::KeyHint;
use crate::trust::Untrusted;

/// The parameters of a JOSE header (RFC 7515 §4), parsed and checked for their types.
///
/// What it says about keys is [`Untrusted`]: it was written by whoever made the token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    alg: Option<AlgName>,
    enc: Option<AlgName>,
    b64: Option<bool>,
    crit: Vec<String>,
    x5t: Option<[u8; 20]>,
    x5t_s256: Option<[u8; 32]>,
    x5c: Option<Vec<Vec<u8>>>,
    /// Looked at for every token, so not looked up for every token.
    kid: Option<Box<str>>,
    typ: Option<Box<str>>,
    cty: Option<Box<str>>,
    zip: Option<Box<str>>,
    /// Whether there are parameters for which this has no field.
    others: bool,
    parameters: Parameters,
}

/// As many members as are compared one by one.
const FEW: usize = 8;

/// What kind of token a header belongs to decides what is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Jws,
    Jwe,
}

/// Where a header stands decides what it may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Protected,
    Unprotected,
}

impl Header {
    /// The algorithm the token names; compared with the key's, never consulted.
    #[must_use]
    pub const fn alg(&self) -> Option<&AlgName> {
        self.alg.as_ref()
    }

    /// The content encryption a JWE names, [RFC 7516 §4.1.2](https://www.rfc-editor.org/rfc/rfc7516#section-4.1.2). None for a JWS.
    #[must_use]
    pub const fn enc(&self) -> Option<&AlgName> {
        self.enc.as_ref()
    }

    /// The media type of the complete token, [RFC 7515 §4.1.9](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.9).
    #[must_use]
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// The media type of the payload, [RFC 7515 §4.1.10](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.10).
    #[must_use]
    pub fn cty(&self) -> Option<&str> {
        self.cty.as_deref()
    }

    /// The compression of a JWE's content, [RFC 7516 §4.1.3](https://www.rfc-editor.org/rfc/rfc7516#section-4.1.3). None for a JWS.
    #[must_use]
    pub fn zip(&self) -> Option<&str> {
        self.zip.as_deref()
    }

    /// The key ID, [RFC 7515 §4.1.4](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.4). Opaque: a name to compare, not a path.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The names that must be understood, [RFC 7515 §4.1.11](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11). Empty where there is no `crit`.
    #[must_use]
    pub fn crit(&self) -> &[String] {
        &self.crit
    }

    /// Whether the payload is base64url-encoded in the signing input, [RFC 7797 §3](https://www.rfc-editor.org/rfc/rfc7797#section-3). True unless the header says otherwise.
    #[must_use]
    pub fn b64(&self) -> bool {
        self.b64.unwrap_or(true)
    }

    /// Where a JWK Set is said to be, [RFC 7515 §4.1.2](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.2). Never fetched by itself.
    #[must_use]
    pub fn jku(&self) -> Option<Untrusted<&str>> {
        self.text("jku").map(Untrusted::new)
    }

    /// Where a certificate chain is said to be, [RFC 7515 §4.1.5](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.5). Never fetched by itself.
    #[must_use]
    pub fn x5u(&self) -> Option<Untrusted<&str>> {
        self.text("x5u").map(Untrusted::new)
    }

    /// The key the token brought along, [RFC 7515 §4.1.3](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.3).
    ///
    /// # Errors
    ///
    /// [`KeyError`] where it is no key we can read, or is not a public one.
    pub fn jwk(&self) -> Option<Result<Untrusted<PublicJwk>, KeyError>> {
        let value = self.get("jwk")?;
        Some(match Jwk::from_value(value) {
            Ok(Jwk::Public(key)) => Ok(Untrusted::new(key)),
            Ok(_) => Err(KeyError::malformed(
                "jwk",
                "holds a private or secret key, a header has public ones",
            )),
            Err(error) => Err(error),
        })
    }

    /// The certificate chain the token brought along, DER, [RFC 7515 §4.1.6](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6).
    #[must_use]
    pub fn x5c(&self) -> Option<Untrusted<&[Vec<u8>]>> {
        self.x5c.as_deref().map(Untrusted::new)
    }

    /// SHA-1 of the certificate, [RFC 7515 §4.1.7](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.7).
    #[must_use]
    pub const fn x5t(&self) -> Option<&[u8; 20]> {
        self.x5t.as_ref()
    }

    /// SHA-256 of the certificate, [RFC 7515 §4.1.8](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.8).
    #[must_use]
    pub const fn x5t_s256(&self) -> Option<&[u8; 32]> {
        self.x5t_s256.as_ref()
    }

    /// Any parameter, registered or not.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        // A map that keeps its order hashes every name it is asked for: a few comparisons are cheaper.
        let parameters = self.parameters();
        if parameters.len() > FEW {
            return parameters.get(name);
        }
        let mut members = parameters.iter();
        members
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Every parameter, as it came.
    #[must_use]
    pub fn parameters(&self) -> &Map<String, Value> {
        self.parameters.map()
    }

    /// The JSON text that the header was read from, strict and complete; none for a header of several parts.
    pub(crate) fn json(&self) -> Option<&str> {
        self.parameters.text()
    }

    /// Whether there may be parameters that only one algorithm or application knows.
    pub(crate) const fn has_others(&self) -> bool {
        self.others
    }

    /// The JOSE Header of a JSON serialization: the union of two headers that have no name in common.
    pub(crate) fn union(protected: Self, unprotected: Self) -> Result<Self, MalformedToken> {
        if unprotected.parameters.is_empty() {
            return Ok(protected);
        }
        let mut union = protected;
        let mut parameters = core::mem::take(&mut union.parameters).into_map();
        for (name, value) in unprotected.parameters.into_map() {
            match parameters.entry(name) {
                serde_json::map::Entry::Vacant(place) => {
                    place.insert(value);
                }
                serde_json::map::Entry::Occupied(_) => {
                    return Err(MalformedToken {
                        what: "header",
                        why: "has a parameter in the protected and in the unprotected part",
                    });
                }
            }
        }
        union.parameters = Parameters::from(parameters);
        union.others |= unprotected.others;
        union.cty = union.cty.or(unprotected.cty);
        union.alg = union.alg.or(unprotected.alg);
        union.enc = union.enc.or(unprotected.enc);
        union.x5t = union.x5t.or(unprotected.x5t);
        union.x5t_s256 = union.x5t_s256.or(unprotected.x5t_s256);
        union.x5c = union.x5c.or(unprotected.x5c);
        union.kid = union.kid.or(unprotected.kid);
        union.typ = union.typ.or(unprotected.typ);
        Ok(union)
    }

    /// What the header says about the key, for choosing among bound ones.
    pub(crate) fn key_hint(&self) -> Result<KeyHint<'_>, HeaderError> {
        let alg = self
            .alg()
            .ok_or(HeaderError::malformed("alg", "is missing"))?;
        Ok(KeyHint {
            alg,
            kid: self.kid(),
            x5t: self.x5t(),
            x5t_s256: self.x5t_s256(),
            header: Some(self),
        })
    }

    /// Whether two headers say the same about the key, and want it for the same algorithm.
    pub(crate) fn names_key_as(&self, other: &Self) -> bool {
        let same = |name| self.get(name) == other.get(name);
        self.alg == other.alg
            && self.kid == other.kid
            && self.x5t == other.x5t
            && self.x5t_s256 == other.x5t_s256
            && self.x5c == other.x5c
            && ["jku", "jwk", "x5u"].into_iter().all(same)
    }

    pub(crate) fn x5c_len(&self) -> usize {
        self.x5c.as_ref().map_or(0, Vec::len)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }
}

impl Serialize for Header {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.parameters().serialize(serializer)
    }
}

/// How many octets the parameters take as JSON without blanks.
pub(crate) fn written_len(parameters: &Map<String, Value>) -> usize {
    struct Count(usize);

    impl std::io::Write for Count {
        fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
            self.0 += octets.len();
            Ok(octets.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    // Neither the counting nor the writing of a map with text for names can fail.
    let _ = serde_json::to_writer(&mut count, parameters);
    count.0
}
