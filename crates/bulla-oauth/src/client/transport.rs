use core::fmt;

use bulla_core::key::BoxFuture;
use bulla_jwks::http::{FetchError, HttpClient};
use http::{Request, Response};

/// Sends requests. Ours is [`HttpClient`], made by [`HttpOptions`](bulla_jwks::http::HttpOptions); a test or an
/// application may bring another.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends a request once, and gives the answer whatever its status is. Must come to an end by itself, must not follow
    /// redirects, and must bound what it reads.
    ///
    /// # Errors
    ///
    /// [`FetchError`] where there is no answer, or none that can be used.
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, FetchError>>;
}

/// Bodies of up to 1 MiB.
impl Transport for HttpClient {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, FetchError>> {
        Box::pin(self.exchange(request, BODY_LIMIT))
    }
}

const BODY_LIMIT: usize = 1024 * 1024;
