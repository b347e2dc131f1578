//! What is said of vaults that this build does not speak to, and of keys that are not there.

use crate::desk::Desk;

#[test]
fn vaults_that_are_not_built_in_say_so() {
    let desk = Desk::with_keys();
    let clouds: &[&str] = match cfg!(feature = "vaults") {
        true => &[],
        false => &[
            "awskms:alias/a?region=eu-central-1",
            "azurekv:https://v.vault.azure.net/keys/k",
        ],
    };
    let later = &[
        "gcpkms:projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1",
        "vault:transit/k",
    ];
    for keyref in clouds.iter().chain(later) {
        for command in [
            format!("jws sign --key {keyref}"),
            format!("jws verify --key {keyref} x"),
            format!("jwe decrypt --key {keyref} x"),
            format!("jwk inspect {keyref}"),
        ] {
            let told = desk.run(&command).fails(2, "cli.not-built-in");
            assert_eq!(clouds.contains(keyref), told.contains("--features vaults"));
        }
    }
}

#[test]
fn references_that_name_no_key_are_usage_errors() {
    let desk = Desk::new();
    for keyref in [
        "pkcs11:token=t",
        "pkcs11:object=o;kind=private",
        "pkcs11:object=o?pin-value=1234",
        "pkcs11:object=o?pin-source=1234",
    ] {
        desk.run(&format!("jws sign --key {keyref}"))
            .fails(2, "remote.uri-malformed");
    }
}

#[test]
fn a_token_that_cannot_be_reached_is_remote() {
    let mut desk = Desk::new();
    desk.set("BULLA_PKCS11_PIN", "1234");
    let module = desk.path("none.so");
    let keyref = format!("pkcs11:object=o?module-path={}", module.display());
    for command in ["jws sign --key", "jwe decrypt --key", "jwk public"] {
        let ran = desk.run_with(&format!("{command} {keyref}"), "x");
        let told = ran.fails(4, "remote.unavailable");
        assert!(told.contains("none.so"), "{told}");
    }
    desk.run("jws sign --key pkcs11:object=o")
        .fails(4, "remote.not-found");
    desk.run(&format!(
        "jws sign --key pkcs11:object=o?module-path={}&pin-source=file:pin",
        module.display()
    ))
    .fails(4, "remote.denied");
}
