//! A JWK as its JSON text has it: the members found, none interpreted.
//!
//! Read in one pass, without a `serde_json::Value` a key, and *softly*: a member of the wrong JSON type is
//! noted, not raised, so that one bad key cannot end the reading of the set it stands in.

use core::fmt;
use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::KeyError;
use crate::base64url;

/// The visitor methods of the JSON types that were not hoped for: they yield `$value`.
macro_rules! soft {
    (str, $value:expr) => {
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok($value)
        }
        soft!($value);
    };
    (map, $value:expr) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($value)
        }
        soft!($value);
    };
    ($value:expr) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON value")
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok($value)
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($value)
        }
    };
}

pub(super) use soft;

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

/// What stood in the place of a key. Short-lived and on the stack, so its size is no matter.
#[allow(
    clippy::large_enum_variant,
    reason = "a box for every key of a set would cost more"
)]
pub(super) enum Element<'a> {
    Object(Raw<'a>),
    /// Some other JSON value.
    Other,
}

/// The members of a JSON object that ought to be a JWK.
#[derive(Default)]
pub(super) struct Raw<'a> {
    texts: [Option<Cow<'a, str>>; NAMES.len()],
    pub(super) key_ops: Option<Vec<Cow<'a, str>>>,
    pub(super) x5c: Option<Vec<Cow<'a, str>>>,
    pub(super) oth: Option<Vec<RawPrime<'a>>>,
    pub(super) other: Map<String, Value>,
    /// The first member of the wrong JSON type.
    wrong: Option<KeyError>,
}

/// One element of `oth`.
#[derive(Default)]
pub(super) struct RawPrime<'a> {
    pub(super) r: Option<Cow<'a, str>>,
    pub(super) d: Option<Cow<'a, str>>,
    pub(super) t: Option<Cow<'a, str>>,
}

impl Element<'_> {
    /// Whose key it is, where that can be read.
    pub(super) fn kid(&self) -> Option<&str> {
        match self {
            Self::Object(raw) => raw.text(Name::Kid),
            Self::Other => None,
        }
    }
}

impl<'a> Raw<'a> {
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

impl<'de> Deserialize<'de> for Element<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ElementVisitor;

        impl<'de> Visitor<'de> for ElementVisitor {
            type Value = Element<'de>;

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut raw = Raw::default();
                while let Some(key) = map.next_key()? {
                    raw.read_member(key, &mut map)?;
                }
                Ok(Element::Object(raw))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Element::Other)
            }

            soft!(str, Element::Other);
        }

        deserializer.deserialize_any(ElementVisitor)
    }
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
        Some(match name {
            "key_ops" => Self::Operations,
            "x5c" => Self::X5c,
            "oth" => Self::Oth,
            "kty" => Self::Text(Name::Kty),
            "use" => Self::Text(Name::Use),
            "kid" => Self::Text(Name::Kid),
            "alg" => Self::Text(Name::Alg),
            "crv" => Self::Text(Name::Crv),
            "x" => Self::Text(Name::X),
            "y" => Self::Text(Name::Y),
            "d" => Self::Text(Name::D),
            "n" => Self::Text(Name::N),
            "e" => Self::Text(Name::E),
            "p" => Self::Text(Name::P),
            "q" => Self::Text(Name::Q),
            "dp" => Self::Text(Name::Dp),
            "dq" => Self::Text(Name::Dq),
            "qi" => Self::Text(Name::Qi),
            "k" => Self::Text(Name::K),
            "pub" => Self::Text(Name::Pub),
            "priv" => Self::Text(Name::Priv),
            "x5u" => Self::Text(Name::X5u),
            "x5t" => Self::Text(Name::X5t),
            "x5t#S256" => Self::Text(Name::X5tS256),
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

/// A string, or `None` for any other JSON value.
struct Text<'a>(Option<Cow<'a, str>>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Some(Cow::Borrowed(text))))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Some(Cow::Owned(text.to_owned()))))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text<'de>, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Text(None))
            }

            soft!(map, Text(None));
        }

        deserializer.deserialize_any(TextVisitor)
    }
}

/// An array, or `None` for any other JSON value.
struct List<T>(Option<Vec<T>>);

impl<'a> List<Text<'a>> {
    fn texts(self) -> Option<Vec<Cow<'a, str>>> {
        self.0?.into_iter().map(|text| text.0).collect()
    }
}

impl<'a> List<Prime<'a>> {
    fn primes(self) -> Option<Vec<RawPrime<'a>>> {
        self.0?.into_iter().map(|prime| prime.0).collect()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor<T>(core::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
            type Value = List<T>;

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(element) = seq.next_element()? {
                    list.push(element);
                }
                Ok(List(Some(list)))
            }

            fn visit_str<E>(self, _: &str) -> Result<List<T>, E> {
                Ok(List(None))
            }

            soft!(map, List(None));
        }

        deserializer.deserialize_any(ListVisitor(core::marker::PhantomData))
    }
}

/// An object whose `r`, `d` and `t` are strings, or `None` for any other JSON value.
struct Prime<'a>(Option<RawPrime<'a>>);

impl<'de> Deserialize<'de> for Prime<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PrimeVisitor;

        impl<'de> Visitor<'de> for PrimeVisitor {
            type Value = Prime<'de>;

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Prime<'de>, A::Error> {
                let mut prime = RawPrime::default();
                let mut sound = true;
                while let Some(name) = map.next_key::<Cow<'de, str>>()? {
                    let slot = match &*name {
                        "r" => &mut prime.r,
                        "d" => &mut prime.d,
                        "t" => &mut prime.t,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                    let value = map.next_value::<Text<'de>>()?.0;
                    sound &= value.is_some() && slot.is_none();
                    *slot = value;
                }
                Ok(Prime(sound.then_some(prime)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Prime<'de>, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Prime(None))
            }

            soft!(str, Prime(None));
        }

        deserializer.deserialize_any(PrimeVisitor)
    }
}
