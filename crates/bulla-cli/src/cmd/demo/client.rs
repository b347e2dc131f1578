//! The client: makes assertions, asks for tokens, and calls the API. Each message is kept to be shown.

use axum::http::Request;
use bulla::jwks::http::HttpClient;
use bulla::key::KeyRotation;
use bulla::oauth::assertion::ClientAssertion;
use bulla::oauth::client::{TokenClient, Transport as _};
use bulla::oauth::message::TokenRequest;
use bulla::oauth::{Issuer, Scopes};

use super::exchange::{Exchange, Token};
use super::world::Addresses;
use crate::error::Failure;

/// Who the client is.
pub(super) const CLIENT: &str = "invoicing";
/// What it asks for.
pub(super) const SCOPE: &str = "invoices:read";

#[derive(Clone)]
pub(super) struct Client {
    tokens: TokenClient,
    assertion: ClientAssertion,
    keys: KeyRotation,
    http: HttpClient,
    token_endpoint: String,
    api: String,
}

/// A token request, with what it authenticated by and what it came to.
pub(super) struct Asked {
    pub(super) assertion: Token,
    pub(super) exchange: Exchange,
    pub(super) access_token: Option<Token>,
}

impl Client {
    pub(super) fn new(
        addresses: &Addresses,
        keys: KeyRotation,
        http: HttpClient,
    ) -> Result<Self, Failure> {
        let issuer = Issuer::parse(addresses.authorization_server.clone()).map_err(Failure::bug)?;
        let assertion = ClientAssertion::new(CLIENT, &issuer, &bulla::backend());
        let tokens = TokenClient::new(&addresses.token_endpoint, assertion.clone(), keys.clone());
        Ok(Self {
            tokens: tokens.map_err(Failure::bug)?,
            assertion,
            keys,
            http,
            token_endpoint: addresses.token_endpoint.clone(),
            api: addresses.api.clone(),
        })
    }

    /// Asks for a token, with a new assertion.
    pub(super) async fn ask(&self) -> Result<Asked, Failure> {
        let wanted = wanted()?;
        let request = self.tokens.prepare(&wanted, None).await;
        self.post(request.map_err(Failure::bug)?).await
    }

    /// Asks for a token with an assertion that was made before.
    pub(super) async fn ask_with(&self, assertion: &str) -> Result<Asked, Failure> {
        let request = wanted()?.to_http(&self.token_endpoint, assertion, None);
        self.post(request.map_err(Failure::bug)?).await
    }

    /// An assertion for another authorization server.
    pub(super) async fn assertion_for(&self, audience: &str) -> Result<String, Failure> {
        let assertion = self.assertion.clone().legacy_audience(audience);
        let signed = assertion.sign_async(&self.keys.signer()).await;
        signed.map_err(Failure::bug)
    }

    /// Calls the API, with this token or without one.
    pub(super) async fn call(&self, token: Option<&str>) -> Result<Exchange, Failure> {
        let mut request = Request::get(&self.api);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Vec::new()).map_err(Failure::bug)?)
            .await
    }

    /// Sends a request.
    pub(super) async fn send(&self, request: Request<Vec<u8>>) -> Result<Exchange, Failure> {
        let (parts, body) = request.into_parts();
        let sent = Request::from_parts(parts.clone(), body.clone());
        let response = self.http.send(sent).await.map_err(Failure::bug)?;
        Ok(Exchange::of(&Request::from_parts(parts, body), &response))
    }

    async fn post(&self, request: Request<Vec<u8>>) -> Result<Asked, Failure> {
        let exchange = self.send(request).await?;
        let assertion = exchange.parameter("client_assertion").unwrap_or_default();
        let access_token = exchange.member("access_token");
        Ok(Asked {
            assertion: Token::decode(assertion)?,
            access_token: access_token
                .map(|token| Token::decode(&token))
                .transpose()?,
            exchange,
        })
    }
}

fn wanted() -> Result<TokenRequest, Failure> {
    let scopes = Scopes::parse(SCOPE).map_err(Failure::bug)?;
    Ok(TokenRequest::client_credentials().scopes(scopes))
}
