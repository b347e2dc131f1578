//! Signatures that others verify.

use azure_security_keyvault_keys::models::CurveName;
use bulla_core::jwa::SignatureAlg;

use crate::double::{Double, ec, rsa};
use crate::suite::{self, Peers};

#[tokio::test]
#[ignore = "needs peers; run by cargo xtask test kms-azure"]
async fn each_algorithm_of_each_key() {
    let double = Double::start();
    let mut peers = Peers::from_env();
    for curve in [
        CurveName::P256,
        CurveName::P384,
        CurveName::P521,
        CurveName::P256K,
    ] {
        let key = double.key(ec(curve)).await;
        assert_eq!(suite::signs(&key, &mut peers).await, 1);
    }
    for bits in [2048, 3072, 4096] {
        let key = double.key(rsa(bits)).await;
        assert_eq!(suite::signs(&key, &mut peers).await, 6);
    }
}

#[tokio::test]
#[ignore = "needs peers; run by cargo xtask test kms-azure"]
async fn numbers_that_begin_with_zeros() {
    let double = Double::start();
    let mut peers = Peers::from_env();
    for (curve, alg) in [
        (CurveName::P256, SignatureAlg::Es256),
        (CurveName::P384, SignatureAlg::Es384),
        (CurveName::P521, SignatureAlg::Es512),
    ] {
        let key = double.key(ec(curve)).await;
        suite::until_leading_zeros(&key, alg, &mut peers).await;
    }
}

#[tokio::test]
#[ignore = "needs peers; run by cargo xtask test kms-azure"]
async fn tokens_longer_than_a_request_may_be() {
    let double = Double::start();
    let mut peers = Peers::from_env();
    let key = double.key(rsa(2048)).await;
    suite::long_token(&key, SignatureAlg::Ps256, &mut peers).await;
    suite::long_token(&key, SignatureAlg::Rs512, &mut peers).await;
    let key = double.key(ec(CurveName::P256)).await;
    suite::long_token(&key, SignatureAlg::Es256, &mut peers).await;
}
