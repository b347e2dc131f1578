//! Key files: PEM and DER of every kind that people have, read and written.
//!
//! [`read`] looks at the content, not at the label or the file name: PKCS#8 plain and password-protected, SPKI,
//! PKCS#1, SEC 1, X.509 certificates. What it cannot read it names, with the command that converts it.
//!
//! Writing gives an [`Encoded`], which is DER or PEM as one likes. Primitives (PBKDF2, AES-CBC, random octets) come from
//! the [`Backend`](crate::key::Backend); the ASN.1 from crates that derive it from its description.

mod armor;
mod certificates;
mod encoded;
mod encrypted;
mod kind;
mod ml_dsa;
mod pkcs1;
mod pkcs8;
mod read;
mod sec1;
mod spki;

pub use certificates::certificates;
pub use encoded::Encoded;
pub use encrypted::write_pkcs8_encrypted;
pub use kind::is_key_file;
pub use pkcs1::{write_pkcs1, write_pkcs1_public};
pub use pkcs8::write_pkcs8;
pub use read::read;
pub use sec1::write_sec1;
pub use spki::write_spki;
