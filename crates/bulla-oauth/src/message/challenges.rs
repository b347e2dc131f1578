use core::fmt;

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

/// What a protected resource wants, as a client reads it from `WWW-Authenticate`, [RFC 9110
/// §11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1).
///
/// ```
/// use bulla_oauth::message::Challenges;
/// let challenges = Challenges::parse(r#"Bearer realm="api", DPoP error="use_dpop_nonce", algs="ES256 PS256""#)?;
/// let dpop = challenges.of("dpop").unwrap();
/// assert_eq!(dpop.parameter("error"), Some("use_dpop_nonce"));
/// # Ok::<(), bulla_oauth::message::ChallengeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenges(Vec<ReceivedChallenge>);

/// One challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedChallenge {
    scheme: String,
    token68: Option<String>,
    parameters: Vec<(String, String)>,
}

impl Challenges {
    /// Reads the value of a header: of one, or of several joined by commas.
    ///
    /// # Errors
    ///
    /// [`ChallengeError`] where it is not of the form that RFC 9110 describes, names a parameter twice in one challenge,
    /// or is longer than 8 KiB.
    pub fn parse(value: &str) -> Result<Self, ChallengeError> {
        if value.len() > LONGEST {
            return Err(ChallengeError);
        }
        let mut challenges: Vec<ReceivedChallenge> = Vec::new();
        let mut rest = Cursor(value);
        loop {
            rest.skip(&[' ', '\t', ',']);
            if rest.0.is_empty() {
                return Ok(Self(challenges));
            }
            match (challenges.last_mut(), rest.parameter()?) {
                (Some(challenge), Some(parameter)) => challenge.add(parameter)?,
                // A parameter that is nobody's.
                (None, Some(_)) => return Err(ChallengeError),
                (_, None) => challenges.push(rest.challenge()?),
            }
            rest.end_of_item()?;
        }
    }

    /// Reads every header of an answer. A header that cannot be read is left out: a client loses no more by it than
    /// what it says.
    #[must_use]
    pub fn of_headers(headers: &HeaderMap) -> Self {
        let values = headers.get_all(WWW_AUTHENTICATE).iter();
        let parsed = values.filter_map(|value| Self::parse(value.to_str().ok()?).ok());
        Self(parsed.flat_map(|challenges| challenges.0).collect())
    }

    /// The first challenge of a scheme, whose case does not matter.
    #[must_use]
    pub fn of(&self, scheme: &str) -> Option<&ReceivedChallenge> {
        self.iter()
            .find(|challenge| challenge.scheme.eq_ignore_ascii_case(scheme))
    }

    /// Every challenge, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &ReceivedChallenge> {
        self.0.iter()
    }
}

impl ReceivedChallenge {
    /// The scheme as it came.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// What a scheme without parameters has instead.
    #[must_use]
    pub fn token68(&self) -> Option<&str> {
        self.token68.as_deref()
    }

    /// The value of a parameter, whose case does not matter; unquoted.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let found = parameters.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| &**value)
    }

    fn add(&mut self, (name, value): (String, String)) -> Result<(), ChallengeError> {
        // Two readers could take different ones.
        if self.token68.is_some() || self.parameter(&name).is_some() {
            return Err(ChallengeError);
        }
        self.parameters.push((name, value));
        Ok(())
    }
}

/// Octets of a header.
const LONGEST: usize = 8 * 1024;

struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn skip(&mut self, characters: &[char]) {
        self.0 = self.0.trim_start_matches(characters);
    }

    fn take(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let end = self
            .0
            .find(|character| !is_part(character))
            .unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(end).unwrap_or((self.0, ""));
        self.0 = rest;
        taken
    }

    /// `token BWS "=" BWS ( token / quoted-string )`; nothing is taken where there is none.
    fn parameter(&mut self) -> Result<Option<(String, String)>, ChallengeError> {
        let mut ahead = Self(self.0);
        let name = ahead.take(is_token);
        ahead.skip(&[' ', '\t']);
        if name.is_empty() || !ahead.0.starts_with('=') {
            return Ok(None);
        }
        ahead.0 = ahead.0.get(1..).unwrap_or_default();
        ahead.skip(&[' ', '\t']);
        let value = match ahead.0.strip_prefix('"') {
            Some(quoted) => {
                ahead.0 = quoted;
                ahead.quoted()?
            }
            None => match ahead.take(is_token) {
                "" => return Err(ChallengeError),
                token => token.to_owned(),
            },
        };
        self.0 = ahead.0;
        Ok(Some((name.to_owned(), value)))
    }

    /// The rest of a quoted string, unescaped.
    fn quoted(&mut self) -> Result<String, ChallengeError> {
        let mut text = String::new();
        let mut characters = self.0.chars();
        loop {
            match characters.next() {
                Some('"') => break,
                Some('\\') => text.push(characters.next().filter(is_text).ok_or(ChallengeError)?),
                Some(character) if is_text(&character) => text.push(character),
                _ => return Err(ChallengeError),
            }
        }
        self.0 = characters.as_str();
        Ok(text)
    }

    /// `auth-scheme [ 1*SP ( token68 / [ auth-param ] ) ]`
    fn challenge(&mut self) -> Result<ReceivedChallenge, ChallengeError> {
        let scheme = self.take(is_token).to_owned();
        if scheme.is_empty() {
            return Err(ChallengeError);
        }
        let mut challenge = ReceivedChallenge {
            scheme,
            token68: None,
            parameters: Vec::new(),
        };
        let before = self.0.len();
        self.skip(&[' ']);
        let is_over = self.0.is_empty() || self.0.starts_with(',');
        if is_over {
            return Ok(challenge);
        }
        if self.0.len() == before {
            return Err(ChallengeError);
        }
        match self.token68() {
            Some(token68) => challenge.token68 = Some(token68),
            None => challenge.add(self.parameter()?.ok_or(ChallengeError)?)?,
        }
        Ok(challenge)
    }

    fn token68(&mut self) -> Option<String> {
        let mut ahead = Self(self.0);
        let text = ahead
            .take(|character| character.is_ascii_alphanumeric() || "-._~+/".contains(character));
        let padding = ahead.take(|character| character == '=');
        ahead.skip(&[' ', '\t']);
        let is_over = ahead.0.is_empty() || ahead.0.starts_with(',');
        (is_over && !text.is_empty()).then(|| {
            self.0 = ahead.0;
            format!("{text}{padding}")
        })
    }

    fn end_of_item(&mut self) -> Result<(), ChallengeError> {
        self.skip(&[' ', '\t']);
        if self.0.is_empty() || self.0.starts_with(',') {
            Ok(())
        } else {
            Err(ChallengeError)
        }
    }
}

