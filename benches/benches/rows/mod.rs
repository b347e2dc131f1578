//! What is measured, one kind of row a file.

pub(crate) mod bulk;
pub(crate) mod cache;
pub(crate) mod jwe;
pub(crate) mod jwe_bulk;
pub(crate) mod jws;
pub(crate) mod keys;
pub(crate) mod oracle;
pub(crate) mod scaling;
pub(crate) mod stream;
