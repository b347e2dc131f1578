//! One version stays one version while the vault goes on to the next.

use azure_security_keyvault_keys::models::{CurveName, KeyAttributes};
use bulla_core::jwa::SignatureAlg;
use bulla_core::key::{KeyRotation, RotationPolicy};
use bulla_kms::{Rules, azure};
use core::time::Duration;

use crate::double::{Double, create, ec, update};
use crate::suite::{self, Peers};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn a_thousand_signatures_and_a_new_version_among_them() {
    let double = Double::start();
    let client = double.client("vault");
    create(&client, "tokens", ec(CurveName::P256)).await;
    // A thousand at once wait longer for their turn than one may otherwise.
    let opener = double
        .opener()
        .rules(Rules::new().deadline(Duration::from_secs(60)));
    let open = || azure::open(client.clone(), "tokens", None, &opener);
    let alg = SignatureAlg::Es256;
    let first = open().await.expect("a key");
    let policy = RotationPolicy::new().announce(Duration::ZERO);
    let rotation = KeyRotation::new(first.rotation_key(alg).expect("a key"), policy);
    suite::rotates_while_signing(&rotation, alg, async {
        client
            .rotate_key("tokens", None)
            .await
            .expect("a new version");
        let next = open().await.expect("the new version");
        assert_ne!((first.version(), first.kid()), (next.version(), next.kid()));
        rotation
            .announce(next.rotation_key(alg).expect("a key"))
            .expect("announced");
    })
    .await;
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn a_handle_keeps_its_version() {
    let double = Double::start();
    let client = double.client("vault");
    create(&client, "tokens", ec(CurveName::P256)).await;
    let old = double.open(&client).await;
    client
        .rotate_key("tokens", None)
        .await
        .expect("a new version");
    // Verified with the old public key, and by the `kid` of the old version.
    assert_eq!(suite::signs(&old, &mut Peers::none()).await, 1);
    let new = double.open(&client).await;
    assert_ne!(old.kid(), new.kid());
    let again = azure::open(client, "tokens", Some(old.version()), &double.opener()).await;
    assert_eq!(again.expect("the old version").kid(), old.kid());
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn what_is_done_to_a_key_that_is_open_has_its_name() {
    let double = Double::start();
    let client = double.client("vault");
    create(&client, "tokens", ec(CurveName::P256)).await;
    let key = double.open(&client).await;
    let failed = || async {
        let signer = key.signer(SignatureAlg::Es256).expect("a signer");
        let made = bulla_core::jws::Builder::new("x")
            .sign_compact_async(&signer)
            .await;
        made.map_err(|error| error.code())
    };
    let set = |attributes| update(&client, key.version(), Some(attributes), None);
    let past = azure_core::time::OffsetDateTime::now_utc() - azure_core::time::Duration::hours(1);
    set(KeyAttributes {
        expires: Some(past),
        ..KeyAttributes::default()
    })
    .await;
    assert_eq!(failed().await, Err("remote.disabled"));
    set(KeyAttributes {
        enabled: Some(false),
        ..KeyAttributes::default()
    })
    .await;
    assert_eq!(failed().await, Err("remote.disabled"));
    set(KeyAttributes {
        enabled: Some(true),
        expires: Some(past + azure_core::time::Duration::days(1)),
        ..KeyAttributes::default()
    })
    .await;
    assert!(failed().await.is_ok());
    let verify = vec![azure_security_keyvault_keys::models::KeyOperation::Verify];
    update(&client, key.version(), None, Some(verify)).await;
    assert_eq!(failed().await, Err("remote.unsupported"));
    client.delete_key("tokens", None).await.expect("deleted");
    assert_eq!(failed().await, Err("remote.not-found"));
}
