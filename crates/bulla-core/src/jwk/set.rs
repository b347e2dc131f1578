//! JWK Sets (RFC 7517 §5), read key by key.

use core::fmt;
use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::parse::{from_json, read};
use super::print::{Field, Fields, write_set};
use super::raw::{Element, soft};
use super::{Jwk, KeyError, PublicJwk};
use crate::limits::Limits;

/// A JWK Set. One key that is unknown or wrong does not spoil it: it is listed in [`rejected`](Self::rejected).
///
/// ```
/// use bulla_core::jwk::JwkSet;
/// let set = JwkSet::parse(br#"{"keys":[
///     {"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
///     {"kty":"Telepathy","kid":"b"}]}"#)?;
/// assert_eq!(set.keys().len(), 1);
/// assert_eq!(set.rejected()[0].kid.as_deref(), Some("b"));
/// assert_eq!(set.rejected()[0].error.code(), "jwk.unsupported");
/// # Ok::<(), bulla_core::jwk::KeyError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JwkSet {
    keys: Vec<Jwk>,
    rejected: Vec<RejectedKey>,
    other: Map<String, Value>,
}

/// An element of `keys` that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedKey {
    /// Its place in the array, from 0.
    pub index: usize,
    /// Its `kid`, where it has one that is readable and within the limit.
    pub kid: Option<String>,
    /// Why.
    pub error: KeyError,
}

impl JwkSet {
    /// Reads a set under the default [`Limits`].
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] where it is not strict JSON (a member twice, at any depth and in any key), not an
    /// object, or has no array `keys`; [`KeyError::LimitExceeded`] for more than 1,000 keys, 2 MiB or 32 levels.
    /// What is wrong with one key is no error of the set.
    pub fn parse(octets: impl AsRef<[u8]>) -> Result<Self, KeyError> {
        Self::parse_with(octets, &Limits::DEFAULT)
    }

    /// [`parse`](Self::parse) under limits of the caller's.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_with(octets: impl AsRef<[u8]>, limits: &Limits) -> Result<Self, KeyError> {
        from_json::<RawSet>(octets.as_ref(), limits)?.within(limits)
    }

    /// Reads a set that is part of JSON parsed before, under the default [`Limits`].
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn from_value(value: &Value) -> Result<Self, KeyError> {
        RawSet::deserialize(value)
            .map_err(|_| NOT_A_SET)?
            .within(&Limits::DEFAULT)
    }

    /// A set of these keys.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = impl Into<Jwk>>) -> Self {
        Self {
            keys: keys.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// Adds a key at the end.
    pub fn push(&mut self, key: impl Into<Jwk>) {
        self.keys.push(key.into());
    }

    /// The keys that could be read, in their order.
    #[must_use]
    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// The keys that could be read.
    #[must_use]
    pub fn into_keys(self) -> Vec<Jwk> {
        self.keys
    }

    /// The elements that could not.
    #[must_use]
    pub fn rejected(&self) -> &[RejectedKey] {
        &self.rejected
    }

    /// The keys of this `kid`. Several may have it (RFC 7517 §4.5).
    pub fn find<'a>(&'a self, kid: &'a str) -> impl Iterator<Item = &'a Jwk> {
        self.keys
            .iter()
            .filter(move |key| key.members().kid.as_deref() == Some(kid))
    }

    /// The members beside `keys`, kept as they came.
    #[must_use]
    pub const fn other(&self) -> &Map<String, Value> {
        &self.other
    }

    /// The set to publish: public halves, no symmetric keys, and nothing of what was rejected.
    #[must_use]
    pub fn public(&self) -> Self {
        Self::new(self.keys.iter().filter_map(|key| match key {
            Jwk::Public(key) => Some(key.clone()),
            Jwk::Private(key) => Some(key.public()),
            Jwk::Secret(_) => None,
        }))
    }

    /// The public keys in it, and no others.
    pub fn public_keys(&self) -> impl Iterator<Item = &PublicJwk> {
        self.keys.iter().filter_map(|key| match key {
            Jwk::Public(key) => Some(key),
            Jwk::Private(_) | Jwk::Secret(_) => None,
        })
    }

    /// The set as JSON text, **private and secret members included**, wiped from memory when dropped. What was
    /// rejected is not in it. [`public`](Self::public) makes the set to publish.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        let keys: Vec<Fields<'_>> = self.keys.iter().map(Jwk::fields).collect();
        let mut other = Fields::default();
        for (name, value) in &self.other {
            other.push(name, Field::Json(value));
        }
        write_set(&keys, &other)
    }
}

