//! Every parser of Bulla as a plain function of octets.
//!
//! A function here panics when a promise is broken: that no input panics, that what was read can be
//! written and read again, that strict means strict. `tests/replay.rs` runs each over its corpus on
//! stable; `fuzz_targets/` gives each to a fuzzer.

#![forbid(unsafe_code)]

mod accepting;
mod base64url;
mod certificate;
mod claims;
mod json;
mod jwe;
mod jwk;
mod jwks;
mod jws;
mod key_store;
mod media_type;
mod oauth;
mod pem;
mod trusting;

pub use base64url::base64url;
pub use certificate::{certificate, certificate_chain, revocation_list};
pub use claims::claims;
pub use json::json;
pub use jwe::{inflate, jwe_compact, jwe_flattened, jwe_general};
pub use jwk::{jwk, jwk_set};
pub use jwks::{cache_headers, issuer_metadata};
pub use jws::{compact, flattened, general, header};
pub use key_store::{jks, pkcs12};
pub use media_type::media_type;
pub use oauth::{oauth_form, scopes, target_uri, www_authenticate};
pub use pem::pem;
