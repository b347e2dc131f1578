use core::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::{Host, Url};

use crate::url_error::UrlError;

/// The issuer identifier of an authorization server, [RFC 8414 §2](https://www.rfc-editor.org/rfc/rfc8414#section-2): an
/// `https` URL without query and fragment.
///
/// It is compared as text, character by character (RFC 3986 §6.2.1): a final slash makes another issuer. The text is
/// kept as it was given. `http` is allowed on loopback, for development.
///
/// ```
/// use bulla_oauth::Issuer;
/// let issuer = Issuer::parse("https://auth.example.com/tenant")?;
/// assert_eq!(issuer.metadata_url(), "https://auth.example.com/.well-known/oauth-authorization-server/tenant");
/// assert_ne!(issuer, Issuer::parse("https://auth.example.com/tenant/")?);
/// assert_eq!(Issuer::parse("https://auth.example.com/?t=1").unwrap_err().code(), "oauth.url-invalid");
/// # Ok::<(), bulla_oauth::UrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Issuer(String);

impl Issuer {
    /// Reads an issuer identifier.
    ///
    /// # Errors
    ///
    /// [`UrlError`] for anything but an `https` URL (or `http` on loopback) with neither query nor fragment nor user.
    pub fn parse(text: impl Into<String>) -> Result<Self, UrlError> {
        let text = text.into();
        let url = http_url(&text)?;
        if url.query().is_some() {
            return Err(UrlError("has a query"));
        }
        if url.fragment().is_some() {
            return Err(UrlError("has a fragment"));
        }
        Ok(Self(text))
    }

    /// The identifier as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it does without TLS, as it may on loopback.
    #[cfg(feature = "client")]
    pub(crate) fn is_plain(&self) -> bool {
        self.0
            .get(..5)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
    }

    /// Where the metadata is, [RFC 8414 §3.1](https://www.rfc-editor.org/rfc/rfc8414#section-3.1): the well-known part
    /// stands between host and path, and a final slash of the path is dropped.
    #[must_use]
    pub fn metadata_url(&self) -> String {
        let (origin, path) = self.split();
        format!("{origin}/.well-known/oauth-authorization-server{path}")
    }

    /// Where OpenID Connect Discovery 1.0 §4 has its metadata: appended to the identifier. For servers that have no
    /// other.
    #[must_use]
    pub fn openid_metadata_url(&self) -> String {
        let (origin, path) = self.split();
        format!("{origin}{path}/.well-known/openid-configuration")
    }

    /// Scheme and authority, and the path without a final slash.
    fn split(&self) -> (&str, &str) {
        let authority = self.0.find("://").map_or(0, |colon| colon + 3);
        let path = self
            .0
            .get(authority..)
            .and_then(|rest| rest.find('/'))
            .map_or(self.0.len(), |slash| authority + slash);
        let (origin, path) = self.0.split_at_checked(path).unwrap_or((&self.0, ""));
        (origin, path.strip_suffix('/').unwrap_or(path))
    }
}

/// A URL with a host that secrets may be sent to: `https`, or `http` to this machine.
pub(crate) fn http_url(text: &str) -> Result<Url, UrlError> {
    if !text
        .bytes()
        .all(|octet| octet.is_ascii_graphic() && octet != b'\\')
    {
        // The URL standard repairs what RFC 3986 does not allow; two readers could repair differently.
        return Err(UrlError("has a character that a URL cannot have"));
    }
    let url = Url::parse(text).map_err(|_| UrlError("is not an absolute URL"))?;
    let has_authority = text
        .get(url.scheme().len()..)
        .is_some_and(|rest| rest.starts_with("://"));
    if !has_authority || url.host().is_none() {
        return Err(UrlError("names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlError("has a user"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(UrlError("is neither https nor http on loopback")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl FromStr for Issuer {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        Self::parse(text)
    }
}

impl AsRef<str> for Issuer {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for Issuer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Issuer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_issuer_is_refused() {
        for text in [
            "",
            "auth.example.com",
            "http://auth.example.com",
            "https:auth.example.com",
            "https://",
            "https://user@auth.example.com",
            "https://auth.example.com?",
            "https://auth.example.com/#top",
            "https://auth.example.com\\a",
            " https://auth.example.com",
            "ftp://localhost",
            "https://auth.example.com/é",
        ] {
            assert!(Issuer::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn loopback_may_do_without_tls() {
        for text in [
            "http://127.0.0.1:9000",
            "http://localhost:9000/",
            "http://[::1]:9000",
        ] {
            assert_eq!(Issuer::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn rfc8414_3_1_well_known_paths() {
        let url = |text: &str| Issuer::parse(text).unwrap().metadata_url();
        let well_known = "https://example.com/.well-known/oauth-authorization-server";
        assert_eq!(url("https://example.com"), well_known);
        assert_eq!(url("https://example.com/"), well_known);
        assert_eq!(
            url("https://example.com/issuer1"),
            format!("{well_known}/issuer1")
        );
        assert_eq!(
            url("https://example.com/issuer1/"),
            format!("{well_known}/issuer1")
        );
        let openid = Issuer::parse("https://example.com/issuer1")
            .unwrap()
            .openid_metadata_url();
        assert_eq!(
            openid,
            "https://example.com/issuer1/.well-known/openid-configuration"
        );
    }
}
