//! Writing a claims set: registered members first, the caller's spliced in, then read back as a stranger would.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::{Error as _, IgnoredAny};

use super::claims_set::{self, Wanted};
use super::error::IssueError;
use super::numeric_date::NumericDate;
use super::registered::{Claim, Registered};
use crate::json::{self, JsonError};
use crate::limits::Limits;

/// Whom a token is for; one needs no allocation.
#[derive(Clone, Debug)]
pub(super) enum Audience<'a> {
    None,
    One(Cow<'a, str>),
    Several(Vec<Cow<'a, str>>),
}

impl<'a> Audience<'a> {
    pub(super) fn push(&mut self, audience: Cow<'a, str>) {
        *self = match core::mem::replace(self, Self::None) {
            Self::None => Self::One(audience),
            Self::One(first) => Self::Several(vec![first, audience]),
            Self::Several(mut several) => {
                several.push(audience);
                Self::Several(several)
            }
        };
    }
}

/// The registered members that the builder sets.
#[derive(Clone, Copy)]
pub(super) struct Members<'a> {
    pub(super) iss: Option<&'a str>,
    pub(super) sub: Option<&'a str>,
    pub(super) aud: &'a Audience<'a>,
    pub(super) exp: Option<NumericDate>,
    pub(super) nbf: Option<NumericDate>,
    pub(super) iat: Option<NumericDate>,
    pub(super) jti: Option<&'a str>,
}

/// Writes the registered members, `claims` and the object `json`, all into one object.
pub(super) fn claims_set<C: Serialize + ?Sized>(
    members: &Members<'_>,
    claims: Option<&C>,
    json: Option<&[u8]>,
) -> Result<Vec<u8>, IssueError> {
    // Most claims sets fit, and every allocator has this size at hand.
    let mut out = Vec::with_capacity(512 + json.map_or(0, <[u8]>::len));
    members.write(&mut out)?;
    let mut open = true;
    if let Some(claims) = claims {
        let start = out.len();
        append(&mut out, claims)?;
        open = !join(&mut out, start, members)?;
    }
    if let Some(json) = json {
        let both = !open;
        if both {
            // What serde wrote has no blanks around it.
            out.pop_if(|last| *last == b'}');
        }
        let start = out.len();
        out.extend_from_slice(json);
        open = !join(&mut out, start, members)?;
        if both {
            // Each is in order; now for what they have in common.
            check(&out)?;
        }
    }
    if open {
        out.extend_from_slice(if out.is_empty() { b"{}" } else { b"}" });
    }
    Ok(out)
}

impl Members<'_> {
    /// Writes `{"iss":..`, and nothing at all where no member is set. The object stays open.
    fn write(&self, out: &mut Vec<u8>) -> Result<(), IssueError> {
        text(out, "\"iss\":", self.iss)?;
        text(out, "\"sub\":", self.sub)?;
        match self.aud {
            Audience::None => {}
            Audience::One(audience) => text(out, "\"aud\":", Some(audience))?,
            Audience::Several(several) => member(out, "\"aud\":", several)?,
        }
        for (name, date) in [
            ("\"exp\":", self.exp),
            ("\"nbf\":", self.nbf),
            ("\"iat\":", self.iat),
        ] {
            if let Some(date) = date {
                member(out, name, &date)?;
            }
        }
        text(out, "\"jti\":", self.jti)
    }

    const fn has(&self, claim: Claim) -> bool {
        match claim {
            Claim::Iss => self.iss.is_some(),
            Claim::Sub => self.sub.is_some(),
            Claim::Aud => !matches!(self.aud, Audience::None),
            Claim::Exp => self.exp.is_some(),
            Claim::Nbf => self.nbf.is_some(),
            Claim::Iat => self.iat.is_some(),
            Claim::Jti => self.jti.is_some(),
        }
    }
}

fn text(out: &mut Vec<u8>, name: &str, text: Option<&str>) -> Result<(), IssueError> {
    match text {
        None => Ok(()),
        // Nothing to escape, as is the rule: faster than looking at each character.
        Some(text) if json::plain_end(text, 0) == text.len() => {
            name_of(out, name);
            out.push(b'"');
            out.extend_from_slice(text.as_bytes());
            out.push(b'"');
            Ok(())
        }
        Some(text) => member(out, name, text),
    }
}

fn member<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    name: &str,
    value: &T,
) -> Result<(), IssueError> {
    name_of(out, name);
    append(out, value)
}

fn name_of(out: &mut Vec<u8>, name: &str) {
    out.push(if out.is_empty() { b'{' } else { b',' });
    out.extend_from_slice(name.as_bytes());
}

fn append<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), IssueError> {
    serde_json::to_writer(out, value).map_err(|error| IssueError::Claims(JsonError::custom(error)))
}

/// Makes one object of the open one that ends at `start`, which begins with `members`, and the one that begins
/// there. Whether there was one; the object is closed then.
fn join(out: &mut Vec<u8>, start: usize, members: &Members<'_>) -> Result<bool, IssueError> {
    let second = out.get(start..).unwrap_or_default();
    if second == b"null" {
        // `()` and `None`: no claims.
        out.truncate(start);
        return Ok(false);
    }
    let brace = start + blanks(second);
    if out.get(brace) != Some(&b'{') {
        return Err(IssueError::NotAnObject);
    }
    let registered = check(second)?;
    if let Some(twice) = Claim::ALL
        .into_iter()
        .find(|claim| members.has(*claim) && registered.has(*claim))
    {
        let claim = twice.name().to_owned();
        return Err(IssueError::Duplicate { claim });
    }
    if start == 0 {
        return Ok(true);
    }
    let inner = out.get(brace + 1..).unwrap_or_default();
    if inner.get(blanks(inner)) == Some(&b'}') {
        out.truncate(start);
        out.push(b'}');
    } else if out.get(..start) == Some(b"{") {
        out.drain(..start);
    } else if let Some(brace) = out.get_mut(brace) {
        *brace = b',';
    }
    Ok(true)
}

fn blanks(text: &[u8]) -> usize {
    text.iter()
        .take_while(|octet| octet.is_ascii_whitespace())
        .count()
}

/// Reads claims as a stranger would: we never sign what we would refuse.
fn check(claims: &[u8]) -> Result<Registered, IssueError> {
    let text = json::text_of(claims).map_err(IssueError::Claims)?;
    let mut registered = Registered::default();
    let read = claims_set::read(
        text,
        Limits::DEFAULT.json_depth,
        &mut registered,
        Wanted::default(),
    );
    match (registered.invalid, read) {
        (Some(claim), _) => Err(IssueError::Invalid {
            claim: claim.name(),
        }),
        (None, Err(JsonError::DuplicateMember { name })) => {
            Err(IssueError::Duplicate { claim: name })
        }
        (None, Err(error)) => Err(IssueError::Claims(error)),
        (None, Ok(IgnoredAny)) => Ok(registered),
    }
}
