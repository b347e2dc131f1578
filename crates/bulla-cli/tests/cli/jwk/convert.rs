use serde_json::Value;

use crate::desk::Desk;

/// The members that are the key and not words about it.
fn material(key: &[u8]) -> Value {
    let mut key: Value = serde_json::from_slice(key).unwrap();
    for name in ["kid", "alg", "use"] {
        key.as_object_mut().unwrap().remove(name);
    }
    key
}

#[test]
fn every_format_leads_back_to_the_same_key() {
    let desk = Desk::new();
    for (alg, formats) in [
        ("ES256", &["pkcs8", "sec1", "jwk", "jwks"][..]),
        ("ES256K", &["pkcs8", "sec1"]),
        ("Ed25519", &["pkcs8"]),
        ("Ed448", &["pkcs8"]),
        ("RS256 --size 2048", &["pkcs8", "pkcs1"]),
    ] {
        desk.run(&format!("jwk generate --alg {alg} --out key.jwk --force"))
            .ok();
        let expected = material(&desk.read("key.jwk"));
        for to in formats {
            let encodings: &[&str] = if to.starts_with("jwk") {
                &[""]
            } else {
                &["", "--der"]
            };
            for der in encodings {
                let converted = desk
                    .run(&format!("jwk convert key.jwk --to {to} {der}"))
                    .ok();
                assert_eq!(
                    converted.starts_with(b"-----BEGIN "),
                    der.is_empty() && !to.starts_with("jwk")
                );
                desk.write("converted", &converted);
                let back = desk.run("jwk convert converted --to jwk").ok();
                assert_eq!(material(&back), expected, "{alg} {to} {der}");
            }
        }
    }
}

#[test]
fn spki_takes_the_public_half() {
    let desk = Desk::with_keys();
    let of_private = desk.run("jwk convert key.jwk --to spki").text();
    assert!(of_private.starts_with("-----BEGIN PUBLIC KEY-----\n"));
    assert_eq!(
        of_private,
        desk.run("jwk convert public.jwk --to spki").text()
    );
    desk.write("public.pem", &of_private);
    let back = desk.run("jwk convert public.pem --to jwk").ok();
    assert_eq!(material(&back), material(&desk.read("public.jwk")));
}

#[test]
fn passwords_come_from_files_and_the_environment() {
    let mut desk = Desk::with_keys();
    desk.write("password", "correct horse\n");
    desk.write("same", "correct horse");
    desk.write("crlf", "correct horse\r\n");
    desk.write("wrong", "correct horse\n\n");
    desk.write("empty", "\n");
    let encrypted = desk
        .run("jwk convert key.jwk --to pkcs8 --password-file password")
        .text();
    assert!(
        encrypted.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"),
        "{encrypted}"
    );
    desk.write("encrypted.pem", encrypted);

    let expected = material(&desk.read("key.jwk"));
    for password in ["password", "same", "crlf"] {
        let key = desk
            .run(&format!(
                "jwk convert encrypted.pem --to jwk --password-file {password}"
            ))
            .ok();
        assert_eq!(material(&key), expected);
    }
    desk.run("jwk convert encrypted.pem --to jwk --password-file wrong")
        .fails(3, "jwk.password-wrong");
    desk.run("jwk convert encrypted.pem --to jwk")
        .fails(3, "jwk.password-missing");
    desk.run("jws sign --key encrypted.pem")
        .fails(3, "jwk.password-missing");
    desk.run("jwk convert encrypted.pem --to jwk --password-file empty")
        .fails(2, "cli.usage");
    desk.run("jwk convert encrypted.pem --to jwk --password-file nowhere")
        .fails(4, "io.not-found");
    desk.run_with("jws sign --key encrypted.pem --password-file password", "x")
        .ok();

    // From the environment it opens, and encrypts nothing: that is how a password is taken off.
    desk.set("BULLA_PASSWORD", "correct horse");
    let plain = desk.run("jwk convert encrypted.pem --to pkcs8").text();
    assert!(
        plain.starts_with("-----BEGIN PRIVATE KEY-----\n"),
        "{plain}"
    );
    // A file says more than the environment.
    desk.run("jwk convert encrypted.pem --to jwk --password-file wrong")
        .fails(3, "jwk.password-wrong");
}

