//! Numbers (RFC 8259 §6).

use super::error::JsonError;
use super::parser::Parser;

/// A number as serde's data model has them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Unsigned(u64),
    Negative(i64),
    /// Finite. Everything with a fraction or an exponent, and integers that 64 bits cannot hold.
    Float(f64),
}

impl<'de> Parser<'de> {
    /// Reads a number whose sign or first digit is next.
    #[inline]
    pub(crate) fn number(&mut self) -> Result<Number, JsonError> {
        let start = self.at;
        let first = self.octet();
        let mut magnitude = 0_u64;
        while let Some(digit @ b'0'..=b'9') = self.octet() {
            magnitude = magnitude
                .wrapping_mul(10)
                .wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        let plain = !matches!(self.octet(), Some(b'.' | b'e' | b'E'));
        // Nearly every number there is: digits that do not begin with zero and cannot overflow.
        if plain && first != Some(b'0') && (1..SAFE_DIGITS).contains(&(self.at - start)) {
            return Ok(Number::Unsigned(magnitude));
        }
        self.at = start;
        self.any_number()
    }

    fn any_number(&mut self) -> Result<Number, JsonError> {
        let (text, whole) = self.number_text()?;
        if text == "-0" {
            return Ok(Number::Float(-0.0));
        }
        if whole {
            if let Ok(number) = text.parse() {
                return Ok(Number::Unsigned(number));
            }
            if let Ok(number) = text.parse() {
                return Ok(Number::Negative(number));
            }
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Number::Float(number)),
            _ => {
                self.at -= text.len();
                Err(self.syntax("a number beyond what a double can hold"))
            }
        }
    }

    /// Reads the text of a number, and whether it is an integer's.
    pub(super) fn number_text(&mut self) -> Result<(&'de str, bool), JsonError> {
        let start = self.at;
        if self.octet() == Some(b'-') {
            self.at += 1;
        }
        match self.octet() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if let Some(b'0'..=b'9') = self.octet() {
            return Err(self.syntax("a number that starts with a superfluous zero"));
        }
        let mut whole = true;
        if self.octet() == Some(b'.') {
            self.at += 1;
            whole = false;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.octet() {
            self.at += 1;
            whole = false;
            if let Some(b'+' | b'-') = self.octet() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok((self.slice(start, self.at), whole))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let digits = self
            .rest()
            .iter()
            .take_while(|octet| octet.is_ascii_digit())
            .count();
        if digits == 0 {
            return Err(self.syntax("expected a digit"));
        }
        self.at += digits;
        Ok(())
    }
}

/// Fewer fit 64 bits whatever they are.
const SAFE_DIGITS: usize = 19;
