//! A protected resource over HTTP: a [`tower_layer::Layer`] that admits requests by their access tokens, and an axum
//! extractor that has the scopes a handler needs in its type. Feature `axum`.
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use bulla_oauth::Issuer;
//! use bulla_oauth::protect::{Authorized, NeededScopes, ProtectedResource};
//!
//! struct ReadInvoices;
//! impl NeededScopes for ReadInvoices {
//!     const SCOPES: &'static str = "invoices:read";
//! }
//!
//! async fn list(access: Authorized<ReadInvoices>) -> String {
//!     format!("invoices for {}", access.client_id().unwrap_or("nobody"))
//! }
//!
//! # fn f() -> Result<Router, Box<dyn std::error::Error>> {
//! let issuer = Issuer::parse("https://auth.example.com")?;
//! let api = ProtectedResource::new(&issuer, "https://api.example.com").build()?; // finds the issuer's keys
//! let router: Router = Router::new().route("/invoices", get(list)).layer(api.layer());
//! # Ok(router) }
//! ```
//!
//! A layer may need scopes as well, for all its routes: `api.layer().require("invoices:read")?`; and roles, which
//! Microsoft Entra gives to applications in place of scopes: `api.layer().require_role("Invoices.Read.All")`.
//!
//! | Tokens | how |
//! |---|---|
//! | of RFC 9068 (`at+jwt`) | [`ProtectedResource::new`] |
//! | of Keycloak and other servers that came before | [`ProtectedResource::plain`] |
//! | of Microsoft Entra | [`ProtectedResource::entra`] |
//! | bound to a key, with DPoP | [`ResourceBuilder::dpop`] with [`DpopRules`] |
//! | bound to a certificate, with mutual TLS | put a [`ClientCertificate`] into the extensions of the request |
//!
//! # What is answered
//!
//! | | status | `WWW-Authenticate` |
//! |---|---|---|
//! | no token | 401 | the schemes, without an error (RFC 6750 §3.1) |
//! | a malformed header, several, a token in the URL | 400 | `invalid_request` |
//! | a token that is not acceptable, whatever is wrong with it | 401 | `invalid_token` |
//! | a proof that is not acceptable | 401 | `DPoP error="invalid_dpop_proof"` (RFC 9449 §7.1) |
//! | a proof without a nonce, where one is needed | 401 | `DPoP error="use_dpop_nonce"`, and `DPoP-Nonce` |
//! | a scope or a role is missing | 403 | `insufficient_scope`, with the scopes |
//! | the issuer's keys, or the store of used proofs, cannot be had | 503 | none; `Retry-After` |
//!
//! Answers with an error repeat it as JSON. What exactly was wrong is for the log: [`Refusal::code`], the `tracing` target
//! `bulla_oauth::protect`, and the counter `bulla_oauth_resource_requests_total`. Neither has a token in it.
//!
//! # Security
//!
//! The layer admits or refuses every request that it sees, `OPTIONS` included: a layer for CORS belongs outside it.

mod builder;
mod certificate;
mod dpop;
mod events;
mod external;
mod extract;
mod keys;
mod layer;
mod needed;
mod refusal;
mod replay;
mod requirements;
mod resource;
mod service;
mod tokens;

pub use builder::{JwtTokens, ResourceBuilder};
pub use certificate::ClientCertificate;
pub use dpop::DpopRules;
pub use extract::Authorized;
pub use keys::IssuerKeys;
pub use layer::ProtectLayer;
pub use needed::NeededScopes;
pub use refusal::Refusal;
pub use replay::{MemoryReplay, ReplayStore};
pub use requirements::Requirements;
pub use resource::{Admitted, ProtectedResource};
pub use service::Protected;
