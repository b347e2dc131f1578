use core::fmt;
use std::str::FromStr;

use url::Url;

use crate::url_error::UrlError;

/// The URL of a request as `htu` has it, [RFC 9449 §4.2](https://www.rfc-editor.org/rfc/rfc9449#section-4.2): without
/// query and fragment, normalized as RFC 3986 §6.2.2 and §6.2.3 describe.
///
/// Scheme and host are in lower case, the scheme's own port is left out, an empty path is `/`, dot segments are resolved,
/// percent-encodings are in upper case and those of unreserved characters are decoded. Nothing else is the same: not a
/// final slash, and not another case of the path.
///
/// ```
/// use bulla_oauth::dpop::TargetUri;
/// let one = TargetUri::parse("HTTPS://API.example.com:443/a/./%7Eb?query#fragment")?;
/// assert_eq!(one.as_str(), "https://api.example.com/a/~b");
/// assert_eq!(one, TargetUri::parse("https://api.example.com/a/~b")?);
/// assert_ne!(one, TargetUri::parse("https://api.example.com/a/~b/")?);
/// # Ok::<(), bulla_oauth::UrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TargetUri(String);

impl TargetUri {
    /// Reads and normalizes a URL.
    ///
    /// A server takes its own address from its configuration: behind a proxy the request does not say what the client
    /// called.
    ///
    /// # Errors
    ///
    /// [`UrlError`] for anything but an absolute `http` or `https` URL.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        if !text
            .bytes()
            .all(|octet| octet.is_ascii_graphic() && octet != b'\\')
        {
            return Err(UrlError("has a character that a URL cannot have"));
        }
        let mut url = Url::parse(text).map_err(|_| UrlError("is not an absolute URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlError("is neither http nor https"));
        }
        let authority = text
            .get(url.scheme().len()..)
            .and_then(|rest| rest.strip_prefix("://"));
        if authority.is_none_or(|authority| authority.starts_with('/')) {
            return Err(UrlError("names no host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlError("has a user"));
        }
        url.set_query(None);
        url.set_fragment(None);
        let (origin, path) = url
            .as_str()
            .split_at_checked(url.as_str().len() - url.path().len())
            .unwrap_or((url.as_str(), ""));
        Ok(Self(format!("{origin}{}", normalized(path)?)))
    }

    /// The normalized URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Percent-encodings in upper case, those of unreserved characters decoded (RFC 3986 §6.2.2.1, §6.2.2.2).
fn normalized(path: &str) -> Result<String, UrlError> {
    let mut out = String::with_capacity(path.len());
    let mut rest = path.chars();
    while let Some(character) = rest.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        let mut digit = || {
            rest.next()
                .and_then(|digit| digit.to_digit(16))
                .ok_or(UrlError("has a broken percent-encoding"))
        };
        let value = digit()? << 4 | digit()?;
        match char::from_u32(value) {
            Some(decoded) if decoded.is_ascii_alphanumeric() || "-._~".contains(decoded) => {
                out.push(decoded)
            }
            _ => out.push_str(&format!("%{value:02X}")),
        }
    }
    Ok(out)
}

impl FromStr for TargetUri {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        Self::parse(text)
    }
}

impl fmt::Display for TargetUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rfc3986_6_2_what_is_the_same() {
        let same = [
            "https://example.com/a/b",
            "HTTPS://EXAMPLE.com:443/a/b",
            "https://example.com/a/./b",
            "https://example.com/a/c/../b",
            "https://example.com/%61/b",
            "https://example.com/a/b?q=1#f",
            "https://example.com/a/%2e/b",
        ];
        for text in same {
            assert_eq!(TargetUri::parse(text).unwrap().as_str(), same[0], "{text}");
        }
        assert_eq!(
            TargetUri::parse("https://example.com").unwrap().as_str(),
            "https://example.com/"
        );
        let encoded = TargetUri::parse("https://example.com/%2f%c3%a9").unwrap();
        assert_eq!(encoded.as_str(), "https://example.com/%2F%C3%A9");
    }

    #[test]
    fn what_is_not_the_same() {
        let one = TargetUri::parse("https://example.com/a").unwrap();
        for text in [
            "http://example.com/a",
            "https://example.com:8443/a",
            "https://example.com/a/",
            "https://example.com/A",
            "https://example.org/a",
            "https://example.com/a%2Fb",
            "https://example.com//a",
        ] {
            assert_ne!(TargetUri::parse(text).unwrap(), one, "{text}");
        }
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for text in [
            "",
            "/a",
            "example.com/a",
            "https:example.com",
            "https:///a",
            "https://",
            "ftp://example.com/a",
            "https://u@example.com/a",
            "https://example.com\\a",
            "https://example.com/a b",
            "https://example.com/%",
            "https://example.com/%4",
            "https://example.com/%zz",
            "https://example.com/é",
        ] {
            assert!(TargetUri::parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn normalizing_twice_changes_nothing(path in "[a-zA-Z0-9/._~%?#:@!$&'()*+,;=-]{0,40}") {
            if let Ok(once) = TargetUri::parse(&format!("https://example.com/{path}")) {
                prop_assert_eq!(TargetUri::parse(once.as_str()).unwrap(), once);
            }
        }

        #[test]
        fn an_encoded_path_is_the_same(path in "[a-z0-9_~-]{1,20}") {
            let encoded: String = path.bytes().map(|octet| format!("%{octet:02x}")).collect();
            let plain = TargetUri::parse(&format!("https://example.com/{path}")).unwrap();
            prop_assert_eq!(TargetUri::parse(&format!("https://example.com/{encoded}")).unwrap(), plain);
        }
    }
}
