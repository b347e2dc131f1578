//! What the server answers to, one endpoint a file.
//!
//! | | |
//! |---|---|
//! | `GET /.well-known/oauth-authorization-server` | what the server says about itself (RFC 8414) |
//! | `GET /jwks` | the keys that access tokens are verified with |
//! | `POST /token` | access tokens |
//! | `GET /healthz` | whether the server can answer |
//!
//! Where the issuer has a path, `/jwks` and `/token` stand under it, and the metadata as RFC 8414 §3.1 says. Every
//! decision of the token endpoint is one event of the [audit log](crate::audit).
//!
//! The token endpoint asks in this order, and stops at the first no:
//!
//! | part | check | what | told |
//! |---|---|---|---|
//! | `request` | `form` | a POST of a form; no parameter twice; one way to authenticate | 400 `invalid_request`, 405 |
//! | `client` | `authentication` | an assertion, and not nothing or a secret | 401 `invalid_client` |
//! | | those of [`AssertionPolicy`](bulla::oauth::assertion::AssertionPolicy) | the assertion, remembered last | 401 `invalid_client`, 503 |
//! | `request` | `grant` | known, and allowed to the client | 400 `unsupported_grant_type`, `unauthorized_client` |
//! | | `scope` | allowed to the client | 400 `invalid_scope` |
//! | | `target` | allowed to the client | 400 `invalid_target` |
//! | `proof` | those of [`DpopPolicy`](bulla::oauth::dpop::DpopPolicy) | the proof, remembered last | 400 `invalid_dpop_proof`, `use_dpop_nonce`, 503 |
//! | `grant` | those of [`GrantPolicy`](bulla::oauth::grant::GrantPolicy) | the assertion, remembered last | 400 `invalid_grant`, 503 |
//! | `token` | `signature` | the token is signed | 500 or 503 `server_error` |

mod gate;
mod health;
mod jwks;
mod metadata;
mod router;
mod token;
mod trail;

use gate::Gate;
pub use router::{EndpointsError, router};
pub(crate) use trail::Trail;
