use bulla_core::jwk::{Jwk, pem};
use bulla_x509::{Certificate, PathError, certify};

use crate::support::{certificate, chain, file, policy};

fn leaf_key() -> Jwk {
    let backend = bulla_aws_lc::backend();
    pem::read(&file("leaf.key.pem"), None, backend.as_ref()).unwrap()
}

fn certificates(names: &[&str]) -> Vec<Certificate> {
    names.iter().map(|name| certificate(name)).collect()
}

/// From a certificate file to a private key that carries it, and from there through a policy to the trusted public key.
#[test]
fn a_chain_goes_beside_its_key_and_comes_back_as_the_key() {
    let Jwk::Private(mut key) = leaf_key() else {
        panic!("not a private key")
    };
    let names = ["leaf", "intermediate"];
    let public = key.key().public();
    certify(key.members_mut(), &public, &certificates(&names)).unwrap();
    assert_eq!(key.members().x5c, Some(chain(&names)));
    let signer = bulla_core::key::Signer::bind(&bulla_aws_lc::backend(), &key);
    assert!(
        signer.is_ok(),
        "the core finds the certificates to be of the key"
    );
    let sent = key.members().x5c.clone().unwrap();
    let path = policy(&["root"]).validate(&sent).unwrap();
    assert_eq!(*path.jwk().key(), public);
    assert_eq!(path.jwk().members().x5t_s256, key.members().x5t_s256);
}

#[test]
fn chains_that_do_not_belong_are_refused_and_nothing_is_changed() {
    let Jwk::Private(mut key) = leaf_key() else {
        panic!("not a private key")
    };
    let public = key.key().public();
    let before = key.members().clone();
    for (names, error) in [
        (&[][..], PathError::Empty),
        (&["revoked", "intermediate"], PathError::KeyMismatch),
        (&["leaf", "root"], PathError::ChainOrder(1)),
        (&["leaf", "false-intermediate"], PathError::ChainOrder(1)),
    ] {
        let outcome = certify(key.members_mut(), &public, &certificates(names));
        assert_eq!(outcome, Err(error), "{names:?}");
        assert_eq!(*key.members(), before);
    }
    assert_eq!(PathError::KeyMismatch.code(), "x509.key-mismatch");
}
