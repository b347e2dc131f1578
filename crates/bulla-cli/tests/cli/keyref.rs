//! Where keys come from.

use crate::desk::Desk;

#[test]
fn files_standard_input_and_the_environment() {
    let mut desk = Desk::with_keys();
    let key = String::from_utf8(desk.read("key.jwk")).unwrap();
    let thumbprint = desk.run("jwk thumbprint key.jwk").line();
    assert_eq!(desk.run("jwk thumbprint file:key.jwk").line(), thumbprint);
    assert_eq!(desk.run("jwk thumbprint ./key.jwk").line(), thumbprint);
    assert_eq!(desk.run_with("jwk thumbprint -", &key).line(), thumbprint);
    desk.set("MY_KEY", &key);
    assert_eq!(desk.run("jwk thumbprint env:MY_KEY").line(), thumbprint);
    assert_eq!(desk.run("jwk thumbprint env:MY_KEY#a").line(), thumbprint);
    desk.run("jwk thumbprint env:NOBODY_SET_THIS")
        .fails(4, "io.not-found");
    desk.run("jwk thumbprint nowhere.jwk")
        .fails(4, "io.not-found");
    desk.run("jwk thumbprint .").fails(4, "io.read");
    desk.run("jwk thumbprint env:").fails(2, "cli.usage");
    desk.run_args(&["jwk", "thumbprint", ""], "")
        .fails(2, "cli.usage");
}

#[test]
fn one_key_of_a_set_by_its_kid() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg ES256 --kid x#y --out b.jwk")
        .ok();
    let twice = desk.read("key.jwk");
    desk.write(
        "keys.jwks",
        crate::desk::set_of(&[desk.read("key.jwk"), desk.read("b.jwk")]),
    );
    desk.write("one.jwks", crate::desk::set_of(&[desk.read("key.jwk")]));
    desk.write("twice.jwks", crate::desk::set_of(&[twice.clone(), twice]));
    let a = desk.run("jwk thumbprint key.jwk").line();
    assert_eq!(desk.run("jwk thumbprint keys.jwks#a").line(), a);
    assert_eq!(desk.run("jwk thumbprint file:keys.jwks#a").line(), a);
    assert_eq!(desk.run("jwk thumbprint one.jwks").line(), a);
    assert_eq!(desk.run("jwk thumbprint key.jwk#a").line(), a);
    assert_eq!(
        desk.run_with("jwk thumbprint -#a", desk.read("keys.jwks"))
            .line(),
        a
    );
    desk.run("jwk thumbprint keys.jwks#x#y").ok();
    let told = desk
        .run("jwk thumbprint keys.jwks")
        .fails(3, "jwk.ambiguous");
    assert!(told.contains("\"a\"") && told.contains("\"x#y\""), "{told}");
    desk.run("jwk thumbprint keys.jwks#b")
        .fails(3, "jwk.not-found");
    desk.run("jwk thumbprint key.jwk#b")
        .fails(3, "jwk.not-found");
    desk.run("jwk thumbprint twice.jwks#a")
        .fails(3, "jwk.ambiguous");
    desk.run("jwk thumbprint keys.jwks#").fails(2, "cli.usage");
    // A file's own name comes first.
    desk.write("odd#a", desk.read("b.jwk"));
    assert_ne!(desk.run("jwk thumbprint odd#a").line(), a);
}

#[test]
fn symmetric_keys_as_they_are() {
    let mut desk = Desk::with_keys();
    let secret = b"0123456789abcdef0123456789abcde\n";
    desk.write("secret", secret);
    desk.set("MY_SECRET", std::str::from_utf8(secret).unwrap());
    let jwk = serde_json::json!({"kty": "oct", "k": crate::desk::base64url(secret)});
    desk.write("secret.jwk", jwk.to_string());
    // The final line break is part of it: the octets are the key.
    let thumbprint = desk.run("jwk thumbprint secret.jwk").line();
    for keyref in ["oct:secret", "oct:file:secret", "oct:env:MY_SECRET"] {
        assert_eq!(
            desk.run(&format!("jwk thumbprint {keyref}")).line(),
            thumbprint
        );
        let token = desk
            .run_with(&format!("jws sign --alg HS256 --key {keyref}"), "x")
            .line();
        assert_eq!(
            desk.run_with("jws verify --key secret.jwk --alg HS256", token)
                .text(),
            "x"
        );
    }
    assert_eq!(
        desk.run_with("jwk thumbprint oct:-", secret).line(),
        thumbprint
    );
    let told = desk.run("jws sign --key oct:secret").fails(2, "cli.usage");
    assert!(told.contains("HS256") && !told.contains("HS384"), "{told}");
    desk.run("jwk thumbprint secret").fails(3, "jwk.malformed");
}

