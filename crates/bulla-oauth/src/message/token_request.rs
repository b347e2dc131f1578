use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Uri};
use url::form_urlencoded;

use super::Grant;
use super::grant::CLIENT_ASSERTION_TYPE;
use super::header::DPOP;
use crate::client::ClientError;
use crate::issuer;
use crate::resource::Resource;
use crate::scope::Scopes;
use crate::url_error::UrlError;

/// A request to the token endpoint, as a client sends it.
///
/// It holds no credentials: those are made anew each time it is sent, and given to [`to_http`](Self::to_http).
///
/// ```
/// use bulla_oauth::message::TokenRequest;
/// use bulla_oauth::Scopes;
/// let request = TokenRequest::client_credentials().scopes(Scopes::parse("invoices:read")?);
/// let http = request.to_http("https://auth.example.com/token", "ey.J.x", None)?;
/// assert_eq!(http.method(), "POST");
/// assert!(http.body().starts_with(b"grant_type=client_credentials&scope=invoices%3Aread"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "nothing is sent by itself"]
pub struct TokenRequest {
    grant: Grant,
    scopes: Option<Scopes>,
    resources: Vec<Resource>,
}

impl TokenRequest {
    /// For the client itself, [RFC 6749 §4.4](https://www.rfc-editor.org/rfc/rfc6749#section-4.4).
    pub const fn client_credentials() -> Self {
        Self::new(Grant::ClientCredentials)
    }

    /// For whom the assertion is about, [RFC 7523 §2.1](https://www.rfc-editor.org/rfc/rfc7523#section-2.1).
    pub fn jwt_bearer(assertion: impl Into<String>) -> Self {
        Self::new(Grant::JwtBearer {
            assertion: assertion.into(),
        })
    }

    const fn new(grant: Grant) -> Self {
        Self {
            grant,
            scopes: None,
            resources: Vec::new(),
        }
    }

    /// Asks for these scopes.
    pub fn scopes(mut self, scopes: Scopes) -> Self {
        self.scopes = Some(scopes);
        self
    }

    /// Asks for a token for this resource, and for those named before (RFC 8707 §2).
    pub fn resource(mut self, resource: Resource) -> Self {
        self.resources.push(resource);
        self
    }

    #[cfg(feature = "client")]
    pub(crate) const fn grant(&self) -> &Grant {
        &self.grant
    }

    /// The same by another grant.
    #[cfg(feature = "client")]
    pub(crate) fn granted_by(mut self, grant: Grant) -> Self {
        self.grant = grant;
        self
    }

    /// The request with a client assertion, and with a DPoP proof where the token is to be bound to a key.
    ///
    /// # Errors
    ///
    /// [`ClientError::Url`] where the endpoint is not a URL that credentials may be sent to, [`ClientError::Proof`] for a
    /// proof that cannot stand in a header.
    pub fn to_http(
        &self,
        endpoint: &str,
        client_assertion: &str,
        proof: Option<&str>,
    ) -> Result<Request<Vec<u8>>, ClientError> {
        issuer::http_url(endpoint)?;
        let uri: Uri = endpoint
            .parse()
            .map_err(|_| UrlError("is not an absolute URL"))?;
        let mut request = Request::new(self.body(client_assertion).into_bytes());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(proof) = proof {
            let proof = HeaderValue::from_str(proof).map_err(|_| ClientError::Proof)?;
            headers.insert(DPOP, proof);
        }
        Ok(request)
    }

    fn body(&self, client_assertion: &str) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", self.grant.kind().as_str());
        if let Grant::JwtBearer { assertion } = &self.grant {
            form.append_pair("assertion", assertion);
        }
        if let Some(scopes) = &self.scopes {
            form.append_pair("scope", &scopes.to_string());
        }
        for resource in &self.resources {
            form.append_pair("resource", resource.as_str());
        }
        form.append_pair("client_assertion_type", CLIENT_ASSERTION_TYPE);
        form.append_pair("client_assertion", client_assertion);
        form.finish()
    }
}
