use core::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use url::Url;

use crate::url_error::UrlError;

/// What a token is asked for, [RFC 8707 §2](https://www.rfc-editor.org/rfc/rfc8707#section-2): an absolute URI without a
/// fragment. It is compared as text.
///
/// ```
/// use bulla_oauth::Resource;
/// let api = Resource::parse("https://api.example.com/invoices")?;
/// assert_eq!(api.as_str(), "https://api.example.com/invoices");
/// assert!(Resource::parse("/invoices").is_err());
/// assert!(Resource::parse("https://api.example.com/#part").is_err());
/// # Ok::<(), bulla_oauth::UrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resource(String);

impl Resource {
    /// Reads a resource indicator.
    ///
    /// # Errors
    ///
    /// [`UrlError`] where it is not absolute or has a fragment.
    pub fn parse(text: impl Into<String>) -> Result<Self, UrlError> {
        let text = text.into();
        if !text.bytes().all(|octet| octet.is_ascii_graphic()) {
            return Err(UrlError("has a character that a URL cannot have"));
        }
        let url = Url::parse(&text).map_err(|_| UrlError("is not an absolute URL"))?;
        if url.fragment().is_some() {
            return Err(UrlError("has a fragment"));
        }
        Ok(Self(text))
    }

    /// The indicator as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Resource {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        Self::parse(text)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc8707_2_absolute_and_without_fragment() {
        for text in [
            "https://api.example.com",
            "urn:example:api",
            "https://api.example.com/app/?a=b",
        ] {
            assert_eq!(Resource::parse(text).unwrap().as_str(), text);
        }
        for text in [
            "",
            "api",
            "//api.example.com",
            "https://api.example.com/#",
            "https://a b",
            "é:x",
        ] {
            assert!(Resource::parse(text).is_err(), "{text:?}");
        }
    }
}
