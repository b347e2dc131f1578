use bulla_core::json;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::MetadataError;
use crate::issuer::{self, Issuer};
use crate::message::json_response;

/// The metadata of an authorization server, [RFC 8414 §2](https://www.rfc-editor.org/rfc/rfc8414#section-2) and RFC 9449
/// §5.1. Members that are not known here are kept.
///
/// ```
/// use bulla_oauth::metadata::ServerMetadata;
/// use bulla_oauth::Issuer;
/// let issuer = Issuer::parse("https://auth.example.com")?;
/// let body = br#"{"issuer":"https://auth.example.com","token_endpoint":"https://auth.example.com/token",
///     "response_types_supported":[]}"#;
/// let metadata = ServerMetadata::read(body, &issuer)?;
/// assert_eq!(metadata.token_endpoint.as_deref(), Some("https://auth.example.com/token"));
///
/// let other = Issuer::parse("https://auth.example.com/")?;
/// assert_eq!(ServerMetadata::read(body, &other).unwrap_err().code(), "oauth.metadata-issuer-mismatch");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ServerMetadata {
    /// The issuer identifier.
    pub issuer: Issuer,
    /// Where tokens are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    /// Where the keys of the tokens are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// The scopes, as many as the server cares to name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes_supported: Option<Vec<String>>,
    /// Required, and empty for a server without an authorization endpoint.
    #[serde(default)]
    pub response_types_supported: Vec<String>,
    /// The values of `grant_type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_types_supported: Option<Vec<String>>,
    /// How clients authenticate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// What client assertions may be signed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
    /// What DPoP proofs may be signed with; tokens are bound to keys where this is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dpop_signing_alg_values_supported: Option<Vec<String>>,
    /// Where a token is asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<String>,
    /// Where a token is given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<String>,
    /// Everything else, as it came.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ServerMetadata {
    /// The metadata of a server that has no endpoint yet. Its fields are to be set.
    #[must_use]
    pub fn new(issuer: &Issuer) -> Self {
        Self {
            issuer: issuer.clone(),
            token_endpoint: None,
            jwks_uri: None,
            scopes_supported: None,
            response_types_supported: Vec::new(),
            grant_types_supported: None,
            token_endpoint_auth_methods_supported: None,
            token_endpoint_auth_signing_alg_values_supported: None,
            dpop_signing_alg_values_supported: None,
            introspection_endpoint: None,
            revocation_endpoint: None,
            other: Map::new(),
        }
    }

    /// Reads what a server answered.
    ///
    /// # Errors
    ///
    /// [`MetadataError::IssuerMismatch`] where it is not that of `issuer`, compared as text (RFC 8414 §3.3): somebody
    /// else's endpoints may stand there. [`MetadataError::Malformed`], and [`MetadataError::Url`] for an endpoint that is
    /// no URL credentials may be sent to.
    pub fn read(body: &[u8], issuer: &Issuer) -> Result<Self, MetadataError> {
        if body.len() > LONGEST {
            return Err(MetadataError::TooLarge);
        }
        let metadata: Self = json::from_slice(body, DEPTH).map_err(MetadataError::Malformed)?;
        if metadata.issuer != *issuer {
            return Err(MetadataError::IssuerMismatch {
                found: metadata.issuer,
            });
        }
        for url in [&metadata.token_endpoint, &metadata.jwks_uri]
            .into_iter()
            .flatten()
        {
            issuer::http_url(url).map_err(MetadataError::Url)?;
        }
        Ok(metadata)
    }

    /// The answer of the well-known address: 200, JSON, cacheable for an hour.
    #[must_use]
    pub fn to_http(&self) -> Response<Vec<u8>> {
        let mut response = json_response(StatusCode::OK, self);
        let headers = response.headers_mut();
        headers.remove(http::header::PRAGMA);
        headers.insert(
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=3600"),
        );
        response
    }
}

/// Octets of a document.
const LONGEST: usize = 256 * 1024;
const DEPTH: usize = 32;
