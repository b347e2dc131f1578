use std::sync::Arc;
use std::time::Duration;

use bulla_core::jwa::{HashAlg, KeyManagementAlg, MacAlg, MlDsaParameters, SignatureAlg};
use bulla_core::jwk::EcCurve;
use bulla_core::key::{KeyRotation, RotationPolicy};
use bulla_kms::{KeyHandle, Opener, Permitted, Rules};

use crate::suite::{self, Peers, SoftSpec, SoftVault};

pub(crate) async fn open(vault: SoftVault, permitted: Permitted) -> KeyHandle {
    let description = vault.description(permitted);
    KeyHandle::open(description, Arc::new(vault), &Opener::new())
        .await
        .unwrap()
}

pub(crate) fn signing(algs: &[SignatureAlg]) -> Permitted {
    Permitted {
        signatures: algs.to_vec(),
        ..Permitted::default()
    }
}

pub(crate) fn decrypting(algs: &[KeyManagementAlg]) -> Permitted {
    Permitted {
        key_management: algs.to_vec(),
        ..Permitted::default()
    }
}

const CURVES: [(EcCurve, SignatureAlg); 4] = [
    (EcCurve::P256, SignatureAlg::Es256),
    (EcCurve::P384, SignatureAlg::Es384),
    (EcCurve::P521, SignatureAlg::Es512),
    (EcCurve::Secp256k1, SignatureAlg::Es256k),
];

#[tokio::test]
async fn ecdsa_on_each_curve() {
    for (curve, alg) in CURVES {
        let key = open(SoftVault::new(SoftSpec::Ec(curve)), signing(&[alg])).await;
        suite::signs(&key, &mut Peers::none()).await;
        suite::long_token(&key, alg, &mut Peers::none()).await;
        suite::until_leading_zeros(&key, alg, &mut Peers::none()).await;
    }
}

#[tokio::test]
async fn rsa_signs_with_each_hash_and_padding() {
    let algs = [
        SignatureAlg::Rs256,
        SignatureAlg::Rs384,
        SignatureAlg::Rs512,
        SignatureAlg::Ps256,
        SignatureAlg::Ps384,
        SignatureAlg::Ps512,
    ];
    let key = open(SoftVault::new(SoftSpec::Rsa(2048)), signing(&algs)).await;
    assert_eq!(suite::signs(&key, &mut Peers::none()).await, 6);
}

#[tokio::test]
async fn what_takes_no_digest() {
    for (spec, algs) in [
        (
            SoftSpec::Ed25519,
            &[SignatureAlg::EdDsa, SignatureAlg::Ed25519][..],
        ),
        (
            SoftSpec::MlDsa(MlDsaParameters::MlDsa44),
            &[SignatureAlg::MlDsa44],
        ),
        (
            SoftSpec::MlDsa(MlDsaParameters::MlDsa87),
            &[SignatureAlg::MlDsa87],
        ),
    ] {
        let key = open(SoftVault::new(spec), signing(algs)).await;
        suite::signs(&key, &mut Peers::none()).await;
    }
}

#[tokio::test]
async fn authentication_codes() {
    for (hash, alg) in [
        (HashAlg::Sha256, MacAlg::Hs256),
        (HashAlg::Sha384, MacAlg::Hs384),
        (HashAlg::Sha512, MacAlg::Hs512),
    ] {
        let vault = SoftVault::new(SoftSpec::Hmac(hash));
        let secret = vault.key().secret().unwrap().to_vec();
        let permitted = Permitted {
            macs: vec![alg],
            ..Permitted::default()
        };
        let key = open(vault, permitted).await;
        suite::authenticates(&key, Some(&secret), &mut Peers::none()).await;
    }
}

#[tokio::test]
async fn decrypting_with_rsa() {
    let algs = [KeyManagementAlg::RsaOaep, KeyManagementAlg::RsaOaep256];
    let key = open(SoftVault::new(SoftSpec::Rsa(2048)), decrypting(&algs)).await;
    assert_eq!(suite::opens(&key, &mut Peers::none()).await, 2);
    for alg in algs {
        suite::refuses_alike(&key, alg).await;
    }
}

#[tokio::test]
async fn agreeing() {
    let algs = [KeyManagementAlg::EcdhEs, KeyManagementAlg::EcdhEsA256Kw];
    for curve in [EcCurve::P256, EcCurve::P384, EcCurve::P521] {
        let vault = SoftVault::new(SoftSpec::EcAgreement(curve));
        let key = open(vault, decrypting(&algs)).await;
        assert_eq!(suite::agrees(&key, &mut Peers::none()).await, 2);
        suite::refuses_alike(&key, KeyManagementAlg::EcdhEsA256Kw).await;
    }
}

#[tokio::test]
async fn a_rotation_of_local_handles() {
    let alg = SignatureAlg::Es256;
    let rules = Rules::new().deadline(Duration::from_secs(60));
    let opener = Opener::new().rules(rules);
    let mut handles = Vec::new();
    for _ in 0..2 {
        let vault = SoftVault::new(SoftSpec::Ec(EcCurve::P256));
        let description = vault.description(signing(&[alg]));
        handles.push(
            KeyHandle::open(description, Arc::new(vault), &opener)
                .await
                .unwrap(),
        );
    }
    let next = handles.pop().unwrap().rotation_key(alg).unwrap();
    let first = handles.pop().unwrap().rotation_key(alg).unwrap();
    let policy = RotationPolicy::new().announce(Duration::ZERO);
    let keys = KeyRotation::new(first, policy);
    suite::rotates_while_signing(&keys, alg, async { keys.announce(next).unwrap() }).await;
}
