//! JWEs by others that the vault opens.

use azure_security_keyvault_keys::models::KeyOperation;
use bulla_core::jwa::{KeyManagementAlg, SignatureAlg};

use crate::double::{Double, only, rsa};
use crate::suite::{self, Peers};

#[tokio::test]
#[ignore = "needs peers; run by cargo xtask test kms-azure"]
async fn by_unwrapping_and_by_decrypting() {
    let double = Double::start();
    let mut peers = Peers::from_env();
    for (operation, asked) in [
        (KeyOperation::UnwrapKey, "unwrapkey"),
        (KeyOperation::Decrypt, "decrypt"),
    ] {
        let key = double.key(only(rsa(2048), &[operation])).await;
        assert!(key.signer(SignatureAlg::Rs256).is_err());
        assert_eq!(suite::opens(&key, &mut peers).await, 2);
        // The key was tried once at opening; two algorithms, two encryptions, three senders.
        assert_eq!(double.asked(asked).await, 13);
        double.control(serde_json::json!({"forget": true})).await;
    }
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn one_key_signs_and_decrypts() {
    let double = Double::start();
    let key = double.key(rsa(2048)).await;
    assert_eq!(suite::signs(&key, &mut Peers::none()).await, 6);
    assert_eq!(suite::opens(&key, &mut Peers::none()).await, 2);
}

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn whatever_is_wrong_is_one_error() {
    let double = Double::start();
    let key = double.key(rsa(2048)).await;
    for alg in [KeyManagementAlg::RsaOaep, KeyManagementAlg::RsaOaep256] {
        suite::refuses_alike(&key, alg).await;
    }
}
