use core::fmt;
use std::error::Error;
use std::sync::Arc;

use crate::fault::Fault;
use crate::key::BoxFuture;

/// Fetches what stands at a URL: JWK Sets for `jku`, certificate chains for `x5u`.
///
/// It is asked only for URLs that the application listed, letter for letter. Over HTTPS it must verify the server,
/// follow no redirect to anywhere else, and give up after a time of its own (RFC 7515 §4.1.2 demands TLS). The crate `bulla-jwks`
/// has the implementation, and `bulla-x509` one for files; this crate does no I/O.
pub trait FetchUrl: Send + Sync {
    /// The octets at `url`, at most `max` of them.
    ///
    /// # Errors
    ///
    /// [`FetchError`]; also where there are more than `max` octets, of which no more than `max` are held at once.
    fn fetch<'a>(&'a self, url: &'a str, max: usize) -> BoxFuture<'a, Result<Vec<u8>, FetchError>>;
}

/// Why a URL was not fetched.
#[derive(Clone, Debug)]
pub struct FetchError {
    code: &'static str,
    source: Arc<dyn Error + Send + Sync>,
}

impl FetchError {
    /// Carries an implementation's own error with its stable code, such as `remote.unavailable` or `io.not-found`.
    #[must_use]
    pub fn new(code: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            code,
            source: source.into().into(),
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Whose doing it is: the remote's.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        Fault::Remote
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl Error for FetchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
