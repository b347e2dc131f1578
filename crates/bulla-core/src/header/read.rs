//! Reading a header: one pass that checks every registered parameter for its type, whether it will be used or not.

use std::borrow::Cow;

use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::{Header, HeaderError, Kind, MalformedToken, Parameters, Place, crit};
use crate::base64url;
use crate::json::{self, JsonError, Parser};
use crate::jwa::AlgName;
use crate::limits::Limits;

/// Characters of a header that is decoded on the stack.
const SHORT: usize = 256;

impl Header {
    /// Reads a protected header from its decoded octets.
    pub(crate) fn parse(octets: &[u8], kind: Kind, limits: &Limits) -> Result<Self, HeaderError> {
        if octets.len() > limits.header {
            return Err(HeaderError::Limit("the header"));
        }
        let text = json::text_of(octets).map_err(not_json)?;
        let mut parser = Parser::new(text, limits.json_depth);
        let mut reading = Reading::new(kind, Place::Protected);
        let mut members = json::Members::default();
        parser.enter_object().map_err(not_json)?;
        while let Some(name) = parser.next_name(&mut members).map_err(not_json)? {
            let member = Member::next(&mut parser, &name).map_err(not_json)?;
            reading.take(&name, &member)?;
        }
        parser
            .leave_object()
            .and_then(|()| parser.end())
            .map_err(not_json)?;
        Ok(reading.finish(Parameters::from_text(text))?)
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

    /// Reads parameters that are parsed already.
    pub(crate) fn from_parameters(
        parameters: Map<String, Value>,
        kind: Kind,
        place: Place,
    ) -> Result<Self, MalformedToken> {
        let mut reading = Reading::new(kind, place);
        for (name, value) in &parameters {
            reading.take(name, &Member::of(value))?;
        }
        reading.finish(Parameters::from(parameters))
    }
}

/// A parameter's value, as much of it as its type can be told from.
enum Member<'m> {
    Text(Cow<'m, str>),
    Boolean(bool),
    Object,
    /// Arrays of the two parameters that have one; of anything else, no more than that it is something else.
    Other(Cow<'m, Value>),
}

impl<'m> Member<'m> {
    fn of(value: &'m Value) -> Self {
        match value {
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            Value::Bool(value) => Self::Boolean(*value),
            Value::Object(_) => Self::Object,
            other => Self::Other(Cow::Borrowed(other)),
        }
    }

    fn next(parser: &mut Parser<'m>, name: &str) -> Result<Self, JsonError> {
        Ok(match (parser.peek(), name) {
            (Some(b'"'), _) => Self::Text(parser.string()?),
            (Some(b't' | b'f'), _) => Self::Boolean(bool::deserialize(parser)?),
            (Some(b'{'), _) => {
                parser.skip_value()?;
                Self::Object
            }
            (_, "crit" | "x5c") => Self::Other(Cow::Owned(Value::deserialize(parser)?)),
            _ => {
                parser.skip_value()?;
                Self::Other(Cow::Owned(Value::Null))
            }
        })
    }

    fn text(&self, name: &'static str) -> Result<&str, MalformedToken> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(not_a(name, "is not a string")),
        }
    }

    fn boolean(&self, name: &'static str) -> Result<bool, MalformedToken> {
        match self {
            Self::Boolean(value) => Ok(*value),
            _ => Err(not_a(name, "is not a boolean")),
        }
    }

    fn object(&self, name: &'static str) -> Result<(), MalformedToken> {
        match self {
            Self::Object => Ok(()),
            _ => Err(not_a(name, "is not an object")),
        }
    }

    fn array(&self) -> Option<&[Value]> {
        match self {
            Self::Other(value) => value.as_array().map(Vec::as_slice),
            _ => None,
        }
    }
}

/// A header being read.
struct Reading {
    header: Header,
    crit: Option<Vec<Value>>,
    kind: Kind,
    place: Place,
}

impl Reading {
    fn new(kind: Kind, place: Place) -> Self {
        Self {
            header: Header::default(),
            crit: None,
            kind,
            place,
        }
    }

