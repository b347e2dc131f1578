//! What each kind of key is found to be for.

use std::time::Duration;

use bulla_kms::{KeyHandle, Opener, Rules};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, KeyType};

use crate::token::{self, ED25519, K256, P256, P384, P521, TOKEN, is_kryoptic};

/// Opened as a user would: by a URI, with the PIN from a file.
pub(crate) async fn open(label: &str) -> KeyHandle {
    // While a module makes a key for another test, all wait.
    open_with(label, Rules::new().deadline(Duration::from_secs(60))).await
}

pub(crate) async fn open_with(label: &str, rules: Rules) -> KeyHandle {
    let opened = Opener::new().rules(rules).open(&token::uri(label)).await;
    opened.unwrap_or_else(|error| panic!("{label}: {error}"))
}

fn names(handle: &KeyHandle) -> String {
    let permitted = handle.permitted();
    let signatures = permitted.signatures.iter().map(|alg| alg.name());
    let macs = permitted.macs.iter().map(|alg| alg.name());
    let management = permitted.key_management.iter().map(|alg| alg.name());
    let all: Vec<&str> = signatures
        .chain(macs)
        .chain(management)
        .map(|name| name.as_str())
        .collect();
    all.join(" ")
}

const ECDH: &str = "ECDH-ES ECDH-ES+A128KW ECDH-ES+A192KW ECDH-ES+A256KW";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a PKCS#11 module; run by cargo xtask test kms-pkcs11"]
async fn each_kind_of_key() {
    TOKEN.rsa("offered-rsa", 2048);
    let rsa = "PS256 PS384 PS512 RS256 RS384 RS512 RSA-OAEP";
    // SoftHSM refuses every hash but SHA-1 for OAEP, though it does not say so before it is tried.
    let rsa = match is_kryoptic() {
        true => format!("{rsa} RSA-OAEP-256 RSA-OAEP-384 RSA-OAEP-512"),
        false => rsa.to_owned(),
    };
    assert_eq!(names(&open("offered-rsa").await), rsa);

    TOKEN.ec("offered-p256", P256, true, true);
    assert_eq!(names(&open("offered-p256").await), format!("ES256 {ECDH}"));
    TOKEN.ec("offered-p384", P384, true, false);
    assert_eq!(names(&open("offered-p384").await), "ES384");
    TOKEN.ec("offered-p521", P521, false, true);
    assert_eq!(names(&open("offered-p521").await), ECDH);

    let sign = [Attribute::Sign(true)];
    let secret = KeyType::GENERIC_SECRET;
    TOKEN.secret("offered-hmac", secret, &[7; 48], &sign);
    assert_eq!(names(&open("offered-hmac").await), "HS256 HS384");
    let both = [
        Attribute::Wrap(true),
        Attribute::Unwrap(true),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
    ];
    TOKEN.secret("offered-aes", KeyType::AES, &[8; 24], &both);
    assert_eq!(names(&open("offered-aes").await), "A192KW");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a PKCS#11 module; run by cargo xtask test kms-pkcs11"]
async fn curves_of_softhsm_alone() {
    if is_kryoptic() {
        return;
    }
    TOKEN.ec("offered-k256", K256, true, false);
    assert_eq!(names(&open("offered-k256").await), "ES256K");
    TOKEN.pair(
        &Mechanism::EccEdwardsKeyPairGen,
        "offered-ed25519",
        &[
            Attribute::EcParams(ED25519.to_vec()),
            Attribute::Verify(true),
        ],
        &[Attribute::Sign(true)],
    );
    assert_eq!(names(&open("offered-ed25519").await), "EdDSA Ed25519");
}
