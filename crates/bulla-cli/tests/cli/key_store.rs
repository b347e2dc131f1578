//! PKCS#12 and JKS: keys read from stores that `keytool` and `openssl` made, and stores written.

use serde_json::Value;

use crate::desk::Desk;

/// A desk with a store of the library's tests, and its password.
fn with_stores() -> Desk {
    let desk = Desk::with_keys();
    let stores = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../bulla-x509/tests/fixtures/key_stores/"
    );
    for name in ["every.p12", "every.jks", "small.p12", "store.jceks"] {
        desk.write(name, std::fs::read(format!("{stores}{name}")).unwrap());
    }
    desk.write("password", "changeit\n");
    desk.write("wrong", "Changeit\n");
    desk
}

fn json(octets: &[u8]) -> Value {
    serde_json::from_slice(octets).unwrap()
}

#[test]
fn keys_of_stores_sign_and_verify() {
    let mut desk = with_stores();
    desk.set("BULLA_PASSWORD", "changeit");
    for store in ["pkcs12:every.p12", "jks:every.jks"] {
        for (alias, alg) in [("p256", "ES256"), ("RSA", "RS256"), ("ed25519", "Ed25519")] {
            let key = format!("{store}?alias={alias}");
            let token = desk
                .run_with(&format!("jws sign --key {key} --alg {alg}"), "payload")
                .ok();
            desk.write("token", &token);
            let verified = desk.run(&format!("jws verify --key {key} --alg {alg} token"));
            assert_eq!(verified.ok(), b"payload", "{key}");
        }
    }
    // What a store says that a secret is for.
    let token = desk
        .run_with("jws sign --key pkcs12:every.p12?alias=hs256", "payload")
        .ok();
    desk.write("token", &token);
    desk.run("jws verify --key pkcs12:every.p12?alias=hs256 token")
        .ok();
}

#[test]
fn a_key_is_shown_with_its_alias_and_certificate() {
    let desk = with_stores();
    let read = |store: &str| {
        let command = format!("jwk convert {store} --password-file password --to jwk");
        json(&desk.run(&command).ok())
    };
    let (p12, jks) = (
        read("pkcs12:every.p12?alias=P384"),
        read("jks:every.jks?alias=p384"),
    );
    for key in [&p12, &jks] {
        assert_eq!(key["kid"], "p384");
        assert_eq!(key["crv"], "P-384");
        assert_eq!(key["x5c"].as_array().unwrap().len(), 1);
        assert!(key["x5t"].is_string() && key["x5t#S256"].is_string());
    }
    // The only key of a store needs no alias.
    assert_eq!(read("pkcs12:small.p12")["kid"], "a");
    let ran = desk.run("jwk convert pkcs12:every.p12 --password-file password --to jwks");
    assert!(ran.stderr.contains("\"dsa\" is left out"), "{}", ran.stderr);
    assert_eq!(ran.exit, 0);
    assert_eq!(json(&ran.stdout)["keys"].as_array().unwrap().len(), 9);
}

#[test]
fn refusals() {
    let desk = with_stores();
    for (arguments, exit, code) in [
        ("pkcs12:every.p12?alias=p256", 3, "jwk.password-missing"),
        (
            "pkcs12:every.p12?alias=p256 --password-file wrong",
            3,
            "jwk.password-wrong",
        ),
        (
            "jks:every.jks?alias=p256 --password-file wrong",
            3,
            "jwk.password-wrong",
        ),
        (
            "jks:every.jks?alias=own --password-file password",
            3,
            "jwk.password-wrong",
        ),
        (
            "jks:every.jks?alias=dsa --password-file password",
            3,
            "jwk.unsupported",
        ),
        (
            "pkcs12:every.p12?alias=nobody --password-file password",
            3,
            "jwk.not-found",
        ),
        (
            "pkcs12:every.p12 --password-file password",
            3,
            "jwk.ambiguous",
        ),
        (
            "pkcs12:every.jks --password-file password",
            3,
            "keystore.malformed",
        ),
        (
            "jks:every.p12 --password-file password",
            3,
            "keystore.malformed",
        ),
        (
            "jks:store.jceks --password-file password",
            3,
            "keystore.unsupported",
        ),
        (
            "pkcs12:nowhere.p12 --password-file password",
            4,
            "io.not-found",
        ),
        ("pkcs12:every.p12?name=a", 2, "cli.usage"),
    ] {
        desk.run(&format!("jwk convert {arguments} --to jwk"))
            .fails(exit, code);
    }
    let told = desk
        .run("jwk convert pkcs12:small.p12?alias=b --password-file password --to jwk")
        .fails(3, "jwk.not-found");
    assert!(told.contains("the store has the aliases \"a\""), "{told}");
}

#[test]
fn stores_are_written() {
    let desk = with_stores();
    let store = |arguments: &str| {
        desk.run(&format!(
            "jwk convert {arguments} --to pkcs12 --password-file password --out new.p12 --force"
        ))
        .ok();
    };
    store("key.jwk");
    let back = desk
        .run("jwk convert pkcs12:new.p12?alias=a --password-file password --to jwk")
        .ok();
    let (back, key) = (json(&back), json(&desk.read("key.jwk")));
    for member in ["kty", "crv", "x", "y", "d", "kid"] {
        assert_eq!(back[member], key[member], "{member}");
    }
    // A whole store from one format to the other.
    let ran = desk.run(
        "jwk convert jks:every.jks --to pkcs12 --password-file password --out new.p12 --force",
    );
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let jwks = |from: &str| {
        let command = format!("jwk convert {from} --password-file password --to jwks");
        let mut keys = json(&desk.run(&command).stdout)["keys"]
            .as_array()
            .unwrap()
            .clone();
        keys.sort_by_key(|key| key["kid"].to_string());
        keys
    };
    assert_eq!(jwks("pkcs12:new.p12"), jwks("jks:every.jks"));
    // A public key is nothing that PKCS#12 holds by itself.
    desk.run("jwk convert public.jwk --to pkcs12 --password-file password")
        .fails(3, "keystore.certificate-missing");
    // The password in the environment opens and does not encrypt.
    let mut desk = desk;
    desk.set("BULLA_PASSWORD", "changeit");
    desk.run("jwk convert key.jwk --to pkcs12")
        .fails(3, "jwk.password-missing");
}

#[cfg(unix)]
#[test]
fn a_written_store_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = with_stores();
    desk.run("jwk convert key.jwk --to pkcs12 --password-file password --out new.p12")
        .ok();
    let mode = std::fs::metadata(desk.path("new.p12"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
