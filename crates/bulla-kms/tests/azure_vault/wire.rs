//! What leaves this process.

use azure_security_keyvault_keys::models::CurveName;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jws::Jws;
use bulla_core::key::Verifier;

use crate::double::{Double, ec, rsa};
use crate::suite;

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn the_digest_goes_out_and_the_payload_stays() {
    let double = Double::start();
    for (key, alg) in [
        (ec(CurveName::P256), SignatureAlg::Es256),
        (rsa(2048), SignatureAlg::Ps256),
    ] {
        let handle = double.key(key).await;
        double.control(serde_json::json!({"forget": true})).await;
        let token = suite::token(&handle, alg, suite::PAYLOAD).await;
        let wire: String = double
            .log()
            .await
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        suite::assert_no_trace(wire.as_bytes(), suite::PAYLOAD);
        let (input, _) = token.rsplit_once('.').expect("a token");
        assert!(suite::has_digest(wire.as_bytes(), input.as_bytes()));
    }
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn verifying_asks_nobody() {
    let double = Double::start();
    let handle = double.key(ec(CurveName::P256)).await;
    let token = suite::token(&handle, SignatureAlg::Es256, suite::PAYLOAD).await;
    double.control(serde_json::json!({"forget": true})).await;
    let public = handle.public().expect("a public half");
    let verifier = Verifier::bind_to(&bulla_aws_lc::backend(), public, SignatureAlg::Es256);
    let parsed = Jws::parse_compact(&token).expect("a token");
    assert!(parsed.verify(&verifier.expect("a verifier")).is_ok());
    assert!(double.log().await.is_empty());
}
