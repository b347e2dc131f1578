use core::fmt;

use bulla_core::Fault;

/// Why text is not a URL as this place needs one; says what it has or lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlError(pub(crate) &'static str);

impl UrlError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "oauth.url-invalid"
    }

    /// Whose doing it is: the caller's, who configured the URL or passed it on.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Caller
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the URL {}", self.0)
    }
}

impl std::error::Error for UrlError {}
