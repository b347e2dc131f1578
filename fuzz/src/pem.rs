//! Key files: PEM and DER of every structure.

use bulla_core::jwk::pem::{
    Encoded, read, write_pkcs1, write_pkcs8, write_pkcs8_encrypted, write_sec1, write_spki,
};
use bulla_core::jwk::{Jwk, KeyError};

use crate::trusting::Trusting;

/// A key that was read can be written in every format that fits it, and read again from PEM and DER.
pub fn pem(octets: &[u8]) {
    match read(octets, Some(b"password"), &Trusting) {
        Ok(Jwk::Private(key)) => {
            let key = key.key();
            let encrypted = write_pkcs8_encrypted(key, b"password", &Trusting);
            for file in [
                write_pkcs8(key),
                write_pkcs1(key),
                write_sec1(key),
                encrypted,
            ] {
                again(
                    file,
                    |read| matches!(read, Jwk::Private(read) if read.key() == key),
                );
            }
        }
        Ok(Jwk::Public(key)) => {
            let key = key.key();
            again(
                write_spki(key),
                |read| matches!(read, Jwk::Public(read) if read.key() == key),
            );
        }
        Ok(_) => panic!("a key file holds no symmetric key"),
        Err(_) => {}
    }
}

/// A format that does not fit the key refuses to be written; what is written must be readable.
fn again(file: Result<Encoded, KeyError>, is_same: impl Fn(&Jwk) -> bool) {
    let Ok(file) = file else { return };
    for octets in [file.as_der(), file.to_pem().as_bytes()] {
        let read =
            read(octets, Some(b"password"), &Trusting).expect("what was written is unreadable");
        assert!(is_same(&read), "another key came back");
    }
}
