//! Keys that the application asks for by name: to sign with, to encrypt with.

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg, MacAlg, SignatureAlg};
use bulla::jwe::{self, Jwe};
use bulla::jwk::{Jwk, thumbprint};
use bulla::jws::{Builder, Jws};
use bulla::trust::{HeaderKeys, KeyName, Trust};

use crate::support::{Table, leaf, now, store, stranger, with_kid};

fn with_keys(keys: impl IntoIterator<Item = impl Into<Jwk>>) -> HeaderKeys {
    HeaderKeys::new(&bulla::backend()).store(store(keys))
}

#[test]
fn a_signer_is_found_by_name_and_its_token_by_its_kid() {
    let keys = with_keys([with_kid(leaf(), "a")]);
    let digest = thumbprint::sha256(&leaf().into());
    for name in [KeyName::Kid("a"), KeyName::Thumbprint(&digest)] {
        let signer = now(keys.signer_for(name, None)).unwrap();
        let token = Builder::new("x").sign_compact(&signer).unwrap();
        let verified = now(keys.verify_jws(Jws::parse_compact(&token).unwrap())).unwrap();
        assert_eq!(verified.verified()[0].header().kid(), Some("a"));
    }
    let error = now(keys.signer_for(KeyName::Kid("b"), None)).unwrap_err();
    assert_eq!(error.code(), "jwk.not-found");
}

#[test]
fn an_algorithm_is_named_where_the_key_fixes_none() {
    let mut rsa = bulla::generate(SignatureAlg::Ps256).unwrap();
    rsa.members_mut().alg = None;
    rsa.members_mut().kid = Some("a".to_owned());
    let keys = with_keys([rsa]);
    let name = KeyName::Kid("a");
    assert_eq!(
        now(keys.signer_for(name, None)).unwrap_err().code(),
        "jwk.ambiguous"
    );
    let signer = now(keys.signer_for(name, Some(SignatureAlg::Ps384.name()))).unwrap();
    assert_eq!(signer.alg(), SignatureAlg::Ps384.name());
    let error = now(keys.signer_for(name, Some(MacAlg::Hs256.name()))).unwrap_err();
    assert_eq!(
        error.code(),
        "jwk.usage-mismatch",
        "no public octets become a secret"
    );
    let error = now(keys.signer_for(name, Some(&bulla::jwa::AlgName::new("none")))).unwrap_err();
    assert_eq!(error.code(), "jwk.usage-mismatch");
}

#[test]
fn a_public_key_does_not_sign_and_the_next_of_the_name_does() {
    let keys = with_keys([
        Jwk::from(with_kid(leaf(), "a").public()),
        Jwk::from(with_kid(leaf(), "a")),
    ]);
    now(keys.signer_for(KeyName::Kid("a"), None)).unwrap();
    let public = with_keys([with_kid(leaf(), "a").public()]);
    let error = now(public.signer_for(KeyName::Kid("a"), None)).unwrap_err();
    assert_eq!(error.code(), "jwk.usage-mismatch");
}

#[test]
fn the_policy_holds_for_making_too() {
    let keys = with_keys([with_kid(leaf(), "a")]);
    let only_rsa = bulla::key::KeySetPolicy::signatures([SignatureAlg::Rs256]);
    let error = now(keys
        .clone()
        .policy(only_rsa)
        .signer_for(KeyName::Kid("a"), None))
    .unwrap_err();
    assert_eq!(error.code(), "jws.algorithm-not-allowed");
    let keys = keys.key_management([KeyManagementAlg::EcdhEs]);
    let alg = Some(KeyManagementAlg::EcdhEsA256Kw);
    let error = now(keys.encrypter_for(KeyName::Kid("a"), alg)).unwrap_err();
    assert_eq!(error.code(), "jwe.algorithm-not-allowed");
}

#[test]
fn an_encrypter_takes_the_public_half() {
    let keys = with_keys([with_kid(leaf(), "a")]);
    let alg = Some(KeyManagementAlg::EcdhEs);
    let encrypter = now(keys.encrypter_for(KeyName::Kid("a"), alg)).unwrap();
    let enc = ContentEncryptionAlg::A256Gcm;
    let token = jwe::Builder::new("x", enc)
        .encrypt_compact(&encrypter)
        .unwrap();
    let opened = now(keys.decrypt_jwe(Jwe::parse_compact(&token).unwrap())).unwrap();
    assert_eq!(opened.plaintext(), b"x");
    let error = now(keys.encrypter_for(KeyName::Kid("a"), None)).unwrap_err();
    assert_eq!(error.code(), "jwk.ambiguous");
}

#[test]
fn what_is_found_says_why_it_is_trusted() {
    let table = Table::of([(r#"kid "b""#.to_owned(), stranger())]);
    let keys = with_keys([with_kid(leaf(), "a")]).resolver(table);
    let stored = now(keys.keys_named(KeyName::Kid("a"))).unwrap();
    assert_eq!(stored[0].why().kind(), "store");
    let resolved = now(keys.keys_named(KeyName::Kid("b"))).unwrap();
    assert!(matches!(resolved[0].why(), Trust::Resolver { name, .. } if name == "a table"));
    let broken = HeaderKeys::new(&bulla::backend()).resolver(Table::broken());
    let error = now(broken.keys_named(KeyName::Kid("a"))).unwrap_err();
    assert_eq!(error.code(), "io.read");
}
