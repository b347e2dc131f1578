//! Many candidate keys: tried in order, bounded, every failure kept, and the one that succeeded named.

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg};
use bulla::jwe::{self, DecryptError, Jwe};
use bulla::jwk::PrivateJwk;
use bulla::jws::{Builder, Jws, VerifyError};
use bulla::key::{Decrypter, Verifier};

use crate::support::{another, leaf, signer, with_kid};

const ALG: KeyManagementAlg = KeyManagementAlg::EcdhEs;

fn others(count: usize) -> Vec<PrivateJwk> {
    let other = |index: usize| with_kid(another(), &index.to_string());
    (0..count).map(other).collect()
}

#[test]
fn of_a_signature() {
    let token = Builder::new("x").sign_compact(&signer(&leaf())).unwrap();
    let verifier = |key: &PrivateJwk| bulla::verifier(&key.public()).unwrap();
    let mut keys: Vec<Verifier> = others(3).iter().map(verifier).collect();
    keys.push(verifier(&with_kid(leaf(), "right")));
    let verified = Jws::parse_compact(&token).unwrap().verify(&keys).unwrap();
    let signature = &verified.verified()[0];
    assert_eq!(signature.key().kid(), Some("right"));
    let codes: Vec<_> = signature.failures().iter().map(VerifyError::code).collect();
    assert_eq!(codes, ["jws.signature-invalid"; 3]);
    keys.rotate_right(1);
    let verified = Jws::parse_compact(&token).unwrap().verify(&keys).unwrap();
    assert!(
        verified.verified()[0].failures().is_empty(),
        "the first one verified"
    );

    let five: Vec<Verifier> = others(5).iter().map(verifier).collect();
    let error = Jws::parse_compact(&token)
        .unwrap()
        .verify(&five)
        .unwrap_err();
    let VerifyError::Several(errors) = error else {
        panic!("{error:?}")
    };
    assert_eq!(errors.len(), 4, "bounded by Limits::keys_tried");
}

#[test]
fn of_an_encryption() {
    let to = bulla::encrypter_for(&leaf().public(), ALG).unwrap();
    let token = jwe::Builder::new("x", ContentEncryptionAlg::A128Gcm)
        .encrypt_compact(&to)
        .unwrap();
    let decrypter = |key: &PrivateJwk| bulla::decrypter_for(key, ALG).unwrap();
    let mut keys: Vec<Decrypter> = others(3).iter().map(decrypter).collect();
    keys.push(decrypter(&with_kid(leaf(), "right")));
    let opened = Jwe::parse_compact(&token).unwrap().decrypt(&keys).unwrap();
    assert_eq!(opened.key().kid(), Some("right"));
    let failures: Vec<_> = opened
        .failures()
        .iter()
        .map(|(index, error)| (*index, error.code()))
        .collect();
    assert_eq!(failures, [(0, "jwe.decryption-failed"); 3]);

    let five: Vec<Decrypter> = others(5).iter().map(decrypter).collect();
    let error = Jwe::parse_compact(&token)
        .unwrap()
        .decrypt(&five)
        .unwrap_err();
    let DecryptError::Several(errors) = error else {
        panic!("{error:?}")
    };
    assert_eq!(errors.len(), 4, "bounded by Limits::keys_tried");
}
