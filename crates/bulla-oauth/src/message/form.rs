use core::fmt;

/// Parameters of an `application/x-www-form-urlencoded` body (RFC 6749 appendix B), read strictly.
///
/// A name stands once (RFC 6749 §3.2), except `resource`, which RFC 8707 lets stand several times. A parameter without
/// a value counts as left out (RFC 6749 §3.2), and still may not stand twice.
///
/// ```
/// use bulla_oauth::message::Form;
/// let form = Form::parse(b"grant_type=client_credentials&scope=a+b")?;
/// assert_eq!(form.get("scope"), Some("a b"));
/// assert_eq!(Form::parse(b"scope=a&scope=b").unwrap_err().code(), "oauth.parameter-repeated");
/// assert_eq!(Form::parse(b"scope=%zz").unwrap_err().code(), "oauth.request-malformed");
/// # Ok::<(), bulla_oauth::message::FormError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a body of at most 64 KiB with at most 64 parameters.
    ///
    /// # Errors
    ///
    /// [`FormError`]: what RFC 6749 §3.2 and §5.2 call `invalid_request`.
    pub fn parse(body: &[u8]) -> Result<Self, FormError> {
        if body.len() > LONGEST {
            return Err(FormError::TooLarge);
        }
        let mut form = Self(Vec::new());
        for pair in body
            .split(|octet| *octet == b'&')
            .filter(|pair| !pair.is_empty())
        {
            if form.0.len() >= MOST {
                return Err(FormError::TooLarge);
            }
            let mut halves = pair.splitn(2, |octet| *octet == b'=');
            let mut half = || decode(halves.next().unwrap_or_default());
            let (name, value) = (half()?, half()?);
            if name != REPEATABLE && form.0.iter().any(|(known, _)| *known == name) {
                return Err(FormError::Repeated {
                    name: name.chars().take(64).collect(),
                });
            }
            form.0.push((name, value));
        }
        Ok(form)
    }

    /// The value of a parameter; none where it is missing or empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        let found = pairs.find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| &**value)
    }

    /// Whether the parameter stands there, with a value or without.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// The values of a parameter, in order, but for empty ones.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named
            .map(|(_, value)| &**value)
            .filter(|value| !value.is_empty())
    }
}

const REPEATABLE: &str = "resource";
/// Octets of a body.
const LONGEST: usize = 64 * 1024;
/// Parameters of a body.
const MOST: usize = 64;

/// Percent-decodes one half of a pair. What a lenient reader would pass on as it stands is refused.
fn decode(half: &[u8]) -> Result<String, FormError> {
    let mut octets = Vec::with_capacity(half.len());
    let mut rest = half.iter().copied();
    while let Some(octet) = rest.next() {
        octets.push(match octet {
            b'+' => b' ',
            b'%' => hex(rest.next())? << 4 | hex(rest.next())?,
            // An octet that is not encoded has to be a visible character of ASCII.
            0x21..=0x7e => octet,
            _ => return Err(FormError::Malformed),
        });
    }
    String::from_utf8(octets).map_err(|_| FormError::Malformed)
}

fn hex(digit: Option<u8>) -> Result<u8, FormError> {
    let value = digit.and_then(|digit| char::from(digit).to_digit(16));
    value
        .and_then(|value| u8::try_from(value).ok())
        .ok_or(FormError::Malformed)
}

/// The names alone: values are secrets often enough.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// Why a body is not a form.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormError {
    /// An octet that has to be encoded, an encoding that is none, or not UTF-8.
    Malformed,
    /// A parameter stands twice.
    Repeated {
        /// Its name; only the beginning of a long one.
        name: String,
    },
    /// More than 64 KiB or 64 parameters.
    TooLarge,
}

impl FormError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "oauth.request-malformed",
            Self::Repeated { .. } => "oauth.parameter-repeated",
            Self::TooLarge => "oauth.request-too-large",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> bulla_core::Fault {
        bulla_core::Fault::Token
    }
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the body is not form-encoded"),
            Self::Repeated { name } => {
                write!(f, "the parameter {} stands twice", name.escape_default())
            }
            Self::TooLarge => f.write_str("the body is too large"),
        }
    }
}

impl std::error::Error for FormError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::form_urlencoded;

    use super::*;

    #[test]
    fn what_a_lenient_reader_passes_is_refused() {
        for body in [
            "a=%", "a=%4", "a=%4g", "a=%+1", "a=%ff", "a=\u{e9}", "a=b c", "a=\n", "%zz=1",
        ] {
            assert_eq!(
                Form::parse(body.as_bytes()),
                Err(FormError::Malformed),
                "{body:?}"
            );
        }
    }

    #[test]
    fn a_name_is_compared_decoded() {
        let twice = Form::parse(b"scope=a&sc%6Fpe=b").unwrap_err();
        assert_eq!(
            twice,
            FormError::Repeated {
                name: "scope".into()
            }
        );
        assert!(Form::parse(b"scope=&scope=").is_err());
        let resources = Form::parse(b"resource=a:1&resource=a:2&resource=").unwrap();
        assert_eq!(
            resources.all("resource").collect::<Vec<_>>(),
            ["a:1", "a:2"]
        );
    }

    #[test]
    fn empty_is_left_out() {
        let form = Form::parse(b"&&scope=&client_id&a=b=c&").unwrap();
        assert_eq!((form.get("scope"), form.has("scope")), (None, true));
        assert_eq!((form.get("client_id"), form.get("other")), (None, None));
        assert_eq!(form.get("a"), Some("b=c"));
    }

    #[test]
    fn size_and_number_are_bounded() {
        assert!(Form::parse(&vec![b'a'; LONGEST]).is_ok());
        assert_eq!(
            Form::parse(&vec![b'a'; LONGEST + 1]),
            Err(FormError::TooLarge)
        );
        let many: String = (0..=MOST).map(|index| format!("p{index}=1&")).collect();
        assert_eq!(Form::parse(many.as_bytes()), Err(FormError::TooLarge));
    }

    proptest! {
        #[test]
        fn what_others_write_is_read(pairs in prop::collection::btree_map("[a-z_]{1,8}", ".{1,20}", 0..8)) {
            let written = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let read = Form::parse(written.as_bytes()).unwrap();
            for (name, value) in &pairs {
                prop_assert_eq!(read.get(name), Some(&**value));
            }
        }

        #[test]
        fn what_is_read_others_read_alike(body in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(form) = Form::parse(&body) {
                let lenient: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
                prop_assert_eq!(form.0, lenient);
            }
        }
    }
}