impl<T: Into<Jwk>> FromIterator<T> for JwkSet {
    fn from_iter<I: IntoIterator<Item = T>>(keys: I) -> Self {
        Self::new(keys)
    }
}

const NOT_A_SET: KeyError = KeyError::malformed("a JWK Set", "is not a JSON object");

/// What stood in the place of a set: each element already interpreted, so that no more than one is held as text.
enum RawSet {
    Object {
        keys: Option<Elements>,
        other: Map<String, Value>,
    },
    /// Some other JSON value.
    Other,
}

/// The value of `keys`; `None` for anything but an array.
struct Elements(Option<Vec<Result<Jwk, RejectedKey>>>);

impl RawSet {
    fn within(self, limits: &Limits) -> Result<JwkSet, KeyError> {
        let Self::Object { keys, other } = self else {
            return Err(NOT_A_SET);
        };
        let elements = keys
            .ok_or(KeyError::malformed("keys", "is missing"))?
            .0
            .ok_or(KeyError::malformed("keys", "is not an array"))?;
        if elements.len() > limits.keys {
            return Err(KeyError::LimitExceeded("the number of keys in a JWK Set"));
        }
        let mut set = JwkSet {
            keys: Vec::with_capacity(elements.len()),
            rejected: Vec::new(),
            other,
        };
        for (index, element) in elements.into_iter().enumerate() {
            let verdict = element.and_then(|key| match key.members().check_limits(limits) {
                Ok(()) => Ok(key),
                Err(error) => Err(RejectedKey {
                    index,
                    kid: key.members().kid.clone(),
                    error,
                }),
            });
            match verdict {
                Ok(key) => set.keys.push(key),
                Err(mut rejected) => {
                    rejected.kid = rejected.kid.filter(|kid| kid.len() <= limits.kid);
                    set.rejected.push(rejected);
                }
            }
        }
        Ok(set)
    }
}

impl<'de> Deserialize<'de> for RawSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SetVisitor;

        impl<'de> Visitor<'de> for SetVisitor {
            type Value = RawSet;

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawSet, A::Error> {
                let (mut keys, mut other) = (None, Map::new());
                while let Some(name) = map.next_key::<Cow<'de, str>>()? {
                    let twice = if name == "keys" {
                        keys.replace(map.next_value()?).is_some()
                    } else {
                        other.insert(name.into_owned(), map.next_value()?).is_some()
                    };
                    if twice {
                        return Err(A::Error::custom("duplicate member"));
                    }
                }
                Ok(RawSet::Object { keys, other })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawSet, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(RawSet::Other)
            }

            soft!(str, RawSet::Other);
        }

        deserializer.deserialize_any(SetVisitor)
    }
}

impl<'de> Deserialize<'de> for Elements {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ElementsVisitor;

        impl<'de> Visitor<'de> for ElementsVisitor {
            type Value = Elements;

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Elements, A::Error> {
                let mut elements = Vec::new();
                while let Some(mut element) = seq.next_element::<Element<'de>>()? {
                    elements.push(read(&mut element).map_err(|error| RejectedKey {
                        index: elements.len(),
                        kid: element.kid().map(str::to_owned),
                        error,
                    }));
                }
                Ok(Elements(Some(elements)))
            }

            fn visit_str<E>(self, _: &str) -> Result<Elements, E> {
                Ok(Elements(None))
            }

            soft!(map, Elements(None));
        }

        deserializer.deserialize_any(ElementsVisitor)
    }
}
