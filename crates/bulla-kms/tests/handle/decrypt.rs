use bulla_core::jwa::{ContentEncryptionAlg, KeyManagementAlg};
use bulla_core::jwe::{Builder, Jwe, RecipientHeader};
use bulla_core::jwk::EcCurve;
use bulla_core::key::{Encrypter, KeySpec};
use bulla_kms::{KeyHandle, OpenError, VaultError};

use crate::vault::{Fault, Vault, unwrapping};

const ENC: ContentEncryptionAlg = ContentEncryptionAlg::A256Gcm;

async fn open(
    token: &str,
    key: &KeyHandle,
    alg: KeyManagementAlg,
) -> Result<Vec<u8>, &'static str> {
    let decrypter = key.decrypter(alg).expect("a decrypter");
    let jwe = Jwe::parse_compact(token).expect("a JWE");
    let opened = jwe
        .decrypt_async(&decrypter)
        .await
        .map_err(|error| error.code())?;
    Ok(opened.plaintext().to_vec())
}

#[tokio::test]
async fn what_is_encrypted_here_is_decrypted_there() {
    for (spec, alg) in [
        (KeySpec::Rsa { bits: 2048 }, KeyManagementAlg::RsaOaep),
        (KeySpec::Rsa { bits: 2048 }, KeyManagementAlg::RsaOaep256),
        (KeySpec::Ec(EcCurve::P384), KeyManagementAlg::EcdhEs),
        (KeySpec::Ec(EcCurve::P256), KeyManagementAlg::EcdhEsA256Kw),
    ] {
        let vault = Vault::new(spec);
        let key = vault.open(unwrapping(alg)).await.expect("opened");
        assert_eq!(vault.calls(), 1, "a probe that decrypts");
        let public = key.public().expect("a public half");
        let near = Encrypter::bind_to(&bulla_aws_lc::backend(), public, alg).expect("a key");
        let token = Builder::new("hello", ENC)
            .encrypt_compact(&near)
            .expect("a JWE");
        assert_eq!(
            open(&token, &key, alg).await,
            Ok(b"hello".to_vec()),
            "{alg:?}"
        );

        let far = key.encrypter(alg).expect("an encrypter");
        let calls = vault.calls();
        let token = Builder::new("hello", ENC)
            .encrypt_compact_async(&far)
            .await
            .expect("a JWE");
        assert_eq!(
            vault.calls(),
            calls,
            "encrypting takes the public key alone"
        );
        assert_eq!(
            open(&token, &key, alg).await,
            Ok(b"hello".to_vec()),
            "{alg:?}"
        );
    }
}

#[tokio::test]
async fn what_the_token_decides_is_one_error_and_that_the_vault_is_away_another() {
    let alg = KeyManagementAlg::RsaOaep256;
    let vault = Vault::new(KeySpec::Rsa { bits: 2048 });
    let key = vault.open(unwrapping(alg)).await.expect("opened");
    let other = Vault::new(KeySpec::Rsa { bits: 2048 });
    let other = other
        .open(unwrapping(alg))
        .await
        .expect("opened")
        .encrypter(alg)
        .expect("a key");
    let token = Builder::new("hello", ENC)
        .encrypt_compact_async(&other)
        .await
        .expect("a JWE");
    assert_eq!(open(&token, &key, alg).await, Err("jwe.decryption-failed"));
    for (error, code) in [
        (VaultError::Refused, "jwe.decryption-failed"),
        (VaultError::Denied { detail: "x".into() }, "remote.denied"),
        (
            VaultError::Disabled { detail: "x".into() },
            "remote.disabled",
        ),
    ] {
        vault.misbehave(Fault::Error(error));
        assert_eq!(open(&token, &key, alg).await, Err(code));
    }
}

#[tokio::test]
async fn a_key_that_decrypts_something_else_is_not_opened() {
    let vault = Vault::new(KeySpec::Ec(EcCurve::P256));
    vault.misbehave(Fault::ZeroSecret);
    let Err(OpenError::Vault(error)) = vault.open(unwrapping(KeyManagementAlg::EcdhEs)).await
    else {
        panic!("opened")
    };
    assert_eq!(error.code(), "remote.integrity");
}

#[tokio::test]
async fn zeros_are_no_secret_and_another_curve_is_not_asked_about() {
    let alg = KeyManagementAlg::EcdhEs;
    let vault = Vault::new(KeySpec::Ec(EcCurve::P256));
    let key = vault.open(unwrapping(alg)).await.expect("opened");
    let encrypter = key.encrypter(alg).expect("an encrypter");
    let token = Builder::new("x", ENC)
        .encrypt_compact_async(&encrypter)
        .await
        .expect("a JWE");
    vault.misbehave(Fault::ZeroSecret);
    assert_eq!(open(&token, &key, alg).await, Err("jwe.decryption-failed"));

    let other = Vault::new(KeySpec::Ec(EcCurve::P384));
    let other = other
        .open(unwrapping(alg))
        .await
        .expect("opened")
        .encrypter(alg)
        .expect("a key");
    let token = Builder::new("x", ENC)
        .encrypt_compact_async(&other)
        .await
        .expect("a JWE");
    let calls = vault.calls();
    assert_eq!(open(&token, &key, alg).await, Err("jwe.decryption-failed"));
    assert_eq!(vault.calls(), calls);
}

#[tokio::test]
async fn a_key_without_a_public_half_wraps_there_too() {
    let alg = KeyManagementAlg::A256Kw;
    let vault = Vault::es256k();
    let key = vault.open_secret(unwrapping(alg)).await;
    let far = key.encrypter(alg).expect("an encrypter");
    let token = Builder::new("hello", ENC)
        .encrypt_compact_async(&far)
        .await
        .expect("a JWE");
    assert_eq!(open(&token, &key, alg).await, Ok(b"hello".to_vec()));

    // Beside a local recipient: one content encryption key for both.
    let rsa = Vault::new(KeySpec::Rsa { bits: 2048 });
    let rsa = rsa
        .open(unwrapping(KeyManagementAlg::RsaOaep))
        .await
        .expect("opened");
    let near = rsa
        .encrypter(KeyManagementAlg::RsaOaep)
        .expect("an encrypter");
    for recipients in [[&near, &far], [&far, &near]] {
        let recipients = recipients.map(|recipient| (recipient, RecipientHeader::new()));
        let builder = Builder::new("both", ENC);
        let json = builder
            .encrypt_general_async(&recipients)
            .await
            .expect("a JWE");
        for decrypter in [key.decrypter(alg), rsa.decrypter(KeyManagementAlg::RsaOaep)] {
            let jwe = Jwe::parse_general(json.as_bytes()).expect("a JWE");
            let opened = jwe.decrypt_async(&decrypter.expect("a decrypter")).await;
            assert_eq!(opened.expect("decrypted").plaintext(), b"both");
        }
    }
}
