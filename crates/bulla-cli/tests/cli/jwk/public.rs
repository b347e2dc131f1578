use crate::desk::{Desk, set_of};

#[test]
fn the_public_half_and_nothing_else() {
    let desk = Desk::with_keys();
    let public = desk.run("jwk public key.jwk").ok();
    assert_eq!(public, desk.read("public.jwk"));
    assert_eq!(desk.run("jwk public public.jwk").ok(), public);
    assert_eq!(
        desk.run_with("jwk public -", desk.read("key.jwk")).ok(),
        public
    );
    assert_eq!(desk.run("jwk public key.jwk --json").ok(), public);
}

#[test]
fn key_ops_become_those_of_the_public_half() {
    let desk = Desk::with_keys();
    let key = String::from_utf8(desk.read("key.jwk")).unwrap();
    desk.write(
        "key.jwk",
        key.replace("\"kid\"", "\"key_ops\":[\"sign\"],\"kid\""),
    );
    assert_eq!(
        desk.run("jwk public key.jwk").json()["key_ops"][0],
        "verify"
    );
}

#[test]
fn a_symmetric_key_has_none() {
    let desk = Desk::new();
    desk.run("jwk generate --alg HS256 --out secret.jwk").ok();
    desk.run("jwk public secret.jwk")
        .fails(3, "jwk.usage-mismatch");
}

#[test]
fn a_set_to_publish_has_no_secrets() {
    let desk = Desk::with_keys();
    let secret = desk.run("jwk generate --alg HS256 --kid s").ok();
    let other = desk.run("jwk generate --alg Ed25519 --kid b").ok();
    desk.write("keys.jwks", set_of(&[desk.read("key.jwk"), secret, other]));
    desk.run("jwk public keys.jwks").fails(3, "jwk.ambiguous");
    let text = desk.run("jwk public keys.jwks --set").line();
    assert!(
        !text.contains("\"d\":") && !text.contains("\"k\":"),
        "{text}"
    );
    let set: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&set["keys"][0]["kid"], &set["keys"][1]["kid"]),
        (&"a".into(), &"b".into())
    );
    assert_eq!(set["keys"].as_array().unwrap().len(), 2);
}
