//! JWK Sets (RFC 7517 §5), read key by key.

use core::fmt;
use std::borrow::Cow;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::parse::{from_json, read};
use super::print::{Field, Fields, write_set};
use super::raw::{ElementSeed, Name, Raw};
use super::soft::soft;
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
        let octets = octets.as_ref();
        let seed = SetSeed {
            limits,
            room: limits.keys.min(octets.len() / USUAL_KEY),
        };
        from_json(octets, limits, seed)?
    }

    /// Reads a set that is part of JSON parsed before, under the default [`Limits`].
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn from_value(value: &Value) -> Result<Self, KeyError> {
        let seed = SetSeed {
            limits: &Limits::DEFAULT,
            room: 0,
        };
        seed.deserialize(value).map_err(|_| NOT_A_SET)?
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

/// Reads a set from any deserializer; what is wrong with the set or a key is a value, not an error of the
/// deserializer. Each key is interpreted when it is read, so no more than one is held as text.
struct SetSeed<'l> {
    limits: &'l Limits,
    /// For how many keys to make room at once; keys are large, and moving them shows.
    room: usize,
}

/// About the octets of JSON of an elliptic curve key.
const USUAL_KEY: usize = 256;

impl<'de> DeserializeSeed<'de> for SetSeed<'_> {
    type Value = Result<JwkSet, KeyError>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for SetSeed<'_> {
    type Value = Result<JwkSet, KeyError>;

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut set = JwkSet {
            keys: Vec::with_capacity(self.room),
            ..JwkSet::default()
        };
        let mut keys = None;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            let twice = if name == "keys" {
                let seed = KeysSeed {
                    set: &mut set,
                    limits: self.limits,
                };
                keys.replace(map.next_value_seed(seed)?).is_some()
            } else {
                set.other
                    .insert(name.into_owned(), map.next_value()?)
                    .is_some()
            };
            if twice {
                // The strict reader tells first; this holds where another deserializer drives us.
                return Err(A::Error::custom("duplicate member"));
            }
        }
        let keys = keys.unwrap_or(Err(KeyError::malformed("keys", "is missing")));
        Ok(keys.map(|()| set))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Err(NOT_A_SET))
    }

    soft!(str, Err(NOT_A_SET));
}

/// Reads the value of `keys` into the set.
struct KeysSeed<'s> {
    set: &'s mut JwkSet,
    limits: &'s Limits,
}

impl<'de> DeserializeSeed<'de> for KeysSeed<'_> {
    type Value = Result<(), KeyError>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeysSeed<'_> {
    type Value = Result<(), KeyError>;

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut raw = Raw::default();
        for index in 0..self.limits.keys {
            let Some(is_object) = seq.next_element_seed(ElementSeed(&mut raw))? else {
                return Ok(Ok(()));
            };
            match read(is_object, &mut raw, self.limits) {
                Ok(key) => self.set.keys.push(key),
                Err(error) => self.set.rejected.push(RejectedKey {
                    index,
                    kid: raw
                        .text(Name::Kid)
                        .filter(|kid| kid.len() <= self.limits.kid)
                        .map(str::to_owned),
                    error,
                }),
            }
        }
        // Whether the rest is JSON still matters; what it says does not.
        let mut beyond = false;
        while seq.next_element::<IgnoredAny>()?.is_some() {
            beyond = true;
        }
        Ok(if beyond {
            Err(KeyError::LimitExceeded("the number of keys in a JWK Set"))
        } else {
            Ok(())
        })
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(NOT_AN_ARRAY)
    }

    soft!(map, NOT_AN_ARRAY);
}

const NOT_A_SET: KeyError = KeyError::malformed("a JWK Set", "is not a JSON object");
const NOT_AN_ARRAY: Result<(), KeyError> = Err(KeyError::malformed("keys", "is not an array"));

#[cfg(test)]
mod tests;
