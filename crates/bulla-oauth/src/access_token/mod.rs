//! Access tokens that are JWTs, [RFC 9068](https://www.rfc-editor.org/rfc/rfc9068): issued by an authorization server,
//! checked by a protected resource.
//!
//! ```
//! use bulla_core::jwk::{EcCurve, PrivateJwk};
//! use bulla_core::key::{KeySpec, Signer, Verifier};
//! use bulla_oauth::access_token::{AccessToken, AccessTokenPolicy, Presented};
//! use bulla_oauth::{Issuer, Scopes};
//! # let backend = bulla_aws_lc::backend();
//! let issuer = Issuer::parse("https://auth.example.com")?;
//! let key = PrivateJwk::new(backend.generate(KeySpec::Ec(EcCurve::P256))?);
//!
//! // The authorization server.
//! let token = AccessToken::for_client("billing", &issuer, "https://api.example.com", &backend)
//!     .scopes(Scopes::parse("invoices:read")?)
//!     .sign(&Signer::bind(&backend, &key)?)?;
//!
//! // The API.
//! let policy = AccessTokenPolicy::rfc9068(&issuer, "https://api.example.com");
//! let keys = Verifier::bind(&backend, &key.public())?;
//! let access = policy.verify(&token, &keys)?.presented(Presented::Bearer)?;
//! access.require(&Scopes::parse("invoices:read")?)?;
//! assert_eq!(access.client_id(), Some("billing"));
//!
//! let refused = access.require(&Scopes::parse("invoices:write")?).unwrap_err();
//! let challenge = refused.challenge(access.scheme());
//! assert_eq!((challenge.status().as_u16(), challenge.error_code()), (403, Some("insufficient_scope")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Not every server issues such tokens. [`AccessTokenPolicy::plain`] takes those of Keycloak and the like, whose type is
//! `JWT`. Those of Microsoft Entra have rules of their own, which `bulla_jwks::entra` judges; what it finds valid becomes
//! an [`UnboundAccess`] as well, by `From`.

mod access;
mod claims;
mod error;
mod make;
mod policy;

pub use access::{Access, Presented, UnboundAccess};
pub use claims::TokenClaims;
pub use error::AccessError;
pub use make::AccessToken;
pub use policy::AccessTokenPolicy;