    fn take(&mut self, name: &str, member: &Member<'_>) -> Result<(), MalformedToken> {
        let header = &mut self.header;
        let owned = |name| member.text(name).map(|text| Some(text.into()));
        match (name, self.kind) {
            ("crit" | crit::B64 | "zip", _) if self.place == Place::Unprotected => {
                return Err(MalformedToken {
                    what: "unprotected header",
                    why: "holds crit, b64 or zip, which must be protected",
                });
            }
            ("typ", _) => header.typ = owned("typ")?,
            ("cty", _) => header.cty = owned("cty")?,
            ("kid", _) => header.kid = owned("kid")?,
            ("zip", Kind::Jwe) => header.zip = owned("zip")?,
            ("jku", _) => drop(member.text("jku")?),
            ("x5u", _) => drop(member.text("x5u")?),
            ("jwk", _) => member.object("jwk")?,
            ("alg", _) => header.alg = Some(AlgName::registered(member.text("alg")?)),
            ("enc", Kind::Jwe) => header.enc = Some(AlgName::registered(member.text("enc")?)),
            (crit::B64, Kind::Jws) => header.b64 = Some(member.boolean("b64")?),
            ("crit", _) => {
                let values = member.array().ok_or(not_a("crit", "is not an array"))?;
                self.crit = Some(values.to_vec());
            }
            ("x5t", _) => header.x5t = Some(digest("x5t", member)?),
            ("x5t#S256", _) => header.x5t_s256 = Some(digest("x5t#S256", member)?),
            ("x5c", _) => header.x5c = Some(chain(member)?),
            _ => header.others = true,
        }
        Ok(())
    }

    fn finish(self, parameters: Parameters) -> Result<Header, MalformedToken> {
        let mut header = self.header;
        header.parameters = parameters;
        if let Some(values) = self.crit {
            header.crit = crit::parse(values, header.parameters.map(), self.kind)?;
        }
        if header.b64 == Some(false) && !header.crit.iter().any(|name| name == crit::B64) {
            return Err(MalformedToken {
                what: "b64",
                why: "is false but not listed in crit",
            });
        }
        Ok(header)
    }
}

fn not_json(error: JsonError) -> HeaderError {
    match error {
        JsonError::TooDeep { .. } => HeaderError::Limit("the nesting of the header"),
        JsonError::DuplicateMember { .. } => {
            HeaderError::malformed("header", "has a parameter twice")
        }
        _ => HeaderError::malformed("header", "is not a JSON object in UTF-8"),
    }
}

const fn not_a(what: &'static str, why: &'static str) -> MalformedToken {
    MalformedToken { what, why }
}

fn digest<const N: usize>(
    name: &'static str,
    member: &Member<'_>,
) -> Result<[u8; N], MalformedToken> {
    base64url::decode(member.text(name)?)
        .map_err(|_| not_a(name, "is not base64url without padding"))?
        .try_into()
        .map_err(|_| not_a(name, "is not as long as its hash"))
}

fn chain(member: &Member<'_>) -> Result<Vec<Vec<u8>>, MalformedToken> {
    const NOT_TEXTS: MalformedToken = not_a("x5c", "is not an array of strings");
    let certificates = member.array().ok_or(NOT_TEXTS)?;
    if certificates.is_empty() {
        return Err(not_a("x5c", "is empty"));
    }
    certificates
        .iter()
        .map(|certificate| {
            let text = certificate.as_str().ok_or(NOT_TEXTS)?;
            // Base64 of RFC 4648 §4, with padding: the one place where JOSE does not use base64url.
            base64_simd::STANDARD
                .decode_to_vec(text)
                .map_err(|_| not_a("x5c", "is not base64 with padding"))
        })
        .collect()
}
