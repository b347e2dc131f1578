//! A client's own key pairs over HTTP: their public halves for authorization servers (`jwks_uri`), and rotation for
//! whoever runs the client.
//!
//! ```
//! use bulla_core::jwa::SignatureAlg;
//! use bulla_core::jwk::{EcCurve, PrivateJwk};
//! use bulla_core::key::{KeyRotation, KeySpec, RotationKey, RotationPolicy};
//! use bulla_oauth::rotation::{KeyEndpoints, NewKeys};
//! # fn f() -> Result<(), Box<dyn std::error::Error>> {
//! let backend = bulla_aws_lc::backend();
//! let new_keys = NewKeys::local(&backend, SignatureAlg::Es256);
//! let keys = KeyRotation::new(new_keys.generate()?, RotationPolicy::new());
//! let endpoints = KeyEndpoints::new(keys.clone(), new_keys); // and `keys` is what the client signs with
//!
//! let public = axum::Router::new().merge(endpoints.jwks()); // for everybody
//! let admin = axum::Router::new().nest("/admin", endpoints.admin()); // behind whatever guards the application
//! # let _ = (public, admin); Ok(()) }
//! ```
//!
//! | Router | Route | Answer |
//! |---|---|---|
//! | `jwks()` | `GET`, `HEAD /jwks` | the public halves: of the key that signs, the next, and those that signed; `ETag`, 304, `Cache-Control` |
//! | `admin()` | `GET /keys` | which keys there are, and where each stands: next, current, retired |
//! | `admin()` | `POST /rotate` | announces a new key pair; 409 while one waits; 403 for a page of another site; `?emergency=true` replaces the current one at once |
//!
//! Nothing is kept here: what shall outlive the program is saved by who makes the keys, a [`MakeKey`] of one's own, and
//! comes back by [`KeyRotation::restore`](bulla_core::key::KeyRotation::restore).

mod endpoints;
mod new_keys;
mod routes;
mod same_site;
mod status;

pub use endpoints::{KeyEndpoints, RotateError};
pub use new_keys::{MakeKey, NewKeys};
