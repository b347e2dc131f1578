//! Managed HSM: keys of its own types, symmetric ones among them.

use azure_security_keyvault_keys::models::{CreateKeyParameters, CurveName, KeyOperation, KeyType};
use bulla_core::SecretBytes;
use bulla_core::jwa::{ContentEncryptionAlg, KeyManagementAlg, MacAlg};
use bulla_core::jwe;
use bulla_core::jwk::SecretJwk;
use bulla_core::key::{Decrypter, Encrypter};
use bulla_kms::{KeyHandle, azure};
use serde_json::json;

use crate::double::{Double, create, ec, only, rsa};
use crate::suite::{self, Peers};

async fn key(double: &Double, key: CreateKeyParameters) -> KeyHandle {
    let client = double.client("hsm");
    create(&client, "tokens", key).await;
    double.open(&client).await
}

fn oct(bits: i32) -> CreateKeyParameters {
    CreateKeyParameters {
        kty: Some(KeyType::OctHsm),
        key_size: Some(bits),
        ..CreateKeyParameters::default()
    }
}

async fn secret(double: &Double) -> Vec<u8> {
    let said = double.control_at("hsm", json!({"reveal": "tokens"})).await;
    let hex = said["secret"].as_str().expect("a secret");
    let octet = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    (0..hex.len()).step_by(2).map(octet).collect()
}

#[tokio::test]
#[ignore = "needs peers; run by cargo xtask test kms-azure"]
async fn keys_of_the_hsm_are_plain_ones_in_public() {
    let double = Double::start();
    let mut peers = Peers::from_env();
    let curve = CreateKeyParameters {
        kty: Some(KeyType::EcHsm),
        ..ec(CurveName::P256K)
    };
    let ec = key(&double, curve).await;
    assert_eq!(suite::signs(&ec, &mut peers).await, 1);
    assert_eq!(
        ec.public().expect("public").key().describe(),
        "EC secp256k1"
    );
    let modulus = CreateKeyParameters {
        kty: Some(KeyType::RsaHsm),
        ..rsa(3072)
    };
    let rsa = key(&double, modulus).await;
    assert_eq!(suite::signs(&rsa, &mut peers).await, 6);
    assert_eq!(suite::opens(&rsa, &mut peers).await, 2);
}

#[tokio::test]
#[ignore = "needs peers; run by cargo xtask test kms-azure"]
async fn authentication_codes_are_those_of_the_message() {
    let double = Double::start();
    let handle = key(&double, oct(256)).await;
    assert_eq!(handle.permitted().macs, [MacAlg::Hs256]);
    let secret = secret(&double).await;
    suite::authenticates(&handle, Some(&secret), &mut Peers::from_env()).await;
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn a_symmetric_key_wraps_and_unwraps_with_the_algorithm_of_its_length() {
    let double = Double::start();
    for (bits, alg) in [
        (128, KeyManagementAlg::A128Kw),
        (192, KeyManagementAlg::A192Kw),
        (256, KeyManagementAlg::A256Kw),
    ] {
        let handle = key(&double, oct(bits)).await;
        assert_eq!(handle.permitted().key_management, [alg]);
        assert_eq!(
            handle.permitted().macs.is_empty(),
            bits < 256,
            "RFC 7518 3.2"
        );
        let secret = SecretJwk::new(SecretBytes::from(secret(&double).await));
        let to = Encrypter::bind_to(&bulla_aws_lc::backend(), &secret, alg).expect("a key");
        let made = jwe::Builder::new("for the HSM", ContentEncryptionAlg::A128Gcm);
        let token = made.encrypt_compact(&to).expect("a token");
        let opened = suite::open(&handle, alg, &token).await.expect("opened");
        assert_eq!(opened, b"for the HSM");
        // Wrapped there, and opened by who has the same secret.
        let far = handle.encrypter(alg).expect("an encrypter");
        let made = jwe::Builder::new("from the HSM", ContentEncryptionAlg::A256Gcm);
        let sent = made.encrypt_compact_async(&far).await.expect("a token");
        let near = Decrypter::bind_to(&bulla_aws_lc::backend(), &secret, alg).expect("a key");
        let opened = jwe::Jwe::parse_compact(&sent)
            .expect("a JWE")
            .decrypt(&near);
        assert_eq!(opened.expect("opened").plaintext(), b"from the HSM");
        // Another key's token.
        let other = key(&double, oct(bits)).await;
        let error = suite::open(&other, alg, &token)
            .await
            .expect_err("another key");
        assert_eq!(error.code(), "jwe.decryption-failed");
    }
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn where_its_length_cannot_be_found_out_each_is_offered() {
    let double = Double::start();
    let unwraps = key(&double, only(oct(128), &[KeyOperation::UnwrapKey])).await;
    assert_eq!(unwraps.permitted().key_management.len(), 3);
    let client = double.client("hsm");
    create(&client, "tokens", oct(128)).await;
    let opener = double.opener().probe(false);
    let untried = azure::open(client, "tokens", None, &opener)
        .await
        .expect("a key");
    assert_eq!(untried.permitted().key_management.len(), 3);
    assert_eq!(double.asked("unwrapkey").await, 0);
}
