use core::fmt;
use std::collections::HashSet;

use crate::fault::Fault;

/// The URLs that may be fetched when a token names them: a list, compared letter for letter.
///
/// Nothing is normalized. `https://issuer.example/jwks` is not `https://issuer.example/jwks/`, nor
/// `https://ISSUER.example/jwks`, nor `https://issuer.example:443/jwks`: two programs that normalize differently
/// are how allow-lists are passed. What is fetched is the listed text.
///
/// ```
/// use bulla_core::trust::AllowedUrls;
/// let urls = AllowedUrls::https(["https://issuer.example/jwks"])?;
/// assert!(urls.contains("https://issuer.example/jwks"));
/// assert!(!urls.contains("https://issuer.example/jwks?"));
///
/// let error = AllowedUrls::https(["http://issuer.example/jwks"]).unwrap_err();
/// assert_eq!(error.code(), "jwk.url-refused");
/// # Ok::<(), bulla_core::trust::UrlRefused>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedUrls(HashSet<Box<str>>);

/// A URL that must not be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UrlRefused {
    /// The URL.
    pub url: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl AllowedUrls {
    /// These `https:` URLs, and no other.
    ///
    /// # Errors
    ///
    /// [`UrlRefused`] for another scheme, and for what URLs are told apart by but servers are not: user
    /// information, a fragment, blanks, anything but ASCII.
    pub fn https<U: Into<String>>(urls: impl IntoIterator<Item = U>) -> Result<Self, UrlRefused> {
        Self::checked(urls, false)
    }

    /// These URLs, which may be `file:` as well: `file:///`, then an absolute path.
    ///
    /// # Errors
    ///
    /// As for [`https`](Self::https).
    pub fn https_or_file<U: Into<String>>(
        urls: impl IntoIterator<Item = U>,
    ) -> Result<Self, UrlRefused> {
        Self::checked(urls, true)
    }

    /// Whether the URL is listed, letter for letter.
    #[must_use]
    pub fn contains(&self, url: &str) -> bool {
        self.0.contains(url)
    }

    fn checked<U: Into<String>>(
        urls: impl IntoIterator<Item = U>,
        files: bool,
    ) -> Result<Self, UrlRefused> {
        let check = |url: U| {
            let url = url.into();
            match fault_of(&url, files) {
                Some(why) => Err(UrlRefused { url, why }),
                None => Ok(url.into()),
            }
        };
        urls.into_iter()
            .map(check)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn fault_of(url: &str, files: bool) -> Option<&'static str> {
    if !url.bytes().all(|octet| octet.is_ascii_graphic()) || url.contains('\\') {
        return Some("holds something that a URL may hold only percent-encoded (RFC 3986 §2)");
    }
    if url.contains('#') {
        return Some("has a fragment, which is never sent");
    }
    if let Some(path) = url.strip_prefix("file:") {
        let absolute = path
            .strip_prefix("///")
            .is_some_and(|path| !path.is_empty());
        return match (files, absolute) {
            (false, _) => Some("is a file, and files are not allowed here"),
            (true, false) => Some("is not `file:///` with an absolute path"),
            (true, true) => None,
        };
    }
    let Some(rest) = url.strip_prefix("https://") else {
        return Some("does not begin with `https://`, in small letters (RFC 7515 §4.1.2)");
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    match authority {
        "" => Some("has no host"),
        authority if authority.contains('@') => Some("has user information"),
        _ => None,
    }
}

impl UrlRefused {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self { .. } => "jwk.url-refused",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for UrlRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} cannot be listed: it {}", self.url, self.why)
    }
}

impl std::error::Error for UrlRefused {}