#[test]
fn what_is_no_symmetric_key_is_not_taken_for_one() {
    let desk = Desk::with_keys();
    for (name, flags) in [
        ("spki.pem", "--to spki"),
        ("spki.der", "--to spki --der"),
        ("key.pem", "--to pkcs8"),
        ("key.der", "--to pkcs8 --der"),
        ("keys.jwks", "--to jwks"),
    ] {
        let octets = desk.run(&format!("jwk convert key.jwk {flags}")).ok();
        desk.write(name, &octets);
        desk.write("padded", [b" \n\t".as_slice(), &octets].concat());
        desk.run(&format!("jws sign --alg HS256 --key oct:{name}"))
            .fails(3, "jwk.usage-mismatch");
        if !name.ends_with("der") {
            desk.run("jws sign --alg HS256 --key oct:padded")
                .fails(3, "jwk.usage-mismatch");
        }
    }
    desk.run("jws sign --alg HS256 --key oct:public.jwk")
        .fails(3, "jwk.usage-mismatch");
    desk.write(
        "id.pub",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ me@here",
    );
    desk.run("jws sign --alg HS256 --key oct:id.pub")
        .fails(3, "jwk.usage-mismatch");
}

/// A URL has a JWK Set to verify with: no secret, and nothing that holds one.
#[test]
fn urls_are_for_published_sets_alone() {
    let desk = Desk::with_keys();
    for command in [
        "jws sign --key https://issuer.example/jwks",
        "jwk inspect https://issuer.example/jwks",
        "jws verify --jwks http://issuer.example/jwks",
        "jws verify --alg HS256 --key oct:https://issuer.example/secret",
        "jws verify --jwks pkcs12:https://issuer.example/store",
        "jws verify --key jks:https://issuer.example/store?alias=a",
    ] {
        desk.run(command).fails(2, "cli.usage");
    }
}

#[test]
fn a_key_in_an_argument_is_not_repeated() {
    let desk = Desk::with_keys();
    let secret = "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}";
    let told = desk
        .run_args(&["jws", "sign", "--key", secret], "")
        .fails(2, "cli.usage");
    assert!(!told.contains("c2VjcmV0"), "{told}");
    let pem = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
    let told = desk
        .run_args(&["jws", "sign", "--key", pem], "")
        .fails(2, "cli.usage");
    assert!(!told.contains("c2VjcmV0"), "{told}");
}

#[test]
fn too_large_a_file_is_no_key() {
    let desk = Desk::new();
    desk.write("large", vec![b' '; 2 * 1024 * 1024 + 1]);
    desk.run("jwk inspect large").fails(3, "jwk.limit-exceeded");
    let key = "{\"kty\":\"oct\",\"k\":\"AA\"},".repeat(1_001);
    desk.write(
        "many.jwks",
        format!("{{\"keys\":[{}]}}", key.trim_end_matches(',')),
    );
    desk.run("jwk inspect many.jwks")
        .fails(3, "jwk.limit-exceeded");
}

#[test]
fn what_was_found_in_place_of_a_key_is_named() {
    let desk = Desk::with_keys();
    desk.write("token.jws", desk.token("x"));
    desk.write(
        "bom.jwk",
        [b"\xef\xbb\xbf".as_slice(), &desk.read("key.jwk")].concat(),
    );
    desk.write("array", "[]");
    desk.write("empty", "\n");
    desk.write("text", "hello");
    desk.write("octets", b"\xff\x00");
    for (file, found) in [
        ("token.jws", "found a token"),
        ("bom.jwk", "byte order mark"),
        ("array", "a JSON array"),
        ("empty", "found nothing"),
        ("text", "other text"),
        ("octets", "other octets"),
    ] {
        let told = desk
            .run(&format!("jwk inspect {file}"))
            .fails(3, "jwk.malformed");
        assert!(
            told.contains(found) && told.contains("expected a JWK"),
            "{told}"
        );
    }
}
