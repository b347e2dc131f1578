//! Which certificate a vault may have.

use azure_security_keyvault_keys::models::CurveName;
use bulla_kms::azure::{self, KeyClient, KeyClientOptions};
use bulla_kms::{Opener, Rules};

use crate::double::{Double, create, ec};

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn a_private_authority_is_trusted_where_it_is_named() {
    let double = Double::start();
    create(&double.client("vault"), "tokens", ec(CurveName::P256)).await;
    let open = |opener: Opener| {
        let options = KeyClientOptions {
            verify_challenge_resource: Some(false),
            ..azure::options(&opener).expect("options")
        };
        let credential = double.credential("officer", None);
        let client = KeyClient::new(double.text("vault"), credential, Some(options));
        async move { azure::open(client.expect("a client"), "tokens", None, &opener).await }
    };
    assert!(open(double.opener()).await.is_ok());
    let error = open(Opener::new().rules(Rules::new().tries(1)))
        .await
        .expect_err("unknown");
    assert_eq!(error.code(), "remote.unavailable");
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
fn what_is_no_certificate_is_no_authority() {
    for pem in [
        "",
        "no PEM",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let error = azure::options(&Opener::new().authority(pem)).expect_err(pem);
        assert_eq!(error.code(), "remote.client", "{pem}");
    }
}
