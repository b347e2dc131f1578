//! A JWK as its JSON text has it: the members found, none interpreted.
//!
//! Read in one pass, without a `serde_json::Value` a key, and *softly*: a member of the wrong JSON type is
//! noted, not raised, so that one bad key cannot end the reading of the set it stands in.

use core::fmt;
use std::borrow::Cow;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::{Map, Value};

use super::KeyError;
use super::soft::{List, Prime, RawPrime, Text, soft};
use crate::base64url;

/// The registered members whose value is a string.
#[derive(Clone, Copy)]
pub(super) enum Name {
    Kty,
    Use,
    Kid,
    Alg,
    Crv,
    X,
    Y,
    D,
    N,
    E,
    P,
    Q,
    Dp,
    Dq,
    Qi,
    K,
    Pub,
    Priv,
    X5u,
    X5t,
    X5tS256,
}

/// In the order of [`Name`].
const NAMES: [&str; 21] = [
    "kty", "use", "kid", "alg", "crv", "x", "y", "d", "n", "e", "p", "q", "dp", "dq", "qi", "k",
    "pub", "priv", "x5u", "x5t", "x5t#S256",
];

impl Name {
    pub(super) fn as_str(self) -> &'static str {
        NAMES.get(self as usize).copied().unwrap_or_default()
    }
}

/// The members of a JSON object that ought to be a JWK.
#[derive(Default)]
pub(super) struct Raw<'a> {
    texts: [Option<Cow<'a, str>>; NAMES.len()],
    /// A bit for each text that is present, so that clearing touches no others.
    present: u32,
    pub(super) key_ops: Option<Vec<Cow<'a, str>>>,
    pub(super) x5c: Option<Vec<Cow<'a, str>>>,
    pub(super) oth: Option<Vec<RawPrime<'a>>>,
    pub(super) other: Map<String, Value>,
    /// The first member of the wrong JSON type.
    wrong: Option<KeyError>,
}

impl<'a> Raw<'a> {
    fn clear(&mut self) {
        while self.present != 0 {
            let lowest = self.present.trailing_zeros() as usize;
            if let Some(text) = self.texts.get_mut(lowest) {
                *text = None;
            }
            self.present &= self.present - 1;
        }
        self.key_ops = None;
        self.x5c = None;
        self.oth = None;
        self.other.clear();
        self.wrong = None;
    }

    /// The first member of the wrong JSON type, as an error.
    pub(super) fn check_types(&mut self) -> Result<(), KeyError> {
        self.wrong.take().map_or(Ok(()), Err)
    }

    pub(super) fn has(&self, name: Name) -> bool {
        self.text(name).is_some()
    }

    pub(super) fn text(&self, name: Name) -> Option<&str> {
        self.texts.get(name as usize)?.as_deref()
    }

    pub(super) fn required_text(&self, name: Name) -> Result<&str, KeyError> {
        self.text(name).ok_or_else(|| missing(name.as_str()))
    }

    pub(super) fn octets(&self, name: Name) -> Result<Option<Vec<u8>>, KeyError> {
        self.text(name)
            .map(|text| octets(name.as_str(), text))
            .transpose()
    }

    pub(super) fn required_octets(&self, name: Name) -> Result<Vec<u8>, KeyError> {
        octets(name.as_str(), self.required_text(name)?)
    }

    pub(super) fn required_integer(&self, name: Name) -> Result<Vec<u8>, KeyError> {
        integer(name.as_str(), self.text(name))
    }
}

pub(super) fn octets(member: &'static str, text: &str) -> Result<Vec<u8>, KeyError> {
    base64url::decode(text)
        .map_err(|_| KeyError::malformed(member, "is not base64url without padding (RFC 7515 §2)"))
}

/// `Base64urlUInt` (RFC 7518 §2): the fewest octets that hold the number. A leading zero octet, the sign octet
/// of a careless writer, is refused: one key has one text, so one thumbprint.
pub(super) fn integer(member: &'static str, text: Option<&str>) -> Result<Vec<u8>, KeyError> {
    let octets = octets(member, text.ok_or_else(|| missing(member))?)?;
    match octets.first() {
        None => Err(KeyError::malformed(member, "is empty")),
        Some(0) => Err(KeyError::malformed(
            member,
            "starts with a zero octet, which a Base64urlUInt must not (RFC 7518 §2)",
        )),
        Some(_) => Ok(octets),
    }
}

