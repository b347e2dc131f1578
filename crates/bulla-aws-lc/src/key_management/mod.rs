//! Key management (RFC 7518 §4): the parts that need a primitive. The core puts the rest together.

pub(crate) mod aes_kw;
pub(crate) mod ecdh;
pub(crate) mod rsa;
