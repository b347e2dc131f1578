//! Known ways in which JOSE implementations were broken, one named test each.

mod base64url;
mod claims;
mod critical;
mod forge;
mod header_keys;
mod inverno;
mod json;
mod jwk;
mod key_confusion;
mod none;
mod own_code;
mod parsing;
mod pem;
mod serialization;
mod signatures;
#[path = "../support/mod.rs"]
mod support;
