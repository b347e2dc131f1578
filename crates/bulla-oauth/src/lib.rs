//! OAuth 2.0 between machines, without shared secrets: `private_key_jwt`, DPoP and access tokens that are JWTs.
//!
//! Types and checks for all three roles, and no I/O: no HTTP client or server, no store, no clock but the one that is
//! given. What must happen elsewhere, to look up a client or to remember a `jti`, stands between two calls.
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
//!
//! Every check is a small function with a name, in an order that its policy documents. The name is for the audit log;
//! whoever sent the token gets an answer that does not tell.

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
mod resource;
mod scope;
mod single_use;
mod url_error;

pub use issuer::Issuer;
pub use make_error::MakeError;
pub use resource::Resource;
pub use scope::{ScopeError, Scopes};
pub use single_use::{Recorded, SingleUse};
pub use url_error::UrlError;
