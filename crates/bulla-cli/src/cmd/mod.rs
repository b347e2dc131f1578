//! One verb a file.

pub(crate) mod alg;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod explain;
mod format;
pub(crate) mod jwe;
pub(crate) mod jwk;
pub(crate) mod jwks;
pub(crate) mod jws;
pub(crate) mod jwt;
pub(crate) mod man;
pub(crate) mod serve;
pub(crate) mod token;
