//! Media types as `typ` and `cty` have them (RFC 7515 §4.1.9, §4.1.10).

use core::fmt;
use std::borrow::Cow;

use super::{PayloadError, TypeSource};

/// A media type with its parameters (RFC 2045 §5.1, RFC 6838 §4.2): what a header's `cty` says the payload is.
///
/// Where there is no slash at all, `application/` is understood (RFC 7515 §4.1.10). Type and subtype are compared
/// without regard to case. The value of a parameter is kept as it came; a parameter that is named twice refuses the
/// whole, since two readers could take different ones.
///
/// ```
/// use bulla_core::payload::MediaType;
/// let short = MediaType::parse("JWT")?;
/// assert!(short.is("application/jwt"));
/// let text = MediaType::parse("text/plain; charset=\"utf-8\"")?;
/// assert!(text.is("Text/Plain")); // parameters aside
/// assert_eq!(text.parameter("Charset").as_deref(), Some("utf-8"));
/// assert_eq!(MediaType::parse("text/").unwrap_err().code(), "payload.type-malformed");
/// # Ok::<(), bulla_core::payload::PayloadError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaType<'a> {
    top_level: &'a str,
    subtype: &'a str,
    /// From the first semicolon on, checked.
    parameters: &'a str,
}

impl<'a> MediaType<'a> {
    /// Reads a media type, with or without `application/`.
    ///
    /// # Errors
    ///
    /// [`PayloadError::TypeMalformed`]: not a media type, more than 127 characters in a name, more than 16 parameters,
    /// or one of them twice.
    pub fn parse(text: &'a str) -> Result<Self, PayloadError> {
        Self::read(text).ok_or_else(|| PayloadError::type_malformed(text, TypeSource::Caller))
    }

    pub(super) fn read(text: &'a str) -> Option<Self> {
        let end = text.find([';', ' ', '\t']).unwrap_or(text.len());
        let (essence, parameters) = text.split_at_checked(end)?;
        // A slash anywhere, in a parameter too, and nothing was left out (RFC 7515 §4.1.9).
        let (top_level, subtype) = if text.contains('/') {
            essence.split_once('/')?
        } else {
            (APPLICATION, essence)
        };
        let well_formed = is_name(top_level) && is_name(subtype) && are_distinct(parameters)?;
        well_formed.then_some(Self {
            top_level,
            subtype,
            parameters,
        })
    }

    /// What stands before the slash, in the case in which it came.
    #[must_use]
    pub const fn top_level(&self) -> &'a str {
        self.top_level
    }

    /// What stands behind the slash, in the case in which it came.
    #[must_use]
    pub const fn subtype(&self) -> &'a str {
        self.subtype
    }

    /// The value of a parameter, whose name is compared without regard to case; unquoted.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Cow<'a, str>> {
        Parameters(self.parameters)
            .flatten()
            .find(|parameter| parameter.name.eq_ignore_ascii_case(name))
            .map(|parameter| parameter.value)
    }

    /// Whether this is that media type: case and parameters of both do not matter, nor `application/` where no other
    /// slash is. Nothing is a media type that is malformed.
    #[must_use]
    pub fn is(&self, media_type: &str) -> bool {
        MediaType::read(media_type).is_some_and(|other| {
            self.top_level.eq_ignore_ascii_case(other.top_level)
                && self.subtype.eq_ignore_ascii_case(other.subtype)
        })
    }
}

/// In full, with the parameters as they came.
impl fmt::Display for MediaType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}{}", self.top_level, self.subtype, self.parameters)
    }
}

/// Whether two values of `typ` or `cty` are the same text: case does not matter, nor `application/` where no other
/// slash follows. Values that are no media types are the same where they are equal.
pub(crate) fn same(one: &str, other: &str) -> bool {
    short(one).eq_ignore_ascii_case(short(other))
}

fn short(media_type: &str) -> &str {
    match media_type.split_once('/') {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(APPLICATION) && !rest.contains('/') => {
            rest
        }
        _ => media_type,
    }
}

struct Parameter<'a> {
    name: &'a str,
    value: Cow<'a, str>,
}

/// What follows the subtype: `; name=value`, any number of times. `None` for what is not that, and then nothing.
struct Parameters<'a>(&'a str);

impl<'a> Iterator for Parameters<'a> {
    type Item = Option<Parameter<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let parameter = self.read();
        if parameter.is_none() {
            self.0 = "";
        }
        Some(parameter)
    }
}

impl<'a> Parameters<'a> {
    fn read(&mut self) -> Option<Parameter<'a>> {
        const BLANK: [char; 2] = [' ', '\t'];
        let rest = self.0.trim_start_matches(BLANK).strip_prefix(';')?;
        let (name, rest) = rest.trim_start_matches(BLANK).split_once('=')?;
        if !is_token(name) {
            return None;
        }
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = rest.find([';', ' ', '\t']).unwrap_or(rest.len());
                let (value, rest) = rest.split_at_checked(end)?;
                is_token(value).then_some((Cow::Borrowed(value), rest))?
            }
        };
        self.0 = rest;
        Some(Parameter { name, value })
    }
}

