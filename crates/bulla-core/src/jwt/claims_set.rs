//! One pass over a payload: strictness, registered claims and the caller's own type together.

use std::borrow::Cow;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::registered::{Claim, Registered, Value};
use crate::json::{JsonError, Members, NameDeserializer, Number, Parser, RAW_VALUE};

/// Reads a claims set into `T`, and into `registered` what is registered.
///
/// Where `T` fails, `registered` holds what came before.
pub(super) fn read<'de, T: Deserialize<'de>>(
    payload: &'de str,
    max_depth: usize,
    registered: &mut Registered,
    wanted: Wanted<'_>,
) -> Result<T, JsonError> {
    let mut parser = Parser::new(payload, max_depth);
    let reader = ClaimsSet {
        parser: &mut parser,
        registered,
        wanted,
    };
    let claims = T::deserialize(reader).map_err(|error| parser.locate(error))?;
    parser.end()?;
    Ok(claims)
}

/// Names that are looked for among the members, and whether each was there.
#[derive(Default)]
pub(super) struct Wanted<'a> {
    pub(super) names: &'a [Cow<'static, str>],
    pub(super) there: &'a mut [bool],
}

impl Wanted<'_> {
    #[inline]
    fn note(&mut self, name: &str) {
        for (wanted, there) in self.names.iter().zip(&mut *self.there) {
            *there |= wanted == name;
        }
    }
}

/// The top-level object, as the caller's type sees it: like any other, but what is registered is read on the
/// way, whether that type wants it or not.
struct ClaimsSet<'a, 'de> {
    parser: &'a mut Parser<'de>,
    registered: &'a mut Registered,
    wanted: Wanted<'a>,
}

impl<'a, 'de> ClaimsSet<'a, 'de> {
    /// Reads everything for what is registered. For types that do not look at members.
    fn walk(mut self) -> Result<&'a mut Parser<'de>, JsonError> {
        self.parser.enter_object()?;
        let mut members = Members::default();
        while let Some(name) = self.parser.next_name(&mut members)? {
            self.wanted.note(&name);
            match Claim::of(&name) {
                Some(claim) => drop(self.registered.read(claim, self.parser)?),
                None => self.parser.skip_value()?,
            }
        }
        self.parser.leave_object()?;
        Ok(self.parser)
    }

    /// Reads everything for what is registered, and goes back.
    fn look_ahead(self) -> Result<&'a mut Parser<'de>, JsonError> {
        let start = self.parser.value_starts();
        let parser = self.walk()?;
        parser.rewind(start);
        Ok(parser)
    }
}

impl<'de> Deserializer<'de> for ClaimsSet<'_, 'de> {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.parser.enter_object()?;
        let claims = visitor.visit_map(ClaimsMap {
            parser: &mut *self.parser,
            members: Members::default(),
            registered: self.registered,
            wanted: self.wanted,
            next: None,
        })?;
        self.parser.leave_object()?;
        Ok(claims)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        if name == RAW_VALUE {
            return self.look_ahead()?.deserialize_newtype_struct(name, visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    /// `()` reads no claims of its own, so any set will do.
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.deserialize_ignored_any(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.deserialize_ignored_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.look_ahead()?.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.walk()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf seq tuple
        tuple_struct map struct identifier
    }
}

struct ClaimsMap<'a, 'de> {
    parser: &'a mut Parser<'de>,
    members: Members<'de>,
    registered: &'a mut Registered,
    wanted: Wanted<'a>,
    /// What the next value is.
    next: Option<Claim>,
}

impl<'de> MapAccess<'de> for ClaimsMap<'_, 'de> {
    type Error = JsonError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, JsonError> {
        let name: Cow<'de, str> = match self.parser.next_name(&mut self.members)? {
            Some(name) => name,
            None => return Ok(None),
        };
        self.wanted.note(&name);
        self.next = Claim::of(&name);
        seed.deserialize(NameDeserializer(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, JsonError> {
        let Some(claim) = self.next.take() else {
            return seed.deserialize(&mut *self.parser);
        };
        // The caller's type may want it too.
        let start = self.parser.value_starts();
        let value = self.registered.read(claim, self.parser)?;
        seed.deserialize(Known {
            parser: self.parser,
            start,
            value,
        })
    }
}

/// A registered claim that has just been read, for the caller's type.
struct Known<'a, 'de> {
    parser: &'a mut Parser<'de>,
    start: usize,
    value: Value<'de>,
}

impl<'a, 'de> Known<'a, 'de> {
    /// Goes back, for types that ask for more than the value tells.
    fn again(self) -> &'a mut Parser<'de> {
        self.parser.rewind(self.start);
        self.parser
    }
}

impl<'de> Deserializer<'de> for Known<'_, 'de> {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.value {
            Value::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Value::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Value::Number(Number::Unsigned(number)) => visitor.visit_u64(number),
            Value::Number(Number::Negative(number)) => visitor.visit_i64(number),
            Value::Number(Number::Float(number)) => visitor.visit_f64(number),
            Value::Several => self.again().deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        // A registered claim is never null.
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        if name == RAW_VALUE {
            return self.again().deserialize_newtype_struct(name, visitor);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.again().deserialize_enum(name, variants, visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.again().deserialize_bytes(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.again().deserialize_byte_buf(visitor)
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.again().deserialize_i128(visitor)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.again().deserialize_u128(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}
