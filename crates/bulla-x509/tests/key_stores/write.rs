use bulla_core::jwk::{Jwk, PublicJwk, SecretJwk};
use bulla_x509::key_store::{KeyStoreError, Passwords, StoredKeys, pkcs12};

use crate::support::{backend, read};

fn written(keys: &[(&str, &Jwk)], password: &str) -> Vec<u8> {
    let backend = backend();
    let mut builder = pkcs12::Builder::new(backend.as_ref());
    for (alias, key) in keys {
        builder = builder.key(alias, key).expect(alias);
    }
    builder.write(password).expect("a store")
}

#[test]
fn what_was_read_is_written_and_read_again() {
    for name in ["every.p12", "chain.p12"] {
        let store = read(name);
        let keys: Vec<_> = store
            .entries()
            .iter()
            .map(|entry| (entry.alias(), entry.key()))
            .collect();
        let octets = written(&keys, "pässwörd€");
        let again = StoredKeys::read(&octets, &Passwords::new("pässwörd€"), backend().as_ref())
            .expect("a store");
        assert!(again.rejected().is_empty(), "{:?}", again.rejected());
        assert_eq!(again.entries().len(), store.entries().len());
        for entry in store.entries() {
            let found = again.named(entry.alias()).expect("the alias");
            assert_eq!(found.key(), entry.key(), "{name}: {}", entry.alias());
        }
        let wrong = StoredKeys::read(&octets, &Passwords::new("passwort"), backend().as_ref());
        assert_eq!(wrong.err(), Some(KeyStoreError::PasswordWrong));
    }
}

#[test]
fn keys_without_certificates() {
    let Jwk::Private(mut key) = read("every.p12").named("p384").expect("p384").key().clone() else {
        panic!("not private");
    };
    key.members_mut().x5c = None;
    let public = Jwk::Public(PublicJwk::new(key.public().key().clone()));
    let octets = written(
        &[
            ("alone", &Jwk::Private(key.clone())),
            ("odd", &Jwk::Secret(SecretJwk::new(vec![7; 20]))),
        ],
        "changeit",
    );
    let store = StoredKeys::read(&octets, &Passwords::new("changeit"), backend().as_ref())
        .expect("a store");
    let Jwk::Private(again) = store.named("alone").expect("the alias").key() else {
        panic!("not private");
    };
    assert_eq!(again.key(), key.key());
    assert!(again.members().x5c.is_none());
    let Jwk::Secret(odd) = store.named("odd").expect("the alias").key() else {
        panic!("not secret");
    };
    assert_eq!(
        (odd.k().expose(), &odd.members().alg),
        (&[7; 20][..], &None)
    );

    let backend = backend();
    let refused = pkcs12::Builder::new(backend.as_ref()).key("public", &public);
    assert_eq!(refused.err(), Some(KeyStoreError::CertificateMissing));
}

#[test]
fn refusals() {
    let backend = backend();
    let builder = || pkcs12::Builder::new(backend.as_ref());
    let store = read("chain.p12");
    let key = store.named("leaf").expect("leaf").key();
    let long = "a".repeat(257);
    for alias in ["", "😀", &long] {
        let refused = builder().key(alias, key);
        assert_eq!(refused.err(), Some(KeyStoreError::AliasUnfit), "{alias:?}");
    }
    let twice = builder().key("a", key).expect("once").key("A", key);
    assert_eq!(twice.err(), Some(KeyStoreError::AliasTaken));
    assert_eq!(
        builder().key("a", key).expect("once").write("").err(),
        Some(KeyStoreError::PasswordMissing)
    );
    assert_eq!(
        builder().write("😀").map_err(|error| error.code()),
        Err("keystore.unsupported")
    );
    let Jwk::Private(mut wrong) = key.clone() else {
        panic!("not private");
    };
    wrong.members_mut().x5c = store
        .named("root")
        .expect("root")
        .key()
        .members()
        .x5c
        .clone();
    let refused = builder().key("a", &Jwk::Private(wrong));
    assert_eq!(
        refused.err().map(|error| error.code()),
        Some("keystore.malformed")
    );
}
