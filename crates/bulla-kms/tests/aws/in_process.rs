//! The battery on the double: every kind of key that KMS has.

use std::time::Duration;

use bulla_core::jwa::{HashAlg, KeyManagementAlg, MlDsaParameters, SignatureAlg};
use bulla_core::jwk::EcCurve;
use bulla_core::key::{KeyRotation, RotationPolicy};

use crate::client::{client, open};
use crate::double::{Double, KeySpec, Usage};
use crate::suite::{self, Peers};

pub(crate) const CURVES: [(EcCurve, SignatureAlg); 4] = [
    (EcCurve::P256, SignatureAlg::Es256),
    (EcCurve::P384, SignatureAlg::Es384),
    (EcCurve::P521, SignatureAlg::Es512),
    (EcCurve::Secp256k1, SignatureAlg::Es256k),
];

#[tokio::test]
async fn ecdsa() {
    let double = Double::start().await;
    for (curve, alg) in CURVES {
        let key = double.create(KeySpec::Ec(curve), Usage::Sign);
        let handle = open(&client(double.address), &key.arn()).await;
        assert_eq!(handle.permitted().signatures, [alg]);
        suite::signs(&handle, &mut Peers::none()).await;
        suite::long_token(&handle, alg, &mut Peers::none()).await;
        suite::until_leading_zeros(&handle, alg, &mut Peers::none()).await;
    }
}

#[tokio::test]
async fn rsa_of_each_size() {
    let double = Double::start().await;
    for bits in [2048, 3072, 4096] {
        let signing = double.create(KeySpec::Rsa(bits), Usage::Sign);
        let handle = open(&client(double.address), &signing.id).await;
        assert_eq!(suite::signs(&handle, &mut Peers::none()).await, 6);
        suite::long_token(&handle, SignatureAlg::Ps256, &mut Peers::none()).await;
    }
    let decrypting = double.create(KeySpec::Rsa(2048), Usage::Decrypt);
    let handle = open(&client(double.address), &decrypting.id).await;
    assert_eq!(suite::opens(&handle, &mut Peers::none()).await, 2);
    suite::refuses_alike(&handle, KeyManagementAlg::RsaOaep).await;
    suite::refuses_alike(&handle, KeyManagementAlg::RsaOaep256).await;
}

/// What nothing else that runs here emulates.
pub(crate) async fn only_the_double(peers: &mut Peers) {
    let double = Double::start().await;
    let ed25519 = double.create(KeySpec::Ed25519, Usage::Sign);
    let handle = open(&client(double.address), &ed25519.arn()).await;
    let both = [SignatureAlg::EdDsa, SignatureAlg::Ed25519];
    assert_eq!(handle.permitted().signatures, both);
    suite::signs(&handle, peers).await;
    for (parameters, alg) in [
        (MlDsaParameters::MlDsa44, SignatureAlg::MlDsa44),
        (MlDsaParameters::MlDsa65, SignatureAlg::MlDsa65),
        (MlDsaParameters::MlDsa87, SignatureAlg::MlDsa87),
    ] {
        let key = double.create(KeySpec::MlDsa(parameters), Usage::Sign);
        let handle = open(&client(double.address), &key.arn()).await;
        assert_eq!(handle.permitted().signatures, [alg]);
        suite::signs(&handle, peers).await;
    }
    for curve in [EcCurve::P256, EcCurve::P384, EcCurve::P521] {
        let key = double.create(KeySpec::Ec(curve), Usage::Agree);
        let handle = open(&client(double.address), &key.arn()).await;
        assert_eq!(suite::agrees(&handle, peers).await, 4);
        suite::refuses_alike(&handle, KeyManagementAlg::EcdhEsA128Kw).await;
    }
}

#[tokio::test]
async fn ed25519_ml_dsa_and_agreement() {
    only_the_double(&mut Peers::none()).await;
}

#[tokio::test]
async fn hmac() {
    let double = Double::start().await;
    for hash in [HashAlg::Sha256, HashAlg::Sha384, HashAlg::Sha512] {
        let key = double.create(KeySpec::Hmac(hash), Usage::Mac);
        let handle = open(&client(double.address), &key.arn()).await;
        assert_eq!((handle.kid(), handle.public()), (None, None));
        suite::authenticates(&handle, key.key.secret(), &mut Peers::none()).await;
    }
}

#[tokio::test]
async fn an_alias_moves_in_the_middle_of_signing() {
    let double = Double::start().await;
    let alg = SignatureAlg::Es256;
    let create = || double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let (old, new) = (create(), create());
    double.point("alias/tokens", &old);
    let client = client(double.address);
    let first = open(&client, "alias/tokens").await;
    assert_eq!(
        (first.name(), first.version()),
        ("alias/tokens", old.arn().as_str())
    );
    let policy = RotationPolicy::new().announce(Duration::ZERO);
    let rotation = KeyRotation::new(first.rotation_key(alg).unwrap(), policy);
    suite::rotates_while_signing(&rotation, alg, async {
        double.point("alias/tokens", &new);
        let next = open(&client, "alias/tokens").await;
        assert_eq!(next.version(), new.arn());
        rotation.announce(next.rotation_key(alg).unwrap()).unwrap();
    })
    .await;
}
