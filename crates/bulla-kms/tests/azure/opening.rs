//! What is found out when a key is opened.

use bulla_core::jwa::{HashAlg, KeyManagementAlg, SignatureAlg};
use bulla_kms::{KeyHandle, OpenError, azure};
use serde_json::{Value, json};

use crate::client::{Answer, bundle, opener, vault};

async fn open(bundle: Value, version: Option<&str>) -> Result<KeyHandle, OpenError> {
    let (client, _) = vault(bundle, |_| Answer::error(500, "not asked for", None));
    azure::open(client, "tokens", version, &opener()).await
}

fn rsa(operations: &[&str]) -> Value {
    let mut bundle = bundle();
    // A zero before the modulus, as the real service sends it for an imported key.
    let modulus = [&[0][..], &[0xc5; 256]].concat();
    bundle["key"]["kty"] = json!("RSA-HSM");
    bundle["key"]["n"] = json!(bulla_core::base64url::encode(&modulus));
    bundle["key"]["e"] = json!("AQAB");
    bundle["key"]["key_ops"] = json!(operations);
    bundle
}

#[tokio::test]
async fn a_handle_is_one_version_with_a_plain_public_key() {
    let key = open(bundle(), None).await.expect("a key");
    assert_eq!(
        (key.provider(), key.name(), key.version()),
        (
            "azure-key-vault",
            "https://contoso.vault.azure.net/keys/tokens",
            "0a1b"
        )
    );
    let public = key.public().expect("a public half");
    assert_eq!(public.key().describe(), "EC P-256");
    let thumbprint = public.thumbprint(HashAlg::Sha256);
    assert_eq!(key.kid(), Some(thumbprint.as_str()), "and not the vault's");
    assert_eq!(key.permitted().signatures, [SignatureAlg::Es256]);
    assert!(open(bundle(), Some("0A1B")).await.is_ok());
}

#[tokio::test]
async fn another_key_or_version_is_refused() {
    let error = open(bundle(), Some("ffff"))
        .await
        .expect_err("another version");
    assert_eq!(error.code(), "remote.integrity");
    for kid in [
        json!("https://contoso.vault.azure.net/keys/others/0a1b"),
        json!("https://contoso.vault.azure.net/keys/tokens"),
        json!(null),
    ] {
        let mut bundle = bundle();
        bundle["key"]["kid"] = kid.clone();
        let error = open(bundle, None).await.expect_err("another key");
        assert_eq!(error.code(), "remote.integrity", "{kid}");
    }
    let error = open(json!({}), None).await.expect_err("no key");
    assert_eq!(error.code(), "remote.integrity");
}

#[tokio::test]
async fn names_that_are_paths_are_not_asked_for() {
    for (name, version) in [
        ("", None),
        ("../secrets/x", None),
        ("a?api-version=1", None),
        ("tokens", Some("")),
        ("tokens", Some("0a1b/sign")),
    ] {
        let (client, wire) = vault(bundle(), |_| Answer::error(500, "not asked for", None));
        let error = azure::open(client, name, version, &opener()).await;
        assert_eq!(error.expect_err(name).code(), "remote.not-found");
        assert!(wire.sent.lock().expect("no panic").is_empty());
    }
}

#[tokio::test]
async fn a_version_that_is_switched_off_is_not_opened() {
    let mut off = bundle();
    off["attributes"]["enabled"] = json!(false);
    let error = open(off, None).await.expect_err("disabled");
    assert_eq!(error.code(), "remote.disabled");
}

#[tokio::test]
async fn outside_its_validity_a_key_decrypts_and_does_not_sign() {
    let past = json!(1_700_000_000);
    let future = json!(4_000_000_000_u32);
    for (name, time) in [("exp", &past), ("nbf", &future)] {
        let mut signing = bundle();
        signing["attributes"][name] = time.clone();
        let error = open(signing, None).await.expect_err(name);
        assert_eq!(error.code(), "remote.disabled", "{error}");

        let mut both = rsa(&["sign", "unwrapKey"]);
        both["attributes"][name] = time.clone();
        let key = open(both, None).await.expect("decrypts");
        assert!(key.permitted().signatures.is_empty());
        assert!(key.decrypter(KeyManagementAlg::RsaOaep256).is_ok());
    }
}

#[tokio::test]
async fn what_the_key_may_do_is_what_the_vault_says() {
    let key = open(rsa(&["sign", "decrypt"]), None).await.expect("a key");
    assert_eq!(key.permitted().signatures.len(), 6);
    assert_eq!(
        key.permitted().key_management,
        [KeyManagementAlg::RsaOaep256, KeyManagementAlg::RsaOaep]
    );
    let error = key
        .decrypter(KeyManagementAlg::Rsa1_5)
        .expect_err("refused");
    assert_eq!(error.code(), "remote.unsupported");
    let verifying = open(rsa(&["verify", "encrypt"]), None)
        .await
        .expect("a key");
    let error = verifying.signer(SignatureAlg::Rs256).expect_err("no sign");
    assert_eq!(error.code(), "remote.unsupported");
}