#[test]
fn sets_and_kids() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg ES256 --kid b --out b.jwk")
        .ok();
    desk.write(
        "keys.jwks",
        crate::desk::set_of(&[desk.read("key.jwk"), desk.read("b.jwk")]),
    );
    desk.run("jwk convert keys.jwks --to jwk")
        .fails(3, "jwk.ambiguous");
    assert_eq!(
        desk.run("jwk convert keys.jwks#b --to jwk").json()["kid"],
        "b"
    );
    let set = desk.run("jwk convert keys.jwks --to jwks").json();
    assert_eq!(set["keys"].as_array().unwrap().len(), 2);
    let set = desk.run("jwk convert key.jwk --to jwks").json();
    assert_eq!(set["keys"][0]["kid"], "a");
}

#[test]
#[cfg(unix)]
fn out_follows_what_is_in_it() {
    use crate::desk::mode;
    let desk = Desk::with_keys();
    desk.run("jwk convert key.jwk --to pkcs8 --out key.pem")
        .ok();
    desk.run("jwk convert key.jwk --to spki --out public.pem")
        .ok();
    desk.run("jwk convert key.jwk --to jwks --out keys.jwks")
        .ok();
    assert_eq!(mode(&desk.path("key.pem")), 0o600);
    assert_eq!(mode(&desk.path("keys.jwks")), 0o600);
    assert_ne!(mode(&desk.path("public.pem")), 0o600);
    desk.run("jwk convert key.jwk --to pkcs8 --out key.pem")
        .fails(4, "io.exists");
}

#[test]
fn json_wraps_what_is_not_json() {
    let desk = Desk::with_keys();
    let pem = desk.run("jwk convert key.jwk --to spki").text();
    assert_eq!(
        desk.run("jwk convert key.jwk --to spki --json").json()["pem"],
        pem
    );
    let der = desk.run("jwk convert key.jwk --to spki --der").ok();
    let json = desk
        .run("jwk convert key.jwk --to spki --der --json")
        .json();
    assert_eq!(json["der_base64url"], crate::desk::base64url(der));
    assert_eq!(
        desk.run("jwk convert key.jwk --to jwk --json").json()["kid"],
        "a"
    );
}

#[test]
fn refusals() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg HS256 --out secret.jwk").ok();
    desk.run("jwk generate --alg Ed25519 --out ed.jwk").ok();
    desk.write("text", "hello");
    desk.write("empty", "");
    desk.write("half.jwk", "{\"kty\":\"EC\",\"crv\":\"P-256\"}");
    for (arguments, exit, code) in [
        ("key.jwk", 2, "cli.usage"),
        ("key.jwk --to pkcs7", 2, "cli.usage"),
        ("key.jwk --to jwk --der", 2, "cli.usage"),
        ("key.jwk --to pkcs12", 3, "jwk.password-missing"),
        ("public.jwk --to pkcs8", 3, "jwk.usage-mismatch"),
        ("public.jwk --to sec1", 3, "jwk.usage-mismatch"),
        ("secret.jwk --to spki", 3, "jwk.usage-mismatch"),
        ("secret.jwk --to pkcs8", 3, "jwk.usage-mismatch"),
        ("ed.jwk --to sec1", 3, "jwk.usage-mismatch"),
        ("ed.jwk --to pkcs1", 3, "jwk.usage-mismatch"),
        ("text --to jwk", 3, "jwk.malformed"),
        ("empty --to jwk", 3, "jwk.malformed"),
        ("half.jwk --to jwk", 3, "jwk.malformed"),
        ("nowhere.jwk --to jwk", 4, "io.not-found"),
    ] {
        desk.run(&format!("jwk convert {arguments}"))
            .fails(exit, code);
    }
}
