use std::borrow::Cow;

use serde::de::Error as _;

use super::error::JsonError;
use super::names::Names;
use super::text::plain_end;

/// A place in a JSON text, moving forward.
pub(crate) struct Parser<'de> {
    pub(super) text: &'de str,
    pub(super) at: usize,
    depth_left: usize,
    /// The text was found to be wrong. A target type may swallow the error; [`end`](Self::end) remembers.
    failed: bool,
}

/// An object being read: what stands between its braces. It is large; make it where it stays.
#[derive(Default)]
pub(crate) struct Members<'de> {
    names: Names<'de>,
    begun: bool,
}

impl<'de> Parser<'de> {
    pub(crate) const fn new(text: &'de str, max_depth: usize) -> Self {
        Self {
            text,
            at: 0,
            depth_left: max_depth,
            failed: false,
        }
    }

    /// The offset of the next value; returning to it with [`rewind`](Self::rewind) reads the value again.
    pub(crate) fn value_starts(&mut self) -> usize {
        self.skip_whitespace();
        self.at
    }

    pub(crate) const fn rewind(&mut self, to: usize) {
        self.at = to;
    }

    /// The offset reached.
    pub(crate) const fn offset(&self) -> usize {
        self.at
    }

    /// Nothing but whitespace may follow, and nothing may have been wrong.
    pub(crate) fn end(&mut self) -> Result<(), JsonError> {
        if self.failed {
            return Err(self.syntax("not strict JSON"));
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.syntax("something follows the value")),
        }
    }

    /// The next octet that is not whitespace; it stays the next.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        self.skip_whitespace();
        self.octet()
    }

    /// Enters an object, if one is next.
    #[inline]
    pub(crate) fn enter_object(&mut self) -> Result<(), JsonError> {
        if self.peek() != Some(b'{') {
            return Err(self.syntax("expected an object"));
        }
        self.enter()
    }

    /// The next member's name, not seen before in this object; none at the object's end.
    #[inline]
    pub(crate) fn next_name(
        &mut self,
        members: &mut Members<'de>,
    ) -> Result<Option<Cow<'de, str>>, JsonError> {
        match self.next_plain_name(members) {
            Some(name) => Ok(Some(Cow::Borrowed(name))),
            None => self.next_any_name(members),
        }
    }

    /// As [`next_any_name`](Self::next_any_name), for what nearly every name is: unescaped, new, and with no blanks
    /// around it. None, with nothing done, where it is not.
    #[inline]
    fn next_plain_name(&mut self, members: &mut Members<'de>) -> Option<&'de str> {
        let start = match self.rest() {
            [b',', b'"', ..] if members.begun => self.at + 2,
            [b'"', ..] if !members.begun => self.at + 1,
            _ => return None,
        };
        let end = plain_end(self.text, start);
        let Some([b'"', b':', ..]) = self.text.as_bytes().get(end..) else {
            return None;
        };
        let name = self.slice(start, end);
        if name.len() >= SERDE_JSON_PRIVATE.len() || !members.names.insert_plain(name) {
            return None;
        }
        members.begun = true;
        self.at = end + 2;
        Some(name)
    }

    fn next_any_name(
        &mut self,
        members: &mut Members<'de>,
    ) -> Result<Option<Cow<'de, str>>, JsonError> {
        match self.peek() {
            Some(b'}') => return Ok(None),
            Some(b',') if members.begun => {
                self.at += 1;
                self.skip_whitespace();
            }
            Some(_) if !members.begun => members.begun = true,
            _ => return Err(self.syntax("expected a comma or the end of the object")),
        }
        if self.octet() != Some(b'"') {
            return Err(self.syntax("expected a member name"));
        }
        let name = self.string()?;
        if name.starts_with(SERDE_JSON_PRIVATE) {
            return Err(self.syntax("a member name that serde_json keeps to itself"));
        }
        if !members.names.insert(name.clone()) {
            self.failed = true;
            return Err(JsonError::duplicate(&name));
        }
        if self.peek() != Some(b':') {
            return Err(self.syntax("expected a colon"));
        }
        self.at += 1;
        Ok(Some(name))
    }

    /// Leaves an object whose members were all read.
    #[inline]
    pub(crate) fn leave_object(&mut self) -> Result<(), JsonError> {
        self.leave(b'}')
    }

    pub(crate) fn enter_array(&mut self) -> Result<(), JsonError> {
        self.enter()
    }

    /// Whether another element follows in the array; `first` says whether it would be the first.
    pub(crate) fn next_element(&mut self, first: &mut bool) -> Result<bool, JsonError> {
        match self.peek() {
            Some(b']') => return Ok(false),
            Some(b',') if !*first => {
                self.at += 1;
                if self.peek() == Some(b']') {
                    return Err(self.syntax("expected a value"));
                }
            }
            Some(_) if *first => *first = false,
            _ => return Err(self.syntax("expected a comma or the end of the array")),
        }
        Ok(true)
    }

    pub(crate) fn leave_array(&mut self) -> Result<(), JsonError> {
        self.leave(b']')
    }

    /// Reads the next value without keeping it, as strictly as any.
    pub(crate) fn skip_value(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            Some(b'{') => {
                self.enter_object()?;
                let mut members = Members::default();
                while self.next_name(&mut members)?.is_some() {
                    self.skip_value()?;
                }
                self.leave_object()
            }
            Some(b'[') => {
                self.enter_array()?;
                let mut first = true;
                while self.next_element(&mut first)? {
                    self.skip_value()?;
                }
                self.leave_array()
            }
            Some(b'"') => self.skip_string(),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            _ => Err(self.syntax("expected a value")),
        }
    }

    pub(super) fn literal(&mut self, literal: &str) -> Result<(), JsonError> {
        if !self.rest().starts_with(literal.as_bytes()) {
            return Err(self.syntax("expected a value"));
        }
        self.at += literal.len();
        Ok(())
    }

    /// Says where the target type gave up.
    pub(crate) fn locate(&self, error: JsonError) -> JsonError {
        match error {
            JsonError::WrongType { message, .. } => JsonError::WrongType {
                at: self.at,
                message,
            },
            other => other,
        }
    }

    #[cold]
    pub(super) fn syntax(&mut self, why: &'static str) -> JsonError {
        self.failed = true;
        let why = match self.octet() {
            None => "ends too early",
            Some(_) if self.at == 0 && self.text.starts_with('\u{feff}') => {
                "starts with a byte order mark"
            }
            Some(_) => why,
        };
        JsonError::Syntax { at: self.at, why }
    }

    #[inline]
    pub(super) fn octet(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    pub(super) fn rest(&self) -> &'de [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The text from one offset to another. Both lie beside ASCII, so the fallback is never taken.
    #[inline]
    pub(super) fn slice(&self, from: usize, to: usize) -> &'de str {
        self.text.get(from..to).unwrap_or_default()
    }

    #[inline]
    fn skip_whitespace(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.octet() {
            self.at += 1;
        }
    }

    #[inline]
    fn enter(&mut self) -> Result<(), JsonError> {
        match self.depth_left.checked_sub(1) {
            Some(left) => {
                self.depth_left = left;
                self.at += 1;
                Ok(())
            }
            None => {
                self.failed = true;
                Err(JsonError::TooDeep { at: self.at })
            }
        }
    }

    #[inline]
    fn leave(&mut self, closing: u8) -> Result<(), JsonError> {
        match self.peek() {
            Some(octet) if octet == closing => {}
            Some(b',') => {
                self.failed = true;
                return Err(JsonError::custom("more members or elements than expected"));
            }
            _ => return Err(self.syntax("expected a comma or the end of the object or array")),
        }
        self.at += 1;
        self.depth_left += 1;
        Ok(())
    }
}

/// Names with which `serde_json` marks its own types; in a text they would be taken for those.
const SERDE_JSON_PRIVATE: &str = "$serde_json::private::";
