//! JSON values taken as what they were hoped to be, or else as nothing: no value is an error of the deserializer.

use core::fmt;
use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

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

/// A string, or `None` for any other JSON value.
pub(super) struct Text<'a>(pub(super) Option<Cow<'a, str>>);

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
pub(super) struct List<T>(Option<Vec<T>>);

impl<'a> List<Text<'a>> {
    pub(super) fn texts(self) -> Option<Vec<Cow<'a, str>>> {
        self.0?.into_iter().map(|text| text.0).collect()
    }
}

impl<'a> List<Prime<'a>> {
    pub(super) fn primes(self) -> Option<Vec<RawPrime<'a>>> {
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
pub(super) struct Prime<'a>(Option<RawPrime<'a>>);

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

/// One element of `oth`.
#[derive(Default)]
pub(super) struct RawPrime<'a> {
    pub(super) r: Option<Cow<'a, str>>,
    pub(super) d: Option<Cow<'a, str>>,
    pub(super) t: Option<Cow<'a, str>>,
}
