//! The battery on moto, whose keys are those of OpenSSL and whose protocol is another's reading of AWS's documentation;
//! `interop/python/moto_kms.py` says what is corrected in it. Each signature is verified by PyPI jwcrypto and npm jose too.

use std::time::Duration;

use bulla_core::jwa::{KeyManagementAlg, SignatureAlg};
use bulla_core::key::RotationPolicy;
use bulla_core::{base64url, jws};
use bulla_kms::aws::aws_sdk_kms::Client;
use bulla_kms::aws::aws_sdk_kms::primitives::Blob;
use bulla_kms::aws::aws_sdk_kms::types::{KeySpec, KeyUsageType, MacAlgorithmSpec};
use bulla_kms::{FollowedKey, aws};

use crate::client::{client, open, patient, sign};
use crate::in_process::only_the_double;
use crate::proxy::{Fault, Proxy};
use crate::suite::{self, Peers};

/// Panics where nobody says where moto listens, so that nothing passes unseen.
fn moto() -> std::net::SocketAddr {
    let address = std::env::var("BULLA_MOTO").expect("BULLA_MOTO is not set");
    address.parse().expect("an address and a port")
}

async fn create(client: &Client, spec: KeySpec, usage: KeyUsageType) -> String {
    let request = client.create_key().key_spec(spec).key_usage(usage);
    let made = request.send().await.expect("moto makes a key");
    made.key_metadata().unwrap().arn().unwrap().to_owned()
}

#[tokio::test]
#[ignore = "needs moto and other implementations; run by `cargo xtask test kms-aws`"]
async fn ecdsa() {
    let (client, mut peers) = (client(moto()), Peers::from_env());
    for (spec, alg) in [
        (KeySpec::EccNistP256, SignatureAlg::Es256),
        (KeySpec::EccNistP384, SignatureAlg::Es384),
        (KeySpec::EccNistP521, SignatureAlg::Es512),
        (KeySpec::EccSecgP256K1, SignatureAlg::Es256k),
    ] {
        let key = create(&client, spec, KeyUsageType::SignVerify).await;
        let handle = open(&client, &key).await;
        assert_eq!(handle.permitted().signatures, [alg]);
        suite::signs(&handle, &mut peers).await;
        suite::long_token(&handle, alg, &mut peers).await;
        suite::until_leading_zeros(&handle, alg, &mut peers).await;
    }
}

#[tokio::test]
#[ignore = "needs moto and other implementations; run by `cargo xtask test kms-aws`"]
async fn rsa_of_each_size() {
    let (client, mut peers) = (client(moto()), Peers::from_env());
    for spec in [KeySpec::Rsa2048, KeySpec::Rsa3072, KeySpec::Rsa4096] {
        let key = create(&client, spec, KeyUsageType::SignVerify).await;
        let handle = open(&client, &key).await;
        assert_eq!(suite::signs(&handle, &mut peers).await, 6);
        suite::long_token(&handle, SignatureAlg::Rs256, &mut peers).await;
        suite::long_token(&handle, SignatureAlg::Ps256, &mut peers).await;
    }
}

#[tokio::test]
#[ignore = "needs moto and other implementations; run by `cargo xtask test kms-aws`"]
async fn decrypting_and_agreeing() {
    let (client, mut peers) = (client(moto()), Peers::from_env());
    for spec in [KeySpec::Rsa2048, KeySpec::Rsa4096] {
        let key = create(&client, spec, KeyUsageType::EncryptDecrypt).await;
        let handle = open(&client, &key).await;
        assert_eq!(suite::opens(&handle, &mut peers).await, 2);
        for alg in [KeyManagementAlg::RsaOaep, KeyManagementAlg::RsaOaep256] {
            suite::refuses_alike(&handle, alg).await;
        }
    }
    for spec in [
        KeySpec::EccNistP256,
        KeySpec::EccNistP384,
        KeySpec::EccNistP521,
    ] {
        let key = create(&client, spec, KeyUsageType::KeyAgreement).await;
        let handle = open(&client, &key).await;
        assert_eq!(suite::agrees(&handle, &mut peers).await, 4);
    }
}

