use bulla_core::jwa::{ContentEncryptionAlg, KeyManagementAlg, SignatureAlg};
use bulla_core::jwe::{Builder, Jwe};
use bulla_core::key::KeySpec;
use bulla_core::{jws, jwt};
use bulla_kms::KeyMap;

use crate::vault::{Vault, signing, unwrapping};

const OAEP: KeyManagementAlg = KeyManagementAlg::RsaOaep256;

#[tokio::test]
async fn a_token_never_makes_a_vault_be_asked_about_a_key_that_is_not_configured() {
    let vault = Vault::new(KeySpec::Rsa { bits: 2048 });
    let key = vault.open(unwrapping(OAEP)).await.expect("opened");
    let map = KeyMap::new().with("2026-01", key.clone());
    let encrypter = key.encrypter(OAEP).expect("an encrypter");
    let calls = vault.calls();
    for (kid, found) in [
        ("2026-01", true),
        ("arn:aws:kms:eu-west-1:111122223333:key/other", false),
        ("2026-02", false),
    ] {
        let builder = Builder::new("x", ContentEncryptionAlg::A128Gcm).kid(kid);
        let token = builder
            .encrypt_compact_async(&encrypter)
            .await
            .expect("a JWE");
        let jwe = Jwe::parse_compact(&token).expect("a JWE");
        let decrypter = map.decrypter(jwe.recipients()[0].header(), &[OAEP]);
        assert_eq!(decrypter.is_ok(), found, "{kid}");
        assert_eq!(vault.calls(), calls);
        if let Err(error) = decrypter {
            assert_eq!(error.code(), "remote.not-found");
        }
    }
}

#[tokio::test]
async fn an_algorithm_must_be_allowed() {
    let vault = Vault::new(KeySpec::Rsa { bits: 2048 });
    let key = vault.open(unwrapping(OAEP)).await.expect("opened");
    let map = KeyMap::new().with("a", key.clone());
    let encrypter = key.encrypter(OAEP).expect("an encrypter");
    let builder = Builder::new("x", ContentEncryptionAlg::A128Gcm).kid("a");
    let token = builder
        .encrypt_compact_async(&encrypter)
        .await
        .expect("a JWE");
    let jwe = Jwe::parse_compact(&token).expect("a JWE");
    let error = map
        .decrypter(jwe.recipients()[0].header(), &[KeyManagementAlg::RsaOaep])
        .expect_err("not allowed");
    assert_eq!(error.code(), "remote.unsupported");
}

#[tokio::test]
async fn what_signs_as_a_kid_says_so() {
    let vault = Vault::es256k();
    let key = vault
        .open(signing(SignatureAlg::Es256k))
        .await
        .expect("opened");
    let signer = KeyMap::new()
        .with("2026-01", key)
        .signer("2026-01", SignatureAlg::Es256k);
    let issue = jwt::issue("https://issuer.example");
    let token = issue
        .sign_async(&signer.expect("a signer"))
        .await
        .expect("signed");
    let jws = jws::Jws::parse_compact(&token).expect("a JWS");
    assert_eq!(jws.signatures()[0].header().kid(), Some("2026-01"));
}
