//! A key by its URI alone: credentials and authority from the environment.

use std::process::{Command, Stdio};

use azure_security_keyvault_keys::models::CurveName;
use bulla_core::jwa::SignatureAlg;
use bulla_core::key::RotationPolicy;
use bulla_kms::{Followed, FollowedKey, Opener};

use crate::double::{Double, create, ec};
use crate::suite::{self, Peers};

/// Says that this is the process in which the environment is that of a program.
const URI: &str = "BULLA_TEST_AZURE_URI";

#[tokio::test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
async fn a_program_with_four_variables_opens_a_uri() {
    if let Ok(uri) = std::env::var(URI) {
        return program(&uri).await;
    }
    let double = Double::start();
    let client = double.client("vault");
    create(&client, "tokens", ec(CurveName::P256)).await;
    let certificate = std::env::temp_dir().join(format!("bulla-azure-{}.pem", std::process::id()));
    std::fs::write(&certificate, double.text("certificate")).expect("written");
    let officer = &double.place["officer"];
    let run = |secret: &str| {
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        command
            .args([
                "environment::a_program_with_four_variables_opens_a_uri",
                "--exact",
                "--include-ignored",
            ])
            .env(URI, format!("azurekv:{}/keys/tokens", double.text("vault")))
            .env("SSL_CERT_FILE", &certificate)
            .env("AZURE_AUTHORITY_HOST", double.text("authority"))
            .env("AZURE_TENANT_ID", double.text("tenant"))
            .env("AZURE_CLIENT_ID", officer["id"].as_str().expect("an id"))
            .env("AZURE_CLIENT_SECRET", secret)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().expect("a process").success()
    };
    let before = double.issued().await;
    let right = run(officer["secret"].as_str().expect("a secret"));
    // One for each opener: what it opens and looks after again shares a client.
    assert_eq!(double.issued().await - before, 3);
    let wrong = run("another secret");
    std::fs::remove_file(&certificate).expect("removed");
    assert!(right, "the program with the right secret");
    assert!(!wrong, "the program with a wrong one");
}

async fn program(uri: &str) {
    let key = bulla_kms::open(uri).await.expect("a key");
    assert_eq!(suite::signs(&key, &mut Peers::none()).await, 1);
    let versioned = format!("{uri}/{}", key.version());
    assert_eq!(
        bulla_kms::open(&versioned).await.expect("a version").kid(),
        key.kid()
    );
    let policy = RotationPolicy::new();
    let followed = FollowedKey::open(Opener::new(), uri, SignatureAlg::Es256, policy).await;
    let followed = followed.expect("a key to follow");
    assert_eq!(followed.check().await.expect("asked"), Followed::Unchanged);
    assert_eq!(followed.signer().kid(), key.kid());
}
