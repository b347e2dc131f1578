//! What leaves the process.

use bulla_core::jwa::{KeyManagementAlg, SignatureAlg};
use bulla_core::jwk::EcCurve;
use bulla_core::jws::Jws;
use bulla_core::key::Verifier;

use crate::client::{client, open};
use crate::double::{Double, KeySpec, Usage};
use crate::proxy::Proxy;
use crate::suite;

#[tokio::test]
async fn the_payload_stays_here_and_its_digest_is_sent() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    for (spec, alg) in [
        (KeySpec::Ec(EcCurve::P256), SignatureAlg::Es256),
        (KeySpec::Rsa(2048), SignatureAlg::Ps256),
        (KeySpec::Rsa(2048), SignatureAlg::Rs256),
    ] {
        let key = double.create(spec, Usage::Sign);
        let handle = open(&client(proxy.address), &key.arn()).await;
        proxy.forget();
        let token = suite::token(&handle, alg, suite::PAYLOAD).await;
        suite::assert_no_trace(&proxy.wire(), suite::PAYLOAD);
        let input = token.rsplit_once('.').unwrap().0;
        assert!(suite::has_digest(&proxy.wire(), input.as_bytes()));
        assert_eq!(proxy.calls(), ["Sign"]);
    }
}

/// So the search does find what is there; and it is what the documentation says of these algorithms.
#[tokio::test]
async fn ed25519_sends_the_message_itself() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    let key = double.create(KeySpec::Ed25519, Usage::Sign);
    let handle = open(&client(proxy.address), &key.arn()).await;
    suite::token(&handle, SignatureAlg::EdDsa, suite::PAYLOAD).await;
    assert!(suite::trace(&proxy.wire(), suite::PAYLOAD).is_some());
}

#[tokio::test]
async fn verifying_and_encrypting_ask_nobody() {
    let double = Double::start().await;
    let proxy = Proxy::start(double.address).await;
    let signing = double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let signing = open(&client(proxy.address), &signing.arn()).await;
    let decrypting = double.create(KeySpec::Rsa(2048), Usage::Decrypt);
    let decrypting = open(&client(proxy.address), &decrypting.arn()).await;
    let token = suite::token(&signing, SignatureAlg::Es256, suite::PAYLOAD).await;
    proxy.forget();

    let public = signing.public().unwrap();
    let verifier =
        Verifier::bind_to(&bulla_aws_lc::backend(), public, SignatureAlg::Es256).unwrap();
    for _ in 0..10 {
        Jws::parse_compact(&token)
            .unwrap()
            .verify(&verifier)
            .unwrap();
    }
    let enc = bulla_core::jwa::ContentEncryptionAlg::A256Gcm;
    let alg = KeyManagementAlg::RsaOaep256;
    let secret = suite::encrypted(&decrypting, alg, enc);
    assert_eq!(proxy.calls(), [""; 0]);

    // What is decrypted there is the key of the content, and neither the content nor its ciphertext is sent.
    let opened = suite::open(&decrypting, alg, &secret).await.unwrap();
    let ciphertext = secret.split('.').nth(3).unwrap();
    let ciphertext = bulla_core::base64url::decode(ciphertext).unwrap();
    suite::assert_no_trace(&proxy.wire(), &opened);
    suite::assert_no_trace(&proxy.wire(), &ciphertext);
    assert_eq!(proxy.calls(), ["Decrypt"]);
}
