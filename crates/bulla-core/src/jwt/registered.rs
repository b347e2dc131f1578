//! The registered claims of a claims set, found while its payload is parsed.

use std::borrow::Cow;

use serde::de::Error as _;
use smallvec::SmallVec;

use super::numeric_date::NumericDate;
use crate::json::{JsonError, Number, Parser};

/// A registered claim (RFC 7519 §4.1), in the order in which we write them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    Iss,
    Sub,
    Aud,
    Exp,
    Nbf,
    Iat,
    Jti,
}

impl Claim {
    pub(super) const ALL: [Self; 7] = [
        Self::Iss,
        Self::Sub,
        Self::Aud,
        Self::Exp,
        Self::Nbf,
        Self::Iat,
        Self::Jti,
    ];

    #[inline]
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "iss" => Self::Iss,
            "sub" => Self::Sub,
            "aud" => Self::Aud,
            "exp" => Self::Exp,
            "nbf" => Self::Nbf,
            "iat" => Self::Iat,
            "jti" => Self::Jti,
            _ => return None,
        })
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Iss => "iss",
            Self::Sub => "sub",
            Self::Aud => "aud",
            Self::Exp => "exp",
            Self::Nbf => "nbf",
            Self::Iat => "iat",
            Self::Jti => "jti",
        }
    }
}

/// The registered claims of one payload. Text stays in the payload; this knows where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registered {
    pub(super) iss: Option<Text>,
    pub(super) sub: Option<Text>,
    pub(super) jti: Option<Text>,
    /// `None`: no `aud`. Empty: an `aud` of nobody.
    pub(super) aud: Option<Audience>,
    pub(super) exp: Option<NumericDate>,
    pub(super) nbf: Option<NumericDate>,
    pub(super) iat: Option<NumericDate>,
    /// A registered claim of the wrong type. Reading stops there, but the reader's type may swallow errors.
    pub(super) invalid: Option<Claim>,
}

/// Whom a token is for: one, as a rule.
pub(super) type Audience = SmallVec<[Text; 2]>;

/// A string of the payload.
#[derive(Clone, Debug)]
pub(super) enum Text {
    /// From one offset to another.
    Span(u32, u32),
    /// Escaped in the payload, or beyond what an offset can say.
    Own(Box<str>),
}

impl Text {
    /// The string, given the payload it was found in.
    pub(super) fn resolve<'a>(&'a self, payload: &'a str) -> &'a str {
        match self {
            Self::Span(start, end) => payload
                .get(*start as usize..*end as usize)
                .unwrap_or_default(),
            Self::Own(text) => text,
        }
    }
}

impl Registered {
    pub(super) fn has(&self, claim: Claim) -> bool {
        match claim {
            Claim::Iss => self.iss.is_some(),
            Claim::Sub => self.sub.is_some(),
            Claim::Aud => self.aud.is_some(),
            Claim::Exp => self.exp.is_some(),
            Claim::Nbf => self.nbf.is_some(),
            Claim::Iat => self.iat.is_some(),
            Claim::Jti => self.jti.is_some(),
        }
    }

    /// Reads the value of a registered claim, which comes next; says what it was, so that nobody needs to read it
    /// twice.
    pub(super) fn read<'de>(
        &mut self,
        claim: Claim,
        parser: &mut Parser<'de>,
    ) -> Result<Value<'de>, JsonError> {
        let value = match (claim, parser.peek()) {
            (Claim::Aud, Some(b'[')) => {
                let several = audience(parser)?;
                self.aud = several;
                self.aud.as_ref().map(|_| Value::Several)
            }
            (Claim::Iss | Claim::Sub | Claim::Jti | Claim::Aud, Some(b'"')) => {
                let (place, text) = text(parser)?;
                match claim {
                    Claim::Iss => self.iss = Some(place),
                    Claim::Sub => self.sub = Some(place),
                    Claim::Jti => self.jti = Some(place),
                    _ => self.aud = Some(SmallVec::from_iter([place])),
                }
                Some(Value::Text(text))
            }
            (Claim::Exp | Claim::Nbf | Claim::Iat, Some(b'-' | b'0'..=b'9')) => {
                let number = parser.number()?;
                let date = NumericDate::from_number(number);
                match claim {
                    Claim::Exp => self.exp = date,
                    Claim::Nbf => self.nbf = date,
                    _ => self.iat = date,
                }
                date.map(|_| Value::Number(number))
            }
            _ => None,
        };
        value.ok_or_else(|| {
            self.invalid = Some(claim);
            JsonError::custom("a registered claim of the wrong type")
        })
    }
}

/// What the value of a registered claim was.
pub(super) enum Value<'de> {
    Text(Cow<'de, str>),
    Number(Number),
    /// An array of audiences.
    Several,
}

/// Reads a string; says where it is, and what.
fn text<'de>(parser: &mut Parser<'de>) -> Result<(Text, Cow<'de, str>), JsonError> {
    let start = parser.offset() + 1;
    let text = parser.string()?;
    let place = match &text {
        Cow::Borrowed(text) => match (u32::try_from(start), u32::try_from(start + text.len())) {
            (Ok(start), Ok(end)) => Text::Span(start, end),
            _ => Text::Own((*text).into()),
        },
        Cow::Owned(text) => Text::Own(text.as_str().into()),
    };
    Ok((place, text))
}

/// Reads an array of strings (RFC 7519 §4.1.3); none where it holds something else.
fn audience(parser: &mut Parser<'_>) -> Result<Option<Audience>, JsonError> {
    let mut audience = Audience::new();
    parser.enter_array()?;
    let mut first = true;
    while parser.next_element(&mut first)? {
        if parser.peek() != Some(b'"') {
            return Ok(None);
        }
        audience.push(text(parser)?.0);
    }
    parser.leave_array()?;
    Ok(Some(audience))
}
