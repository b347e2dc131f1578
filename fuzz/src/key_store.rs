//! Key stores: what a file says about itself, and what stands in one whose digest or MAC is right.

use bulla_core::jwk::PublicJwk;
use bulla_core::trust::KeyName;
use bulla_x509::key_store::{KeyStoreError, Passwords, StoredKeys};

use crate::trusting::Trusting;

#[allow(dead_code)]
#[path = "../../crates/bulla-x509/tests/key_store_damage/seal.rs"]
mod seal;

/// A JKS file; and the entries of one, which get the digest that belongs to them.
pub fn jks(octets: &[u8]) {
    for file in [octets, &seal::jks(octets)] {
        check(bulla_x509::key_store::jks::read(
            file,
            &passwords(),
            &Trusting,
        ));
    }
}

/// A PKCS#12 file; and the safes of one, which get the MAC that belongs to them. What they encrypt with AES is parsed as it
/// stands.
pub fn pkcs12(octets: &[u8]) {
    for file in [octets, &seal::pkcs12(octets)] {
        check(bulla_x509::key_store::pkcs12::read(
            file,
            &passwords(),
            &Trusting,
        ));
    }
}

fn passwords() -> Passwords {
    Passwords::new(seal::PASSWORD).with_entry("own", "another")
}

/// Every key is found by its names, and its chain begins with its own certificate.
fn check(store: Result<StoredKeys, KeyStoreError>) {
    let Ok(store) = store else { return };
    for entry in store.entries() {
        assert!(store.named(entry.alias()).is_ok());
        let thumbprint = entry.thumbprint();
        assert!(store.find(KeyName::Thumbprint(thumbprint)).is_some());
        let Some(certificate) = entry.key().members().x5c.as_ref().map(|chain| &chain[0]) else {
            continue;
        };
        let certified = PublicJwk::from_certificate(certificate).expect("it was read before");
        let public = entry.public().expect("a secret has no certificate");
        assert_eq!(certified.key(), public.key());
    }
    for rejected in store.rejected() {
        assert!(!rejected.error.to_string().is_empty());
    }
}
