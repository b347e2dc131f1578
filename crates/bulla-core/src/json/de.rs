//! The parser as serde sees it.

use std::borrow::Cow;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer as _, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::error::JsonError;
use super::name::NameDeserializer;
use super::number::Number;
use super::parser::{Members, Parser};

impl<'de> Deserializer<'de> for &mut Parser<'de> {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.peek() {
            Some(b'"') => match self.string()? {
                Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
                Cow::Owned(text) => visitor.visit_string(text),
            },
            Some(b'{') => {
                self.enter_object()?;
                let value = visitor.visit_map(Object {
                    parser: self,
                    members: Members::default(),
                })?;
                self.leave_object()?;
                Ok(value)
            }
            Some(b'[') => {
                self.enter_array()?;
                let value = visitor.visit_seq(Array {
                    parser: self,
                    first: true,
                })?;
                self.leave_array()?;
                Ok(value)
            }
            Some(b'-' | b'0'..=b'9') => match self.number()? {
                Number::Unsigned(number) => visitor.visit_u64(number),
                Number::Negative(number) => visitor.visit_i64(number),
                Number::Float(number) => visitor.visit_f64(number),
            },
            Some(b't') => {
                self.literal("true")?;
                visitor.visit_bool(true)
            }
            Some(b'f') => {
                self.literal("false")?;
                visitor.visit_bool(false)
            }
            Some(b'n') => {
                self.literal("null")?;
                visitor.visit_unit()
            }
            _ => Err(self.syntax("expected a value")),
        }
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        if let Some(number) = self.wide_integer()? {
            return visitor.visit_i128(number);
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        if let Some(number) = self.wide_integer()? {
            return visitor.visit_u128(number);
        }
        self.deserialize_any(visitor)
    }

    /// As octets, a string is its UTF-8, checked like any other.
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        if self.peek() != Some(b'"') {
            return self.deserialize_any(visitor);
        }
        match self.string()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
            Cow::Owned(text) => visitor.visit_byte_buf(text.into_bytes()),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        if self.peek() == Some(b'n') {
            self.literal("null")?;
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        if name == RAW_VALUE {
            let start = self.value_starts();
            self.skip_value()?;
            let text = self.slice(start, self.at);
            return visitor.visit_map(RawValue(Some(text)));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        match self.peek() {
            Some(b'"') => match self.string()? {
                Cow::Borrowed(text) => visitor.visit_enum(BorrowedStrDeserializer::new(text)),
                Cow::Owned(text) => visitor.visit_enum(text.into_deserializer()),
            },
            Some(b'{') => {
                self.enter_object()?;
                let mut members = Members::default();
                let Some(variant) = self.next_name(&mut members)? else {
                    return Err(JsonError::custom(
                        "an empty object where a variant should be",
                    ));
                };
                let value = visitor.visit_enum(Variant {
                    parser: self,
                    variant,
                })?;
                self.leave_object()?;
                Ok(value)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    /// Ignored values are held to the same rules.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.skip_value()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

impl<'de> Parser<'de> {
    /// The next value, if it is an integer that needs more than 64 bits and has no more than 128.
    fn wide_integer<T: core::str::FromStr>(&mut self) -> Result<Option<T>, JsonError> {
        if let Some(b'-' | b'0'..=b'9') = self.peek() {
            let start = self.at;
            if let (text, true) = self.number_text()?
                && let Ok(number) = text.parse()
            {
                return Ok(Some(number));
            }
            self.at = start;
        }
        Ok(None)
    }
}

/// The members of an object, for a visitor.
struct Object<'a, 'de> {
    parser: &'a mut Parser<'de>,
    members: Members<'de>,
}

impl<'de> MapAccess<'de> for Object<'_, 'de> {
    type Error = JsonError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, JsonError> {
        match self.parser.next_name(&mut self.members)? {
            Some(name) => seed.deserialize(NameDeserializer(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, JsonError> {
        seed.deserialize(&mut *self.parser)
    }
}

/// The elements of an array, for a visitor.
struct Array<'a, 'de> {
    parser: &'a mut Parser<'de>,
    first: bool,
}

impl<'de> SeqAccess<'de> for Array<'_, 'de> {
    type Error = JsonError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, JsonError> {
        if self.parser.next_element(&mut self.first)? {
            seed.deserialize(&mut *self.parser).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// `{"Variant": contents}`.
struct Variant<'a, 'de> {
    parser: &'a mut Parser<'de>,
    variant: Cow<'de, str>,
}

impl<'a, 'de> EnumAccess<'de> for Variant<'a, 'de> {
    type Error = JsonError;
    type Variant = Contents<'a, 'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), JsonError> {
        let variant = seed.deserialize(NameDeserializer(self.variant))?;
        Ok((variant, Contents(self.parser)))
    }
}

struct Contents<'a, 'de>(&'a mut Parser<'de>);

impl<'de> VariantAccess<'de> for Contents<'_, 'de> {
    type Error = JsonError;

    fn unit_variant(self) -> Result<(), JsonError> {
        serde::Deserialize::deserialize(self.0)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, JsonError> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, JsonError> {
        self.0.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.0.deserialize_any(visitor)
    }
}

/// How `serde_json::value::RawValue` asks for the text of a value instead of the value.
pub(crate) const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// The one member, named [`RAW_VALUE`], that `RawValue` expects to visit. The text has been checked.
struct RawValue<'de>(Option<&'de str>);

impl<'de> MapAccess<'de> for RawValue<'de> {
    type Error = JsonError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, JsonError> {
        match self.0 {
            Some(_) => seed
                .deserialize(BorrowedStrDeserializer::new(RAW_VALUE))
                .map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, JsonError> {
        seed.deserialize(BorrowedStrDeserializer::new(
            self.0.take().unwrap_or_default(),
        ))
    }
}
