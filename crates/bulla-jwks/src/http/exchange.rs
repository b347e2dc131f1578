use http::header::CONTENT_ENCODING;
use url::Url;

use super::client::not_sent;
use super::guarded::admits_connection;
use super::{BadAnswer, FetchError, HttpClient, Origin, UrlRefused, body, check_url};

/// For protocols other than fetching: token endpoints, and whoever else the operator named.
impl HttpClient {
    /// Sends a request once, to a URL that the operator chose, and gives the answer whatever its status is. What holds
    /// for documents holds here: `https`, or `http` to this machine where that is allowed, no redirects, no
    /// decompression, a deadline, and a body of `body_limit` octets at most. Nothing is sent twice: credentials that are
    /// good for one request would be used up by the first.
    ///
    /// # Errors
    ///
    /// [`FetchError::Url`], [`FetchError::Unavailable`] where there is no answer, and [`FetchError::Answer`] where it is
    /// too long or compressed.
    pub async fn exchange(
        &self,
        request: http::Request<Vec<u8>>,
        body_limit: usize,
    ) -> Result<http::Response<Vec<u8>>, FetchError> {
        let url: Url = request
            .uri()
            .to_string()
            .parse()
            .map_err(|_| FetchError::Url(UrlRefused::Syntax))?;
        check_url(&url, Origin::Configured, &self.options).map_err(FetchError::Url)?;
        let request =
            reqwest::Request::try_from(request).map_err(|_| FetchError::Url(UrlRefused::Syntax))?;
        let sent = self.configured.execute(request).await;
        let received = sent.map_err(|error| not_sent(&error))?;
        let address = received.remote_addr().map(|address| address.ip());
        let is_http = url.scheme() == "http";
        if !admits_connection(&self.options, Origin::Configured, is_http, address) {
            return Err(FetchError::Url(UrlRefused::Address));
        }
        let is_plain =
            |value: &http::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
        if !received
            .headers()
            .get_all(CONTENT_ENCODING)
            .iter()
            .all(is_plain)
        {
            return Err(FetchError::Answer(BadAnswer::Encoded));
        }
        let mut answer = http::Response::new(Vec::new());
        *answer.status_mut() = received.status();
        *answer.headers_mut() = received.headers().clone();
        *answer.body_mut() = body::read(received, body_limit).await?;
        Ok(answer)
    }
}
