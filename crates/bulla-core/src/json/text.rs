//! Strings (RFC 8259 §7).

use std::borrow::Cow;

use super::error::JsonError;
use super::parser::Parser;

impl<'de> Parser<'de> {
    /// Reads a string whose opening quote is next; borrowed unless something in it is escaped.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Cow<'de, str>, JsonError> {
        let start = self.at + 1;
        if self.plain_string() {
            return Ok(Cow::Borrowed(self.slice(start, self.at - 1)));
        }
        let mut text = String::from(self.slice(start, self.at));
        self.unescape(Some(&mut text))?;
        Ok(Cow::Owned(text))
    }

    /// Reads a string whose opening quote is next, as strictly, without keeping it.
    #[inline]
    pub(super) fn skip_string(&mut self) -> Result<(), JsonError> {
        if self.plain_string() {
            return Ok(());
        }
        self.unescape(None)
    }

    /// Goes behind a string in which nothing is escaped, or to what is special in it.
    #[inline]
    fn plain_string(&mut self) -> bool {
        self.at += 1;
        self.skip_plain();
        let plain = self.octet() == Some(b'"');
        self.at += usize::from(plain);
        plain
    }

    /// Reads the rest of a string, from the first character in it that is special.
    #[cold]
    fn unescape(&mut self, mut text: Option<&mut String>) -> Result<(), JsonError> {
        loop {
            let character = match self.octet() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escaped()?,
                _ => return Err(self.syntax("a control character in a string")),
            };
            let start = self.at;
            self.skip_plain();
            if let Some(text) = &mut text {
                text.push(character);
                text.push_str(self.slice(start, self.at));
            }
        }
    }

    #[inline]
    fn skip_plain(&mut self) {
        self.at = plain_end(self.text, self.at);
    }

    /// Reads an escape sequence whose backslash is next.
    fn escaped(&mut self) -> Result<char, JsonError> {
        self.at += 1;
        let character = match self.octet() {
            Some(character @ (b'"' | b'\\' | b'/')) => char::from(character),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.syntax("an escape sequence that JSON does not have")),
        };
        self.at += 1;
        Ok(character)
    }

    /// Reads `uXXXX`, and the other half where that is a surrogate.
    fn unicode(&mut self) -> Result<char, JsonError> {
        const LONE: &str = "a surrogate without its other half";
        let unit = self.unit()?;
        let code = match unit {
            0xd800..=0xdbff => {
                if !self.rest().starts_with(b"\\u") {
                    return Err(self.syntax(LONE));
                }
                self.at += 1;
                let low = self.unit()?;
                if !(0xdc00..=0xdfff).contains(&low) {
                    return Err(self.syntax(LONE));
                }
                0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
            }
            _ => unit,
        };
        char::from_u32(code).ok_or_else(|| self.syntax(LONE))
    }

    /// Reads `uXXXX`.
    fn unit(&mut self) -> Result<u32, JsonError> {
        let mut unit = 0;
        for _ in 0..4 {
            self.at += 1;
            let digit = self
                .octet()
                .and_then(|octet| char::from(octet).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.syntax("an escape sequence that JSON does not have"));
            };
            unit = (unit << 4) | digit;
        }
        self.at += 1;
        Ok(unit)
    }
}

/// The offset, from one in `text` on, of the next quote, backslash or control character, or of the end.
#[inline]
pub(crate) fn plain_end(text: &str, from: usize) -> usize {
    let mut at = from;
    let mut rest = text.as_bytes().get(from..).unwrap_or_default();
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let special = specials(u64::from_le_bytes(*chunk));
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += chunk.len();
        rest = after;
    }
    let plain = |octet: &&u8| **octet >= b' ' && **octet != b'"' && **octet != b'\\';
    at + rest.iter().take_while(plain).count()
}

/// Sets the high bit of each octet that is a quote, a backslash or below space.
///
/// A borrow may mark octets above a marked one by mistake, never below: only the lowest mark counts.
#[inline]
const fn specials(chunk: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    let quote = chunk ^ (ONES * b'"' as u64);
    let backslash = chunk ^ (ONES * b'\\' as u64);
    let below_space = chunk.wrapping_sub(ONES * b' ' as u64) & !chunk;
    let is_quote = quote.wrapping_sub(ONES) & !quote;
    let is_backslash = backslash.wrapping_sub(ONES) & !backslash;
    (below_space | is_quote | is_backslash) & HIGH
}
