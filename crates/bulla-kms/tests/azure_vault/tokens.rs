//! Tokens: had once, renewed in time, refused by their name.

use azure_security_keyvault_keys::models::CurveName;
use bulla_kms::azure::{self, KeyClient};
use serde_json::json;

use crate::double::{Double, create, ec};
use crate::suite::{self, Peers};

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn one_token_serves_until_it_is_nearly_over() {
    let double = Double::start();
    let client = double.client("vault");
    create(&client, "tokens", ec(CurveName::P256)).await;
    let key = double.open(&client).await;
    for _ in 0..10 {
        suite::signs(&key, &mut Peers::none()).await;
    }
    assert_eq!(double.issued().await, 1);
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn a_token_in_its_last_minutes_is_renewed() {
    let double = Double::start();
    // The SDK renews in the last five minutes: each of these is in them from the first.
    double.control(json!({"lifetime": 300})).await;
    let client = double.client("vault");
    create(&client, "tokens", ec(CurveName::P256)).await;
    let key = double.open(&client).await;
    let before = double.issued().await;
    // What was given out before is no good any more; only renewed ones are let in.
    double.control(json!({"revoke": true})).await;
    for _ in 0..5 {
        suite::signs(&key, &mut Peers::none()).await;
    }
    assert_eq!(double.issued().await, before + 5);
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn credentials_that_are_refused_say_so() {
    let double = Double::start();
    create(&double.client("vault"), "tokens", ec(CurveName::P256)).await;
    let wrong = double.credential("officer", Some("wrong"));
    let client = KeyClient::new(double.text("vault"), wrong, Some(double.options()));
    let error = azure::open(client.expect("a client"), "tokens", None, &double.opener()).await;
    let error = error.expect_err("refused");
    assert_eq!(error.code(), "remote.denied");
    assert!(error.to_string().contains("AADSTS7000215"), "{error}");
    assert!(!error.to_string().contains("wrong"), "{error}");
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn who_may_read_and_not_sign_is_told_at_opening() {
    let double = Double::start();
    create(&double.client("vault"), "tokens", ec(CurveName::P256)).await;
    let reader = double.client_of("vault", "reader");
    let error = azure::open(reader.clone(), "tokens", None, &double.opener()).await;
    assert_eq!(error.expect_err("no right to sign").code(), "remote.denied");
    let opener = double.opener().probe(false);
    let key = azure::open(reader, "tokens", None, &opener)
        .await
        .expect("read");
    assert!(key.public().is_some(), "whoever verifies needs no more");
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn an_authority_that_is_away_is_asked_again() {
    let double = Double::start();
    create(&double.client("vault"), "tokens", ec(CurveName::P256)).await;
    for (fault, code) in [
        (
            json!({"operation": "token", "kind": "status", "status": 503}),
            "remote.unavailable",
        ),
        (
            json!({"operation": "token", "kind": "throttle"}),
            "remote.throttled",
        ),
        (
            json!({"operation": "token", "kind": "reset"}),
            "remote.unavailable",
        ),
    ] {
        let mut fault = fault;
        fault["times"] = json!(2);
        double.faults(json!([fault])).await;
        double.open(&double.client("vault")).await;
        fault["times"] = json!(99);
        double.faults(json!([fault])).await;
        let client = double.client("vault");
        let error = azure::open(client, "tokens", None, &double.opener()).await;
        assert_eq!(error.expect_err("no token").code(), code, "{fault}");
    }
}
