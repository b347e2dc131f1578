//! Calling the API.

use std::error::Error;

use axum::http::{Request, StatusCode, Uri};
use bulla::jwa::SignatureAlg;
use bulla::jwks::http::{HttpClient, HttpOptions};
use bulla::key::KeyRotation;
use bulla::oauth::client::{TokenError, TokenSource, connect};
use bulla::oauth::dpop::DpopKey;
use bulla::oauth::message::TokenRequest;
use bulla::oauth::{Resource, Scopes};

/// What is configured.
pub(crate) struct Wanted {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) api: String,
    pub(crate) resource: Option<String>,
    pub(crate) scope: String,
}

/// Has a token whenever it is needed, and sends it with a proof.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    tokens: TokenSource,
    http: HttpClient,
    api: Uri,
}

impl Caller {
    /// `keys` sign the assertions, each time the one that is active.
    pub(crate) fn new(wanted: Wanted, keys: KeyRotation) -> Result<Self, Box<dyn Error>> {
        let api: Uri = wanted.api.parse()?;
        let resource = match wanted.resource {
            Some(resource) => resource,
            None => origin(&api)?,
        };
        let request = TokenRequest::client_credentials()
            .scopes(Scopes::parse(&wanted.scope)?)
            .resource(Resource::parse(resource)?);
        // Tokens are bound to this key: whoever steals one has nothing.
        let dpop = DpopKey::generate(&bulla::backend(), SignatureAlg::Es256)?;
        let client = connect(&wanted.issuer, wanted.client_id, keys)?.dpop(dpop);
        Ok(Self {
            tokens: client.tokens(request).build(),
            // Plain http goes to this machine and nowhere else.
            http: HttpOptions::default().allow_loopback_http().build()?,
            api,
        })
    }

    /// One call. The token is one that is kept, unless there is none or the API does not accept it.
    pub(crate) async fn call(&self) -> Result<(StatusCode, String), TokenError> {
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = self.api.clone();
        let answer = self.tokens.call(&self.http, request).await?;
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        Ok((answer.status(), body))
    }
}

/// Scheme and authority.
fn origin(uri: &Uri) -> Result<String, String> {
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => Ok(format!("{scheme}://{authority}")),
        _ => Err(format!("{uri} names no host")),
    }
}
