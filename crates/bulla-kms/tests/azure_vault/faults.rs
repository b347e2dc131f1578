//! A vault, or what is between, that fails.

use core::time::Duration;
use std::time::Instant;

use azure_security_keyvault_keys::models::CurveName;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jws::Builder;
use bulla_kms::{KeyHandle, Rules, azure};
use serde_json::{Value, json};

use crate::double::{Double, create, ec};

async fn key(double: &Double, rules: Rules) -> KeyHandle {
    let client = double.client("vault");
    create(&client, "tokens", ec(CurveName::P256)).await;
    let opened = azure::open(client, "tokens", None, &double.opener().rules(rules)).await;
    opened.expect("a key")
}

async fn sign(key: &KeyHandle) -> Result<String, &'static str> {
    let signer = key.signer(SignatureAlg::Es256).expect("a signer");
    let made = Builder::new("x").sign_compact_async(&signer).await;
    made.map_err(|error| error.code())
}

fn fault(kind: &str, times: u32) -> Value {
    json!({"operation": "sign", "kind": kind, "times": times, "status": 503})
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn what_passes_is_tried_again_and_no_more_than_thrice() {
    let double = Double::start();
    let key = key(&double, Rules::new()).await;
    for (kind, code) in [
        ("status", "remote.unavailable"),
        ("reset", "remote.unavailable"),
        ("cut", "remote.unavailable"),
        ("throttle", "remote.throttled"),
    ] {
        double.faults(json!([fault(kind, 2)])).await;
        assert!(sign(&key).await.is_ok(), "{kind}");
        assert_eq!(double.asked("sign").await, 3, "{kind}");
        double.faults(json!([fault(kind, 9)])).await;
        assert_eq!(sign(&key).await, Err(code), "{kind}");
        assert_eq!(double.asked("sign").await, 3, "{kind}");
    }
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn it_comes_back_when_it_is_told_to() {
    let double = Double::start();
    let key = key(&double, Rules::new()).await;
    let throttle =
        |after: u32| json!([{"operation": "sign", "kind": "throttle", "times": 1, "after": after}]);
    double.faults(throttle(1)).await;
    let start = Instant::now();
    assert!(sign(&key).await.is_ok());
    assert!(start.elapsed() >= Duration::from_secs(1));
    // There is no use in waiting for what comes after the deadline.
    double.faults(throttle(60)).await;
    let start = Instant::now();
    assert_eq!(sign(&key).await, Err("remote.throttled"));
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(double.asked("sign").await, 1);
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn a_vault_that_is_silent_is_given_up() {
    let double = Double::start();
    let key = key(&double, Rules::new().deadline(Duration::from_millis(400))).await;
    double.faults(json!([fault("silence", 1)])).await;
    let start = Instant::now();
    assert_eq!(sign(&key).await, Err("remote.unavailable"));
    assert!(start.elapsed() < Duration::from_secs(3));
    assert!(sign(&key).await.is_ok(), "the next call is not held up");
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn a_wrong_answer_is_not_used_and_not_asked_for_again() {
    let double = Double::start();
    let key = key(&double, Rules::new()).await;
    for kind in [
        "other-version",
        "other-signature",
        "flipped",
        "der",
        "half-json",
    ] {
        double.faults(json!([fault(kind, 1)])).await;
        assert_eq!(sign(&key).await, Err("remote.integrity"), "{kind}");
        assert_eq!(double.asked("sign").await, 1, "{kind}");
        assert!(sign(&key).await.is_ok(), "{kind} has passed");
    }
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn a_key_whose_first_signature_is_wrong_is_not_opened() {
    let double = Double::start();
    let client = double.client("vault");
    create(&client, "tokens", ec(CurveName::P256)).await;
    for kind in ["other-version", "other-signature", "flipped"] {
        double.faults(json!([fault(kind, 1)])).await;
        let error = azure::open(client.clone(), "tokens", None, &double.opener()).await;
        assert_eq!(error.expect_err(kind).code(), "remote.integrity", "{kind}");
    }
}
