//! JSON of strangers, shown to people: as it came, indented, and harmless to a terminal.

use std::fmt::{self, Write as _};
use std::path::Path;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use bulla::json::JsonError;

use crate::error::{Failure, is_unsafe};
use crate::input;

/// A JSON object as its author wrote it: members in their order, none twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Members(pub(crate) Vec<(String, Value)>);

impl Members {
    /// Reads the value of a flag: JSON, or `@FILE` with JSON.
    pub(crate) fn from_flag(flag: &str, text: &str) -> Result<Self, Failure> {
        let octets = match text.strip_prefix('@') {
            Some(path) => input::read_file(Path::new(path), bulla::Limits::DEFAULT.token)?,
            None => zeroize::Zeroizing::new(text.as_bytes().to_vec()),
        };
        Self::parse(&octets).map_err(|error| {
            Failure::usage(
                format_args!("{flag}: not a JSON object: {error}"),
                "give an object such as '{\"name\":\"value\"}', or @FILE with one",
            )
        })
    }

    /// Reads strict JSON.
    pub(crate) fn parse(octets: &[u8]) -> Result<Self, JsonError> {
        bulla::json::from_slice(octets, bulla::Limits::DEFAULT.json_depth)
    }

    /// Adds a member at the end, or replaces it in its place.
    pub(crate) fn set(&mut self, name: &str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Members::default();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    // That no name stands twice is the parser's doing.
                    members.0.push((name, value));
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// `text`, which is valid JSON, with two spaces of indentation a level; numbers, order and escapes stay as they are.
///
/// Characters that a terminal would obey become escapes, so what is shown is the same JSON value.
pub(crate) fn pretty(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
            push(&mut out, character);
            continue;
        }
        match character {
            ' ' | '\t' | '\r' | '\n' => {}
            '{' | '[' => {
                out.push(character);
                while characters
                    .next_if(|next| matches!(next, ' ' | '\t' | '\r' | '\n'))
                    .is_some()
                {}
                match characters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(close) => out.push(close),
                    None => {
                        depth += 1;
                        break_line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(',');
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            '"' => {
                in_string = true;
                out.push('"');
            }
            other => push(&mut out, other),
        }
    }
    out
}

fn push(out: &mut String, character: char) {
    if is_unsafe(character) {
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    } else {
        out.push(character);
    }
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_the_same_value() {
        let text = r#" {"b":[1.0,{}, [ ] ,"a,\"{x"],"a":1e400 , "é":null}"#;
        let shown = "{\n  \"b\": [\n    1.0,\n    {},\n    [],\n    \"a,\\\"{x\"\n  ],\n  \"a\": 1e400,\n  \"é\": null\n}";
        assert_eq!(pretty(text), shown);
    }

    #[test]
    fn terminals_are_told_nothing() {
        assert_eq!(
            pretty("[\"\u{9b}2J\u{202e}\"]"),
            "[\n  \"\\u009b2J\\u202e\"\n]"
        );
    }
}
