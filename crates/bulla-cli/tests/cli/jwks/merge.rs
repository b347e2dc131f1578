use crate::desk::{Desk, set_of};

#[test]
fn public_halves_each_once_in_order() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg Ed25519 --kid b --out b.jwk")
        .ok();
    desk.write(
        "set.jwks",
        set_of(&[desk.read("b.jwk"), desk.read("public.jwk")]),
    );
    let merged = desk.run("jwks merge key.jwk set.jwks b.jwk").line();
    let json: serde_json::Value = serde_json::from_str(&merged).unwrap();
    let kids: Vec<&str> = json["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["kid"].as_str().unwrap())
        .collect();
    assert_eq!(kids, ["a", "b"]);
    assert!(!merged.contains("\"d\""), "{merged}");
}

#[test]
fn another_key_of_the_same_name_is_left_out_with_a_warning() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg ES256 --kid a --out other.jwk")
        .ok();
    let ran = desk.run("jwks merge key.jwk other.jwk");
    let json: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(json["keys"].as_array().unwrap().len(), 1);
    assert!(
        ran.stderr.contains("other.jwk") && ran.stderr.contains("\"a\""),
        "{}",
        ran.stderr
    );
    // Of another type it can be told by `kty` (RFC 7517 §4.5).
    desk.run("jwk generate --alg Ed25519 --kid a --out ed.jwk")
        .ok();
    let json = desk.run("jwks merge key.jwk ed.jwk").json();
    assert_eq!(json["keys"].as_array().unwrap().len(), 2);
}

#[test]
fn a_secret_is_never_published() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg HS256 --out secret.jwk").ok();
    desk.run("jwks merge key.jwk secret.jwk")
        .fails(3, "jwk.usage-mismatch");
}
