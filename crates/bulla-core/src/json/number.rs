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
    pub(crate) fn number(&mut self) -> Result<Number, JsonError> {
        let (text, whole) = self.number_text()?;
        if whole && text.len() < SAFE_DIGITS {
            // Cannot overflow, which the general way has to look out for at every digit.
            let magnitude = |digits: &str| {
                digits
                    .bytes()
                    .fold(0, |sum: u64, digit| sum * 10 + u64::from(digit - b'0'))
            };
            match text.strip_prefix('-') {
                None => return Ok(Number::Unsigned(magnitude(text))),
                Some("0") => return Ok(Number::Float(-0.0)),
                Some(digits) => {
                    let negative = i64::try_from(magnitude(digits)).map_or(i64::MIN, |n| -n);
                    return Ok(Number::Negative(negative));
                }
            }
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

/// Shorter than this fits in an `i64` whatever the digits.
const SAFE_DIGITS: usize = 19;
