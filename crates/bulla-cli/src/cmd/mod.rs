//! One verb a file.

pub(crate) mod alg;
pub(crate) mod completions;
pub(crate) mod explain;
pub(crate) mod jwk;
pub(crate) mod jws;
pub(crate) mod man;
