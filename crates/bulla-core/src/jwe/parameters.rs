//! The header parameters that key management algorithms make (RFC 7518 §4.6.1, §4.7.1, §4.8.1).

use std::borrow::Cow;

use serde::Deserialize as _;
use serde_json::Value;

use crate::base64url;
use crate::header::{Header, MalformedToken};
use crate::json::{self, JsonError, Parser};
use crate::jwk::{Jwk, KeyError, PublicKey};

/// Parameters that an algorithm makes; a caller may not.
pub(super) const MADE: [&str; 7] = ["enc", "epk", "iv", "tag", "p2s", "p2c", "zip"];

#[derive(Debug)]
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
    /// What algorithms without parameters have.
    pub(super) const NONE: Self = Self {
        epk: None,
        apu: Vec::new(),
        apv: Vec::new(),
        iv: None,
        tag: None,
        p2s: None,
        p2c: None,
    };

    /// Reads what the header has, checking types whether they will be used or not.
    pub(super) fn of(header: &Header) -> Result<Option<Box<Self>>, MalformedToken> {
        if !header.has_others() {
            return Ok(None);
        }
        let mut found = Box::new(Self::NONE);
        match header.json() {
            Some(text) => found.read(text)?,
            None => {
                for (name, value) in header.parameters() {
                    found.take(name, &Parameter::of(value))?;
                }
            }
        }
        Ok(Some(found))
    }

    /// From the text, since a map of its members costs more than everything else that is done with most headers.
    fn read(&mut self, text: &str) -> Result<(), MalformedToken> {
        // It was read before and nothing was wrong with it.
        let wrong = |_: JsonError| malformed("header", "is not a JSON object in UTF-8");
        let mut parser = Parser::new(text, usize::MAX);
        let mut members = json::Members::default();
        parser.enter_object().map_err(wrong)?;
        while let Some(name) = parser.next_name(&mut members).map_err(wrong)? {
            let parameter = Parameter::next(&mut parser, text).map_err(wrong)?;
            self.take(&name, &parameter)?;
        }
        Ok(())
    }

    fn take(&mut self, name: &str, parameter: &Parameter<'_>) -> Result<(), MalformedToken> {
        match name {
            "epk" => self.epk = Some(parameter.ephemeral()?),
            "apu" => self.apu = parameter.octets("apu")?,
            "apv" => self.apv = parameter.octets("apv")?,
            "iv" => self.iv = Some(parameter.fixed("iv", "has not 96 bits")?),
            "tag" => self.tag = Some(parameter.fixed("tag", "has not 128 bits")?),
            "p2s" => {
                let salt = parameter.octets("p2s")?;
                if salt.len() < 8 {
                    return Err(malformed("p2s", "has fewer than 8 octets"));
                }
                self.p2s = Some(salt);
            }
            "p2c" => self.p2c = Some(parameter.count()?),
            _ => {}
        }
        Ok(())
    }
}

/// The value of a parameter.
enum Parameter<'p> {
    Text(Cow<'p, str>),
    /// An object, not read yet.
    Object(&'p str),
    Value(Cow<'p, Value>),
}

impl<'p> Parameter<'p> {
    fn of(value: &'p Value) -> Self {
        match value {
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            value => Self::Value(Cow::Borrowed(value)),
        }
    }

    fn next(parser: &mut Parser<'p>, text: &'p str) -> Result<Self, JsonError> {
        let start = parser.value_starts();
        Ok(match parser.peek() {
            Some(b'"') => Self::Text(parser.string()?),
            Some(b'{') => {
                parser.skip_value()?;
                Self::Object(text.get(start..parser.offset()).unwrap_or_default())
            }
            _ => Self::Value(Cow::Owned(Value::deserialize(parser)?)),
        })
    }

    /// An ephemeral public key. A private half in it is refused: it would be somebody's secret.
    fn ephemeral(&self) -> Result<PublicKey, MalformedToken> {
        let key = match self {
            Self::Object(text) => Jwk::parse(text.as_bytes()),
            Self::Value(value) => Jwk::from_value(value),
            Self::Text(_) => Err(KeyError::NotFound),
        };
        match key {
            Ok(Jwk::Public(key)) => Ok(key.into_key()),
            Ok(_) => Err(malformed("epk", "is not a public key")),
            Err(_) => Err(malformed("epk", "is not a key of a known curve")),
        }
    }

    fn octets(&self, name: &'static str) -> Result<Vec<u8>, MalformedToken> {
        base64url::decode(self.text(name)?).map_err(|_| not_base64url(name))
    }

    fn fixed<const N: usize>(
        &self,
        name: &'static str,
        why: &'static str,
    ) -> Result<[u8; N], MalformedToken> {
        self.octets(name)?
            .try_into()
            .map_err(|_| malformed(name, why))
    }

    fn text(&self, name: &'static str) -> Result<&str, MalformedToken> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(malformed(name, "is not a string")),
        }
    }

    fn count(&self) -> Result<u64, MalformedToken> {
        let number = match self {
            Self::Value(value) => value.as_number(),
            _ => None,
        };
        number
            .ok_or_else(|| malformed("p2c", "is not a number"))?
            .as_u64()
            .ok_or_else(|| malformed("p2c", "is not a positive integer"))
    }
}

const fn not_base64url(name: &'static str) -> MalformedToken {
    malformed(name, "is not base64url without padding")
}

const fn malformed(what: &'static str, why: &'static str) -> MalformedToken {
    MalformedToken { what, why }
}
