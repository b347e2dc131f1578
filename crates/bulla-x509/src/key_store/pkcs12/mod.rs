//! PKCS#12 ([RFC 7292](https://www.rfc-editor.org/rfc/rfc7292)): the key store of Java since version 9, of OpenSSL and Windows.
//!
//! # Reading
//!
//! The MAC is checked first, and a store without one is refused: a certificate in it may be anybody's. Then safes and keys are
//! decrypted: PBES2 (PBKDF2 with HMAC-SHA-1 or SHA-2, AES-CBC), which is what Java and OpenSSL write today, and the
//! encryption of older stores (SHA-1 with 3DES or RC2). Each derivation and all together are bounded before they begin; there is
//! no scrypt.
//!
//! What Java sees as an entry is one here: private keys with the chain that belongs to them, secret keys, and certificates that
//! are marked as trusted (`keytool -importcert`). Aliases become the `kid`s; an entry without a name is counted, as Java does.
//!
//! # Writing
//!
//! [`Builder`] writes PBES2 with AES-256 and a MAC with SHA-256, which `keytool` and `openssl pkcs12` read.
//!
//! A private key without `x5c` is written without a certificate. OpenSSL reads that. Java 17 lists it, with a chain of length 0, and
//! `KeyStore.getKey` returns it; but `KeyStore.getEntry` and `keytool -importkeystore` fail with a `NullPointerException`.
//! Give a key that Java is to use its certificate first.

mod attributes;
mod bags;
mod budget;
mod chains;
mod encryption;
mod legacy;
mod mac;
mod read;
mod structure;
mod write;

pub use read::{is_pkcs12, read};
pub use write::Builder;
