//! JSON Web Signatures (RFC 7515, RFC 7797).

mod header;

pub use header::Header;
