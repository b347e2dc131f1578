//! Strict JSON: what two parsers could read differently is refused.
//!
//! A signature covers octets, and the parties must agree on what those octets say. So on top of RFC 8259:
//! no member name twice in one object, compared after unescaping, at any depth and in values that the target
//! type ignores; no lone surrogates and nothing but UTF-8; no byte order mark and nothing after the value;
//! numbers that a 64-bit integer or a finite double can hold; a limit on nesting. Member names that begin with
//! `$serde_json::private::` are refused, because `serde_json` types would take them for instructions.
//!
//! The parser is our own, because serde's data model leaves no place for these checks in another's: skipped
//! values, `RawValue` and octet strings go around them, and features that any crate of a program may turn on
//! change what arrives. It builds nothing by itself: everything, the check for duplicates included, happens in
//! one pass straight into the caller's type, and borrows from the input where it can.

mod borrowed;
mod de;
mod error;
mod name;
mod names;
mod number;
mod object;
mod parser;
mod text;

pub(crate) use borrowed::{Text, text};
pub(crate) use de::RAW_VALUE;
pub use error::JsonError;
pub(crate) use name::NameDeserializer;
pub(crate) use number::Number;
pub(crate) use object::Object;
pub(crate) use parser::{Members, Parser};
pub(crate) use text::plain_end;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Parses `bytes` into `T`, strictly.
///
/// `max_depth` is how deep objects and arrays may nest; `{}` is 1 deep.
///
/// # Errors
///
/// [`JsonError`], which says what is wrong and where.
///
/// ```
/// use bulla_core::json::{self, JsonError};
/// #[derive(Debug, serde::Deserialize)]
/// struct Greeting<'a> {
///     to: &'a str, // borrowed from the input
/// }
///
/// let greeting: Greeting = json::from_slice(br#"{"to":"world","loud":true}"#, 32)?;
/// assert_eq!(greeting.to, "world");
///
/// let twice = json::from_slice::<Greeting>(br#"{"to":"you","\u0074o":"me"}"#, 32).unwrap_err();
/// assert!(matches!(twice, JsonError::DuplicateMember { .. }));
/// # Ok::<(), JsonError>(())
/// ```
pub fn from_slice<'de, T: Deserialize<'de>>(
    bytes: &'de [u8],
    max_depth: usize,
) -> Result<T, JsonError> {
    let text = text_of(bytes)?;
    let mut parser = Parser::new(text, max_depth);
    let value = T::deserialize(&mut parser).map_err(|error| parser.locate(error))?;
    parser.end()?;
    Ok(value)
}

/// An object of any members.
pub(crate) fn object(bytes: &[u8], max_depth: usize) -> Result<Map<String, Value>, JsonError> {
    from_slice::<Object>(bytes, max_depth).map(|object| object.0)
}

/// The octets as text.
pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, JsonError> {
    core::str::from_utf8(bytes).map_err(|error| JsonError::Syntax {
        at: error.valid_up_to(),
        why: "not UTF-8",
    })
}

#[cfg(test)]
mod tests;