fn missing(member: &'static str) -> KeyError {
    KeyError::malformed(member, "is missing")
}

pub(super) fn is_registered(name: &str) -> bool {
    Key::registered(name).is_some()
}

const NOT_TEXT: &str = "is not a string";
const NOT_TEXTS: &str = "is not an array of strings";

/// Reads an element into a [`Raw`] that is used again for the next one, and says whether it was an object.
pub(super) struct ElementSeed<'r, 'a>(pub(super) &'r mut Raw<'a>);

impl<'de> DeserializeSeed<'de> for ElementSeed<'_, 'de> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.0.clear();
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ElementSeed<'_, 'de> {
    type Value = bool;

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while let Some(key) = map.next_key()? {
            self.0.read_member(key, &mut map)?;
        }
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    soft!(str, false);
}

impl<'de> Raw<'de> {
    fn read_member<A: MapAccess<'de>>(
        &mut self,
        key: Key<'de>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let (member, why, twice) = match key {
            Key::Text(name) => {
                let Some(slot) = self.texts.get_mut(name as usize) else {
                    return Ok(());
                };
                let twice = slot.is_some();
                *slot = map.next_value::<Text<'de>>()?.0;
                self.present |= 1 << name as u32;
                let wrong = slot.is_none().then_some(NOT_TEXT);
                (name.as_str(), wrong, twice)
            }
            Key::Operations => {
                let twice = self.key_ops.is_some();
                self.key_ops = map.next_value::<List<Text<'de>>>()?.texts();
                let wrong = self.key_ops.is_none().then_some(NOT_TEXTS);
                ("key_ops", wrong, twice)
            }
            Key::X5c => {
                let twice = self.x5c.is_some();
                self.x5c = map.next_value::<List<Text<'de>>>()?.texts();
                let wrong = self.x5c.is_none().then_some(NOT_TEXTS);
                ("x5c", wrong, twice)
            }
            Key::Oth => {
                let twice = self.oth.is_some();
                self.oth = map.next_value::<List<Prime<'de>>>()?.primes();
                let wrong = self
                    .oth
                    .is_none()
                    .then_some("is not an array of objects that hold strings");
                ("oth", wrong, twice)
            }
            Key::Other(name) => {
                let value = map.next_value::<Value>()?;
                let twice = self.other.insert(name.into_owned(), value).is_some();
                ("a member", None, twice)
            }
        };
        if twice {
            // The strict reader tells first; this holds where another deserializer drives us.
            return Err(A::Error::custom("duplicate member"));
        }
        if let Some(why) = why {
            self.wrong
                .get_or_insert_with(|| KeyError::malformed(member, why));
        }
        Ok(())
    }
}

/// The name of a member.
enum Key<'a> {
    Text(Name),
    Operations,
    X5c,
    Oth,
    Other(Cow<'a, str>),
}

impl Key<'_> {
    fn registered(name: &str) -> Option<Self> {
        // As octets, which compile to a tree of comparisons and not to a list of them.
        Some(match name.as_bytes() {
            b"key_ops" => Self::Operations,
            b"x5c" => Self::X5c,
            b"oth" => Self::Oth,
            b"kty" => Self::Text(Name::Kty),
            b"use" => Self::Text(Name::Use),
            b"kid" => Self::Text(Name::Kid),
            b"alg" => Self::Text(Name::Alg),
            b"crv" => Self::Text(Name::Crv),
            b"x" => Self::Text(Name::X),
            b"y" => Self::Text(Name::Y),
            b"d" => Self::Text(Name::D),
            b"n" => Self::Text(Name::N),
            b"e" => Self::Text(Name::E),
            b"p" => Self::Text(Name::P),
            b"q" => Self::Text(Name::Q),
            b"dp" => Self::Text(Name::Dp),
            b"dq" => Self::Text(Name::Dq),
            b"qi" => Self::Text(Name::Qi),
            b"k" => Self::Text(Name::K),
            b"pub" => Self::Text(Name::Pub),
            b"priv" => Self::Text(Name::Priv),
            b"x5u" => Self::Text(Name::X5u),
            b"x5t" => Self::Text(Name::X5t),
            b"x5t#S256" => Self::Text(Name::X5tS256),
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a member")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key::registered(name).unwrap_or(Key::Other(Cow::Borrowed(name))))
            }

            fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key::registered(name).unwrap_or_else(|| Key::Other(Cow::Owned(name.into()))))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}
