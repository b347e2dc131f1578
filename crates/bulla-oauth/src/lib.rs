//! OAuth 2.0 between machines, without shared secrets: `private_key_jwt`, DPoP and access tokens that are JWTs.
//!
//! Types and checks for all three roles, and no I/O: no HTTP client or server, no store, no clock but the one that is
//! given. What must happen elsewhere, to look up a client or to remember a `jti`, stands between two calls. The feature
//! `client` adds a client that does it all over HTTPS: [`client`] says how. The feature `axum` adds the client's own key
//! pairs over HTTP, in the module `rotation`.
//!
//! | Module | What is in it | RFC |
//! |---|---|---|
//! | [`assertion`] | client assertions, made and checked | 7521, 7523, draft-ietf-oauth-rfc7523bis |
//! | [`grant`] | assertions as grants, made and checked | 7521, 7523 |
//! | [`dpop`] | proofs of possession, and nonces | 9449 |
//! | [`access_token`] | access tokens, issued and checked; scopes and bindings | 9068, 9449, 8705 |
//! | [`metadata`] | what an authorization server says about itself | 8414 |
//! | [`message`] | requests, answers and challenges, with their exact status and headers | 6749, 6750, 8707 |
//! | [`client`] | what a client has to send, and what the answer means | 6749, 9449 |
//! | `protect` (feature `axum`) | a layer and an extractor for protected resources, over all this | 6750, 9449, 8705 |
//!
//! Every check is a small function with a name, in an order that its policy documents. The name is for the audit log;
//! whoever sent the token gets an answer that does not tell.
//!
//! # A client
//!
//! ```
//! use bulla_oauth::{Issuer, Scopes, assertion::ClientAssertion, client::TokenClient, message::{TokenOutcome, TokenRequest}};
//! # use bulla_core::{jwk::{EcCurve, PrivateJwk}, key::{Backend, KeySpec, Signer}};
//! # use std::sync::Arc;
//! # fn send(_: http::Request<Vec<u8>>) -> http::Response<Vec<u8>> { unimplemented!() }
//! async fn token(signer: Signer, backend: Arc<dyn Backend>) -> Result<String, Box<dyn std::error::Error>> {
//!     let issuer = Issuer::parse("https://auth.example.com")?;
//!     let client = TokenClient::new(
//!         "https://auth.example.com/token",
//!         ClientAssertion::new("billing", &issuer, &backend),
//!         signer,
//!     )?;
//!     let wanted = TokenRequest::client_credentials().scopes(Scopes::parse("invoices:read")?);
//!     let request = client.prepare(&wanted, None).await?; // signs an assertion, to be sent once
//!     match client.read(&send(request))? {
//!         TokenOutcome::Granted(token) => Ok(token.access_token().to_owned()),
//!         other => Err(format!("{other:?}").into()),
//!     }
//! }
//! ```
//!
//! # An authorization server
//!
//! ```
//! use bulla_core::key::KeySet;
//! use bulla_oauth::assertion::{AssertionError, AssertionPolicy, AuthenticatedClient, RegisteredClient};
//! use bulla_oauth::message::{PresentedClient, ReceivedTokenRequest};
//! use bulla_oauth::{Recorded, SingleUse};
//! # type Answer = Box<http::Response<Vec<u8>>>;
//! # trait Store {
//! #     fn client(&self, id: &str) -> Option<(RegisteredClient, KeySet)>;
//! #     fn insert_if_absent(&self, used: &SingleUse) -> Recorded;
//! #     fn nobodys_keys(&self) -> &KeySet;
//! # }
//! fn authenticate(
//!     request: &http::Request<Vec<u8>>,
//!     policy: &AssertionPolicy,
//!     store: &dyn Store,
//! ) -> Result<AuthenticatedClient, Answer> {
//!     let request = ReceivedTokenRequest::read(request.method(), request.headers(), request.body())
//!         .map_err(|error| error.to_http())?;
//!     let (client_id, assertion) = match request.client() {
//!         PresentedClient::Assertion { client_id, assertion } => (client_id.as_deref(), assertion),
//!         other => return Err(other.refusal().map_or_else(Default::default, |refusal| refusal.to_http()).into()),
//!     };
//!     // `error.check()` and `error.code()` are for the audit log, the answer tells neither.
//!     let told = |error: AssertionError| error.response().to_http();
//!     let received = policy.read(assertion, client_id).map_err(told)?;
//!     let verified = match store.client(received.client_id().peek()) {
//!         Some((client, keys)) => received.verify(Some(&client), &keys),
//!         None => received.verify(None, store.nobodys_keys()),
//!     };
//!     let verified = verified.map_err(told)?;
//!     let recorded = store.insert_if_absent(verified.single_use()); // one atomic step
//!     Ok(verified.admit(recorded).map_err(told)?)
//! }
//! ```
//!
//! # A protected resource
//!
//! ```
//! use bulla_core::key::KeySet;
//! use bulla_oauth::Scopes;
//! use bulla_oauth::access_token::{Access, AccessTokenPolicy, Presented};
//! use bulla_oauth::message::{Challenge, PresentedToken, TokenScheme};
//! fn access(
//!     request: &http::Request<()>,
//!     policy: &AccessTokenPolicy,
//!     keys: &KeySet,
//!     needed: &Scopes,
//! ) -> Result<Access, Box<Challenge>> {
//!     let presented = PresentedToken::read(request.headers(), request.uri().query())
//!         .map_err(|error| error.challenge(TokenScheme::Bearer))?
//!         .ok_or_else(|| Challenge::new(TokenScheme::Bearer))?;
//!     let token = policy.verify(presented.token(), keys).map_err(|error| error.challenge(presented.scheme()))?;
//!     // For `DPoP`, verify the proof first, and present the key that it proved.
//!     let access = token.presented(Presented::Bearer).map_err(|error| error.challenge(presented.scheme()))?;
//!     access.require(needed).map_err(|error| error.challenge(access.scheme()))?;
//!     Ok(access)
//! }
//! ```

pub mod access_token;
pub mod assertion;
mod checks;
pub mod client;
pub mod dpop;
mod fresh;
pub mod grant;
mod issuer;
mod make_error;
pub mod message;
pub mod metadata;
#[cfg(feature = "axum")]
pub mod protect;
mod resource;
#[cfg(feature = "axum")]
pub mod rotation;
mod scope;
mod single_use;
mod url_error;

pub use issuer::Issuer;
pub use make_error::MakeError;
pub use resource::Resource;
pub use scope::{ScopeError, Scopes};
pub use single_use::{Recorded, SingleUse};
pub use url_error::UrlError;
