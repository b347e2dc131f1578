//! The JOSE Header (RFC 7515 §4, RFC 7516 §4): what JWS and JWE have in common.

mod crit;
mod error;

pub(crate) use crit::{B64, check_understood};
pub(crate) use error::HeaderError;
pub use error::MalformedToken;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::base64url;
use crate::jwa::AlgName;
use crate::jwk::{Jwk, KeyError, PublicJwk};
use crate::key::KeyHint;
use crate::limits::Limits;
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
    /// Every parameter as it came.
    parameters: Map<String, Value>,
}

/// As many members as are compared one by one.
const FEW: usize = 8;

/// Characters of a header that is decoded on the stack.
const SHORT: usize = 256;

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
        self.text("cty")
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
        if self.parameters.len() > FEW {
            return self.parameters.get(name);
        }
        let mut members = self.parameters.iter();
        members
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Every parameter, as it came.
    #[must_use]
    pub const fn parameters(&self) -> &Map<String, Value> {
        &self.parameters
    }

    /// Reads a protected header from its decoded octets.
    pub(crate) fn parse(octets: &[u8], kind: Kind, limits: &Limits) -> Result<Self, HeaderError> {
        if octets.len() > limits.header {
            return Err(HeaderError::Limit("the header"));
        }
        let parameters =
            crate::json::object(octets, limits.json_depth).map_err(|error| match error {
                crate::json::JsonError::TooDeep { .. } => {
                    HeaderError::Limit("the nesting of the header")
                }
                crate::json::JsonError::DuplicateMember { .. } => {
                    HeaderError::malformed("header", "has a parameter twice")
                }
                _ => HeaderError::malformed("header", "is not a JSON object in UTF-8"),
            })?;
        Self::from_parameters(parameters, kind, Place::Protected).map_err(HeaderError::Malformed)
    }

    /// Reads a protected header segment.
    pub(crate) fn parse_segment(
        segment: &str,
        kind: Kind,
        limits: &Limits,
    ) -> Result<Self, HeaderError> {
        // Four characters hold three octets: what is too long is refused before it is decoded.
        if segment.len() / 4 * 3 > limits.header {
            return Err(HeaderError::Limit("the header"));
        }
        let malformed = |_| HeaderError::malformed("header", "is not base64url without padding");
        let mut short = [0; SHORT];
        if segment.len() > SHORT {
            let octets = base64url::decode(segment).map_err(malformed)?;
            return Self::parse(&octets, kind, limits);
        }
        let length = base64url::decode_to_slice(segment, &mut short).map_err(malformed)?;
        Self::parse(short.get(..length).unwrap_or_default(), kind, limits)
    }

    /// Checks the types of the registered parameters, whether they will be used or not.
    pub(crate) fn from_parameters(
        parameters: Map<String, Value>,
        kind: Kind,
        place: Place,
    ) -> Result<Self, MalformedToken> {
        let mut header = Self::default();
        let mut crit = None;
        // One pass, since looking for each registered name costs more than headers have members.
        for (name, value) in &parameters {
            match (name.as_str(), kind) {
                ("crit" | crit::B64 | "zip", _) if place == Place::Unprotected => {
                    return Err(MalformedToken {
                        what: "unprotected header",
                        why: "holds crit, b64 or zip, which must be protected",
                    });
                }
                ("typ", _) => header.typ = Some(string("typ", value)?.into()),
                ("cty", _) => drop(string("cty", value)?),
                ("kid", _) => header.kid = Some(string("kid", value)?.into()),
                ("zip", Kind::Jwe) => drop(string("zip", value)?),
                ("jku", _) => drop(string("jku", value)?),
                ("x5u", _) => drop(string("x5u", value)?),
                ("jwk", _) if !value.is_object() => return Err(not_a("object", "jwk")),
                ("alg", _) => header.alg = Some(AlgName::registered(string("alg", value)?)),
                ("enc", Kind::Jwe) => {
                    header.enc = Some(AlgName::registered(string("enc", value)?));
                }
                (crit::B64, Kind::Jws) => {
                    header.b64 = Some(value.as_bool().ok_or_else(|| not_a("boolean", "b64"))?);
                }
                ("crit", _) => crit = Some(value),
                ("x5t", _) => header.x5t = Some(octets("x5t", value)?),
                ("x5t#S256", _) => header.x5t_s256 = Some(octets("x5t#S256", value)?),
                ("x5c", _) => header.x5c = Some(chain(value)?),
                _ => {}
            }
        }
        if let Some(value) = crit {
            header.crit = crit::parse(value.clone(), &parameters, kind)?;
        }
        if header.b64 == Some(false) && !header.crit.iter().any(|name| name == crit::B64) {
            return Err(MalformedToken {
                what: "b64",
                why: "is false but not listed in crit",
            });
        }
        header.parameters = parameters;
        Ok(header)
    }

    /// The JOSE Header of a JSON serialization: the union of two headers that have no name in common.
    pub(crate) fn union(protected: Self, unprotected: Self) -> Result<Self, MalformedToken> {
        if unprotected.parameters.is_empty() {
            return Ok(protected);
        }
        let mut union = protected;
        for (name, value) in unprotected.parameters {
            match union.parameters.entry(name) {
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
        })
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
        self.parameters.serialize(serializer)
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

fn not_a(kind: &'static str, name: &'static str) -> MalformedToken {
    let why = match kind {
        "string" => "is not a string",
        "boolean" => "is not a boolean",
        "object" => "is not an object",
        _ => "is not an array of strings",
    };
    MalformedToken { what: name, why }
}

fn string<'v>(name: &'static str, value: &'v Value) -> Result<&'v str, MalformedToken> {
    value.as_str().ok_or_else(|| not_a("string", name))
}

fn octets<const N: usize>(name: &'static str, value: &Value) -> Result<[u8; N], MalformedToken> {
    let octets = base64url::decode(string(name, value)?).map_err(|_| MalformedToken {
        what: name,
        why: "is not base64url without padding",
    })?;
    octets.try_into().map_err(|_| MalformedToken {
        what: name,
        why: "is not as long as its hash",
    })
}

fn chain(value: &Value) -> Result<Vec<Vec<u8>>, MalformedToken> {
    let Value::Array(certificates) = value else {
        return Err(not_a("array", "x5c"));
    };
    if certificates.is_empty() {
        return Err(MalformedToken {
            what: "x5c",
            why: "is empty",
        });
    }
    certificates
        .iter()
        .map(|certificate| {
            let text = certificate.as_str().ok_or_else(|| not_a("array", "x5c"))?;
            // Base64 of RFC 4648 §4, with padding: the one place where JOSE does not use base64url.
            base64_simd::STANDARD
                .decode_to_vec(text)
                .map_err(|_| MalformedToken {
                    what: "x5c",
                    why: "is not base64 with padding",
                })
        })
        .collect()
}