/// `tchar` of RFC 9110 §5.6.2.
fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

/// What a quoted string may hold, escaped or not.
fn is_text(character: &char) -> bool {
    *character == '\t' || !character.is_control()
}

/// A value of `WWW-Authenticate` that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChallengeError;

impl ChallengeError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "oauth.response-malformed"
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> bulla_core::Fault {
        bulla_core::Fault::Remote
    }
}

impl fmt::Display for ChallengeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a list of challenges")
    }
}

impl std::error::Error for ChallengeError {}

#[cfg(test)]
mod tests {
    use bulla_core::jwa::SignatureAlg;
    use proptest::prelude::*;

    use super::*;
    use crate::message::{Challenge, TokenScheme};

    #[test]
    fn rfc6750_3_and_rfc9449_7_1_examples() {
        let bearer = Challenges::parse(
            "Bearer realm=\"example\",\n error=\"invalid_token\", error_description=\"The access token expired\""
                .replace('\n', "")
                .as_str(),
        );
        let bearer = bearer.unwrap();
        let bearer = bearer.of("Bearer").unwrap();
        assert_eq!(bearer.parameter("Error"), Some("invalid_token"));
        assert_eq!(
            bearer.parameter("error_description"),
            Some("The access token expired")
        );
        let dpop = Challenges::parse(r#"DPoP algs="ES256 PS256""#).unwrap();
        assert_eq!(
            dpop.of("DPOP").unwrap().parameter("algs"),
            Some("ES256 PS256")
        );
    }

    #[test]
    fn rfc9110_11_6_1_example() {
        let text = r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"", Negotiate, X YWJj=="#;
        let parsed = Challenges::parse(text).unwrap();
        let schemes: Vec<&str> = parsed.iter().map(ReceivedChallenge::scheme).collect();
        assert_eq!(schemes, ["Basic", "Newauth", "Negotiate", "X"]);
        let new = parsed.of("newauth").unwrap();
        assert_eq!(
            (new.parameter("type"), new.parameter("title")),
            (Some("1"), Some("Login to \"apps\""))
        );
        assert_eq!(parsed.of("x").unwrap().token68(), Some("YWJj=="));
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for text in [
            "realm=\"x\"",
            "Bearer realm=\"x",
            "Bearer realm=\"x\" error=\"y\"",
            "Bearer realm=\"x\", realm=\"y\"",
            "Bearer realm=\"x\\",
            "Bearer realm=a b",
            "\"x\"",
            "Bearer \u{1}",
        ] {
            assert_eq!(Challenges::parse(text), Err(ChallengeError), "{text:?}");
        }
        assert!(Challenges::parse(&"a,".repeat(LONGEST)).is_err());
        assert_eq!(Challenges::parse(" , ,").unwrap(), Challenges::default());
    }

    proptest! {
        #[test]
        fn what_we_write_we_read(realm in ".{0,20}", description in ".{1,20}", nonce in any::<bool>()) {
            let challenge = Challenge::invalid_token(TokenScheme::Dpop).realm(&realm).description(&description);
            let challenge = if nonce { challenge.algs(&[SignatureAlg::Es256]) } else { challenge };
            let http = challenge.to_http();
            let read = Challenges::of_headers(http.headers());
            let read = read.of("DPoP").unwrap();
            prop_assert_eq!(read.parameter("error"), Some("invalid_token"));
            prop_assert!(read.parameter("realm").is_some());
            prop_assert_eq!(read.parameter("algs"), nonce.then_some("ES256"));
        }

        #[test]
        fn no_text_panics_and_parameters_are_once(text in "[A-Za-z =,\"\\\\]{0,60}") {
            if let Ok(challenges) = Challenges::parse(&text) {
                for challenge in challenges.iter() {
                    for (index, (name, _)) in challenge.parameters.iter().enumerate() {
                        prop_assert!(!challenge.parameters[..index].iter().any(|(known, _)| known.eq_ignore_ascii_case(name)));
                    }
                }
            }
        }
    }
}