#[tokio::test]
#[ignore = "needs moto and other implementations; run by `cargo xtask test kms-aws`"]
async fn hmac() {
    let client = client(moto());
    for (spec, alg) in [
        (KeySpec::Hmac256, MacAlgorithmSpec::HmacSha256),
        (KeySpec::Hmac384, MacAlgorithmSpec::HmacSha384),
        (KeySpec::Hmac512, MacAlgorithmSpec::HmacSha512),
    ] {
        let key = create(&client, spec, KeyUsageType::GenerateVerifyMac).await;
        let handle = open(&client, &key).await;
        // Nobody has the secret: KMS itself verifies.
        suite::authenticates(&handle, None, &mut Peers::none()).await;
        let signer = handle.mac_signer(handle.permitted().macs[0]).unwrap();
        let token = jws::Builder::new("x").sign_compact_async(&signer).await;
        let token = token.unwrap();
        let (input, code) = token.rsplit_once('.').unwrap();
        let request = client.verify_mac().key_id(&key).mac_algorithm(alg);
        let request = request.message(Blob::new(input));
        let request = request.mac(Blob::new(base64url::decode(code).unwrap()));
        assert!(request.send().await.unwrap().mac_valid());
    }
}

#[tokio::test]
#[ignore = "needs moto and other implementations; run by `cargo xtask test kms-aws`"]
async fn ed25519_ml_dsa_and_agreement_are_verified_by_others() {
    only_the_double(&mut Peers::from_env()).await;
}

#[tokio::test]
#[ignore = "needs moto and other implementations; run by `cargo xtask test kms-aws`"]
async fn states() {
    let client = client(moto());
    let key = create(&client, KeySpec::EccNistP256, KeyUsageType::SignVerify).await;
    let handle = open(&client, &key).await;
    // Here moto takes a bare identifier alone.
    let id = key.rsplit('/').next().unwrap();
    client.disable_key().key_id(id).send().await.unwrap();
    assert_eq!(sign(&handle).await, Err("remote.disabled"));
    client.enable_key().key_id(id).send().await.unwrap();
    sign(&handle).await.unwrap();
    let delete = client.schedule_key_deletion().key_id(id);
    delete.pending_window_in_days(7).send().await.unwrap();
    assert_eq!(sign(&handle).await, Err("remote.disabled"));
    let error = aws::open(&client, &key, &patient()).await.unwrap_err();
    assert_eq!(error.code(), "remote.disabled");
    let error = aws::open(&client, "alias/none", &patient()).await;
    assert_eq!(error.unwrap_err().code(), "remote.not-found");
    let symmetric = KeyUsageType::EncryptDecrypt;
    let key = create(&client, KeySpec::SymmetricDefault, symmetric).await;
    let error = aws::open(&client, &key, &patient()).await;
    assert_eq!(error.unwrap_err().code(), "remote.unsupported");
}

/// By URI, with credentials from the environment: as a program does that has no client of its own.
#[tokio::test]
#[ignore = "needs moto and other implementations; run by `cargo xtask test kms-aws`"]
async fn an_alias_is_followed_in_the_middle_of_signing() {
    let client = client(moto());
    let spec = KeySpec::EccNistP256;
    let first = create(&client, spec.clone(), KeyUsageType::SignVerify).await;
    let next = create(&client, spec, KeyUsageType::SignVerify).await;
    let alias = "alias/followed";
    let point = client.create_alias().alias_name(alias);
    point.target_key_id(&first).send().await.unwrap();
    let uri = format!("awskms:{alias}?region=eu-west-1&endpoint=http://{}", moto());
    let policy = RotationPolicy::new().announce(Duration::ZERO);
    let followed = FollowedKey::open(patient(), uri, SignatureAlg::Es256, policy);
    let followed = followed.await.unwrap();
    suite::rotates_while_signing(followed.keys(), SignatureAlg::Es256, async {
        let point = client.update_alias().alias_name(alias);
        point.target_key_id(&next).send().await.unwrap();
        followed.check().await.unwrap();
    })
    .await;
}

#[tokio::test]
#[ignore = "needs moto and other implementations; run by `cargo xtask test kms-aws`"]
async fn behind_a_network_that_breaks() {
    let proxy = Proxy::start(moto()).await;
    let client = client(proxy.address);
    let key = create(&client, KeySpec::EccNistP256, KeyUsageType::SignVerify).await;
    let handle = open(&client, &key).await;
    proxy.forget();
    let throttled = r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#;
    proxy.on("Sign", Fault::Answer(400, "", throttled));
    proxy.on("Sign", Fault::Reset);
    let token = suite::token(&handle, SignatureAlg::Es256, suite::PAYLOAD).await;
    assert_eq!(proxy.calls(), ["Sign"; 3]);
    suite::assert_no_trace(&proxy.wire(), suite::PAYLOAD);
    let input = token.rsplit_once('.').unwrap().0;
    assert!(suite::has_digest(&proxy.wire(), input.as_bytes()));
}
