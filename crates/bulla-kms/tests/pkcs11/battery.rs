//! The tests that every vault gets, on the token; its tokens are shown to other implementations.

use bulla_core::jwa::{ContentEncryptionAlg, KeyManagementAlg, SignatureAlg};
use bulla_core::jwe::{self, Jwe};
use bulla_core::key::{KeyRotation, RotationPolicy};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, KeyType};
use std::time::Duration;

use crate::offered::{open, open_with};
use crate::suite::{
    Peers, agrees, authenticates, long_token, opens, refuses_alike, rotates_while_signing, signs,
    until_leading_zeros,
};
use crate::token::{ED25519, K256, P256, P384, P521, TOKEN, is_kryoptic};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a PKCS#11 module; run by cargo xtask test kms-pkcs11"]
async fn ecdsa() {
    let mut peers = Peers::from_env();
    for (label, curve, alg) in [
        ("sign-p256", P256, SignatureAlg::Es256),
        ("sign-p384", P384, SignatureAlg::Es384),
        ("sign-p521", P521, SignatureAlg::Es512),
    ] {
        TOKEN.ec(label, curve, true, false);
        let handle = open(label).await;
        assert_eq!(signs(&handle, &mut peers).await, 1);
        long_token(&handle, alg, &mut peers).await;
        until_leading_zeros(&handle, alg, &mut peers).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a PKCS#11 module; run by cargo xtask test kms-pkcs11"]
async fn rsa() {
    let mut peers = Peers::from_env();
    for bits in [2048, 3072, 4096] {
        let label = format!("rsa-{bits}");
        TOKEN.rsa(&label, bits);
        let handle = open(&label).await;
        assert_eq!(signs(&handle, &mut peers).await, 6);
        long_token(&handle, SignatureAlg::Ps256, &mut peers).await;
        let hashes = if is_kryoptic() { 4 } else { 1 };
        assert_eq!(opens(&handle, &mut peers).await, hashes);
        refuses_alike(&handle, KeyManagementAlg::RsaOaep).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a PKCS#11 module; run by cargo xtask test kms-pkcs11"]
async fn curves_of_softhsm_alone() {
    if is_kryoptic() {
        return;
    }
    let mut peers = Peers::from_env();
    TOKEN.ec("sign-k256", K256, true, false);
    assert_eq!(signs(&open("sign-k256").await, &mut peers).await, 1);
    TOKEN.pair(
        &Mechanism::EccEdwardsKeyPairGen,
        "sign-ed25519",
        &[
            Attribute::EcParams(ED25519.to_vec()),
            Attribute::Verify(true),
        ],
        &[Attribute::Sign(true)],
    );
    assert_eq!(signs(&open("sign-ed25519").await, &mut peers).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a PKCS#11 module; run by cargo xtask test kms-pkcs11"]
async fn key_agreement() {
    let mut peers = Peers::from_env();
    for (label, curve) in [
        ("agree-p256", P256),
        ("agree-p384", P384),
        ("agree-p521", P521),
    ] {
        TOKEN.ec(label, curve, false, true);
        let handle = open(label).await;
        assert_eq!(agrees(&handle, &mut peers).await, 4);
        refuses_alike(&handle, KeyManagementAlg::EcdhEsA256Kw).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a PKCS#11 module; run by cargo xtask test kms-pkcs11"]
async fn secret_keys() {
    let mut peers = Peers::from_env();
    let secret: Vec<u8> = (0..64).collect();
    let sign = [Attribute::Sign(true)];
    TOKEN.secret("mac", KeyType::GENERIC_SECRET, &secret, &sign);
    authenticates(&open("mac").await, Some(&secret), &mut peers).await;

    let both = [
        Attribute::Wrap(true),
        Attribute::Unwrap(true),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
    ];
    TOKEN.secret("kw", KeyType::AES, &secret[..32], &both);
    let handle = open("kw").await;
    let alg = KeyManagementAlg::A256Kw;
    let (encrypter, decrypter) = (
        handle.encrypter(alg).unwrap(),
        handle.decrypter(alg).unwrap(),
    );
    for enc in [
        ContentEncryptionAlg::A128Gcm,
        ContentEncryptionAlg::A256CbcHs512,
    ] {
        let builder = jwe::Builder::new("in the token alone", enc);
        let token = builder.encrypt_compact_async(&encrypter).await.unwrap();
        let opened = Jwe::parse_compact(&token)
            .unwrap()
            .decrypt_async(&decrypter)
            .await
            .unwrap();
        assert_eq!(opened.into_plaintext(), b"in the token alone");
        // By who has the same secret, and no token.
        let jwk = bulla_core::jwk::SecretJwk::new(&secret[..32]);
        let local =
            bulla_core::key::Decrypter::bind_to(&bulla_aws_lc::backend(), &jwk, alg).unwrap();
        let opened = Jwe::parse_compact(&token).unwrap().decrypt(&local).unwrap();
        assert_eq!(opened.into_plaintext(), b"in the token alone");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a PKCS#11 module; run by cargo xtask test kms-pkcs11"]
async fn rotation_in_the_middle_of_signing() {
    TOKEN.ec("rotate-1", P256, true, false);
    TOKEN.ec("rotate-2", P256, true, false);
    let rules = bulla_kms::Rules::new().deadline(Duration::from_secs(120));
    let first = open_with("rotate-1", rules).await;
    let second = open_with("rotate-2", rules).await;
    let alg = SignatureAlg::Es256;
    let policy = RotationPolicy::new().announce(Duration::ZERO);
    let rotation = KeyRotation::new(first.rotation_key(alg).unwrap(), policy);
    rotates_while_signing(&rotation, alg, async {
        let next = second.rotation_key(alg).unwrap();
        rotation.announce(next).unwrap();
    })
    .await;
}

/// Two threads at once, each with two handles: sessions are never shared.
#[test]
#[ignore = "needs a PKCS#11 module; run by cargo xtask test kms-pkcs11"]
fn two_threads() {
    TOKEN.ec("threads-ec", P256, true, false);
    TOKEN.rsa("threads-rsa", 2048);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Runtime::new().unwrap();
                runtime.block_on(async {
                    let mut peers = Peers::none();
                    let (ec, rsa) = (open("threads-ec").await, open("threads-rsa").await);
                    for _ in 0..50 {
                        let (ec_peers, rsa_peers) = (&mut Peers::none(), &mut peers);
                        tokio::join!(signs(&ec, ec_peers), signs(&rsa, rsa_peers));
                        refuses_alike(&rsa, KeyManagementAlg::RsaOaep).await;
                    }
                });
            });
        }
    });
}