/// A quoted string without its first quotation mark, and what follows the last (RFC 9110 §5.6.4).
fn unquote(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut value = String::new();
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if !matches!(character, ' '..='~') => return None,
            '\\' if !escaped => escaped = true,
            '"' if !escaped => {
                let rest = text.get(at + 1..)?;
                let value = match text.get(..at) {
                    Some(plain) if plain.len() == value.len() => Cow::Borrowed(plain),
                    _ => Cow::Owned(value),
                };
                return Some((value, rest));
            }
            _ => {
                value.push(character);
                escaped = false;
            }
        }
    }
    None
}

/// Whether all is well formed and no name stands twice. `None` where it is not well formed.
fn are_distinct(parameters: &str) -> Option<bool> {
    let mut names: smallvec::SmallVec<[&str; 4]> = smallvec::SmallVec::new();
    for parameter in Parameters(parameters) {
        let name = parameter?.name;
        if names.len() == MOST_PARAMETERS
            || names.iter().any(|known| known.eq_ignore_ascii_case(name))
        {
            return Some(false);
        }
        names.push(name);
    }
    Some(true)
}

/// A restricted name of RFC 6838 §4.2.
fn is_name(text: &str) -> bool {
    let octets = text.as_bytes();
    octets.len() <= LONGEST_NAME
        && octets.first().is_some_and(u8::is_ascii_alphanumeric)
        && octets
            .iter()
            .all(|octet| octet.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(octet))
}

/// A token of RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet))
}

const APPLICATION: &str = "application";
const LONGEST_NAME: usize = 127;
/// The names are compared one with another.
const MOST_PARAMETERS: usize = 16;

#[cfg(test)]
mod tests {
    use super::{MediaType, same};

    #[test]
    fn case_and_application_do_not_matter_and_all_else_does() {
        for (one, other) in [
            ("JWT", "jwt"),
            ("at+jwt", "application/at+jwt"),
            ("APPLICATION/AT+JWT", "at+JWT"),
            ("image/png", "IMAGE/PNG"),
            ("", "application/"),
        ] {
            assert!(same(one, other) && same(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("JWT", "at+jwt"),
            ("at+jwt", "dpop+jwt"),
            ("at+jwt", "at+jwt "),
            ("at+jwt", "text/at+jwt"),
            ("at+jwt", "application/application/at+jwt"),
            ("at+jwt", ""),
            ("applicatioń/jwt", "jwt"),
            ("\u{212a}", "k"),
        ] {
            assert!(!same(one, other) && !same(other, one), "{one} {other}");
        }
    }

    #[test]
    fn what_is_a_media_type() {
        for (text, full) in [
            ("JWT", "application/JWT"),
            ("jwk-set+json", "application/jwk-set+json"),
            ("text/plain", "text/plain"),
            ("text/plain;charset=utf-8", "text/plain;charset=utf-8"),
            (
                "text/plain \t; \tcharset=utf-8",
                "text/plain \t; \tcharset=utf-8",
            ),
            ("json;charset=UTF-8", "application/json;charset=UTF-8"),
            (r#"x/y;a="b;c\"d/e""#, r#"x/y;a="b;c\"d/e""#),
            ("x/y;a=1;b=2", "x/y;a=1;b=2"),
        ] {
            let read = MediaType::parse(text).unwrap();
            assert_eq!(read.to_string(), full);
            assert_eq!(MediaType::parse(full).unwrap().to_string(), full);
            assert!(
                read.is(full) && read.is(&full.to_ascii_uppercase()),
                "{text}"
            );
        }
        let longest = format!("{}/{}", "a".repeat(127), "b".repeat(127));
        assert!(MediaType::parse(&longest).is_ok());
    }

    #[test]
    fn what_is_none() {
        let many: String = (0..17).map(|index| format!(";p{index}=1")).collect();
        for text in [
            "",
            "/",
            "application/",
            "/json",
            " json",
            "json ",
            "json;",
            "json; ",
            "json;;a=1",
            "json;a",
            "json;a=",
            "json;=1",
            "json;a =1",
            "json;a= 1",
            "json;a=1 b=2",
            "json;a=\"1",
            "json;a=\"1\"2",
            "json;a=\"\u{7}\"",
            "json;a=\"ü\"",
            "json;a=1;A=2",
            "application/application/json",
            "example;part=\"1/2\"", // RFC 7515 §4.1.9: this one cannot be shortened
            "+json",
            "ж/son",
            "js\u{0}on",
            "js\non",
            "text/plain, text/html",
            "*/*",
            &"a".repeat(128),
            &format!("text/plain{many}"),
        ] {
            let error = MediaType::parse(text).unwrap_err();
            assert_eq!(error.code(), "payload.type-malformed", "{text}");
        }
    }

    #[test]
    fn parameters_are_found_and_unquoted() {
        let read = MediaType::parse(r#"x/y; A=one ;b="t\wo\"/;" ; c="""#).unwrap();
        assert_eq!(read.parameter("a").as_deref(), Some("one"));
        assert_eq!(read.parameter("B").as_deref(), Some("two\"/;"));
        assert_eq!(read.parameter("c").as_deref(), Some(""));
        assert_eq!(read.parameter("d"), None);
        assert_eq!((read.top_level(), read.subtype()), ("x", "y"));
    }

    #[test]
    fn other_types_are_other_types() {
        for (one, other) in [
            ("text/json", "json"),
            ("application/jwt", "at+jwt"),
            ("json", "not a type"),
            ("json", ""),
        ] {
            assert!(!MediaType::parse(one).unwrap().is(other), "{one} {other}");
        }
    }
}
