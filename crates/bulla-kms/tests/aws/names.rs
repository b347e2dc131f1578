//! Which key a name stands for, and what is said about it.

use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::EcCurve;
use bulla_kms::aws;

use crate::client::{client, open, patient};
use crate::double::{Double, KeySpec, Usage};
use crate::suite;

#[tokio::test]
async fn an_alias_is_resolved_once() {
    let double = Double::start().await;
    let create = || double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let (old, new) = (create(), create());
    double.point("alias/tokens", &old);
    let client = client(double.address);
    let handle = open(&client, "alias/tokens").await;
    double.point("alias/tokens", &new);
    // The alias names another key now; the handle still signs with the one it was opened for.
    suite::token(&handle, SignatureAlg::Es256, b"x").await;
    assert_eq!(handle.version(), old.arn());
    let calls = double.calls();
    assert_eq!(calls, ["GetPublicKey", "Sign", "Sign"], "one for the probe");
}

#[tokio::test]
async fn every_way_to_name_a_key() {
    let double = Double::start().await;
    let key = double.create(KeySpec::Ec(EcCurve::P384), Usage::Sign);
    double.point("alias/a", &key);
    let of_alias = "arn:aws:kms:eu-west-1:111122223333:alias/a";
    for name in [key.id.as_str(), &key.arn(), "alias/a", of_alias] {
        let handle = open(&client(double.address), name).await;
        assert_eq!(
            (handle.name(), handle.version()),
            (name, key.arn().as_str())
        );
        assert_eq!(handle.provider(), "aws-kms");
    }
}

#[tokio::test]
async fn no_token_tells_where_the_key_is() {
    let double = Double::start().await;
    let key = double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let handle = open(&client(double.address), &key.arn()).await;
    let token = suite::token(&handle, SignatureAlg::Es256, b"x").await;
    let header = bulla_core::base64url::decode(token.split('.').next().unwrap()).unwrap();
    let header = String::from_utf8(header).unwrap();
    assert!(header.contains(handle.kid().unwrap()));
    for part in ["arn", "111122223333", &key.id, "eu-west-1"] {
        assert!(!header.contains(part), "{header}");
    }
}

#[tokio::test]
async fn opening_without_a_probe_signs_nothing() {
    let double = Double::start().await;
    let key = double.create(KeySpec::Ec(EcCurve::P256), Usage::Sign);
    let opener = patient().probe(false).kid("2026-11");
    let handle = aws::open(&client(double.address), &key.arn(), &opener).await;
    assert_eq!(handle.unwrap().kid(), Some("2026-11"));
    assert_eq!(double.calls(), ["GetPublicKey"]);
}

#[tokio::test]
async fn a_key_that_fits_no_algorithm_is_refused() {
    let double = Double::start().await;
    // As a key on SM2 is, or HMAC_224: what KMS lists for it has no name in JOSE.
    let key = double.create(KeySpec::Ec(EcCurve::P256), Usage::Decrypt);
    let error = aws::open(&client(double.address), &key.arn(), &patient()).await;
    let error = error.unwrap_err();
    assert_eq!(error.code(), "remote.unsupported", "{error}");
}
