//! Which key verifies: `--key` whatever the kid, `--jwks` by the kid; all of it told before the token is looked at.

use crate::desk::{Desk, set_of};

#[test]
fn key_problems_are_told_before_the_token_is_looked_at() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --kty RSA --size 2048 --out rsa.jwk")
        .ok();
    desk.write("broken.jwk", "{\"kty\":\"EC\"}");
    desk.write("empty.jwks", "{\"keys\":[]}");
    desk.write("unknown.jwks", "{\"keys\":[{\"kty\":\"Telepathy\"}]}");
    for (flags, exit, code) in [
        ("--key broken.jwk", 3, "jwk.malformed"),
        ("--key public.jwk --alg ES384", 3, "jwk.usage-mismatch"),
        ("--key public.jwk#b", 3, "jwk.not-found"),
        ("--key rsa.jwk", 2, "cli.usage"),
        ("--jwks empty.jwks", 3, "jwk.not-found"),
        ("--jwks unknown.jwks", 3, "jwk.unsupported"),
        ("--jwks nowhere.jwks", 4, "io.not-found"),
        ("--jwks https://127.0.0.1:1/jwks", 4, "remote.unavailable"),
    ] {
        // The token could hardly be worse.
        desk.run_with(&format!("jws verify {flags}"), "\u{feff}not a token")
            .fails(exit, code);
        desk.run(&format!("jws verify {flags} nowhere.jws"))
            .fails(exit, code);
        let jwt = format!("jwt verify {flags} --any-issuer --any-audience");
        desk.run_with(&jwt, "not a token").fails(exit, code);
    }
}

#[test]
fn a_key_is_used_whatever_kid_the_token_names() {
    let desk = Desk::with_keys();
    let token = desk
        .run_with("jws sign --key key.jwk --kid somebody-else", "x")
        .line();
    assert_eq!(
        desk.run_with("jws verify --key public.jwk", &token).text(),
        "x"
    );
    // Several keys: by their algorithm, in order.
    desk.run("jwk generate --alg ES256 --out other.jwk").ok();
    desk.run("jwk generate --alg HS256 --out secret.jwk").ok();
    let verify = "jws verify --key other.jwk --key secret.jwk --key public.jwk";
    assert_eq!(desk.run_with(verify, &token).text(), "x");
    desk.run_with("jws verify --key other.jwk --key secret.jwk", &token)
        .fails(1, "jws.signature-invalid");
}

#[test]
fn a_private_key_serves_by_its_public_half() {
    let desk = Desk::with_keys();
    let key = String::from_utf8(desk.read("key.jwk")).unwrap();
    desk.write(
        "signs.jwk",
        key.replace("\"kid\"", "\"key_ops\":[\"sign\"],\"kid\""),
    );
    let token = desk.run_with("jws sign --key signs.jwk", "x").line();
    assert_eq!(
        desk.run_with("jws verify --key signs.jwk", &token).text(),
        "x"
    );
    desk.write("keys.jwks", set_of(&[desk.read("key.jwk")]));
    assert_eq!(
        desk.run_with("jws verify --jwks keys.jwks", &token).text(),
        "x"
    );
}

#[test]
fn use_and_key_ops_are_kept_to() {
    let desk = Desk::with_keys();
    let public = String::from_utf8(desk.read("public.jwk")).unwrap();
    let token = desk.token("x");
    for members in [
        "\"use\":\"enc\"",
        "\"key_ops\":[\"sign\"]",
        "\"key_ops\":[]",
    ] {
        desk.write(
            "unfit.jwk",
            public.replace("\"kid\"", &format!("{members},\"kid\"")),
        );
        desk.run_with("jws verify --key unfit.jwk", &token)
            .fails(3, "jwk.usage-mismatch");
    }
}

#[test]
fn a_set_is_searched_by_kid() {
    let desk = Desk::with_keys();
    let key = |kid: &str, file: &str| {
        desk.run(&format!(
            "jwk generate --alg ES256 --kid {kid} --out {file}"
        ))
        .ok();
        desk.read(file)
    };
    let (b, c) = (key("b", "b.jwk"), key("c", "c.jwk"));
    desk.write("keys.jwks", set_of(&[desk.read("public.jwk"), b, c]));
    let verify = "jws verify --jwks keys.jwks";
    let sign = |flags: &str| desk.run_with(&format!("jws sign {flags}"), "x").line();
    for token in [
        sign("--key key.jwk"),
        sign("--key b.jwk"),
        sign("--key c.jwk"),
    ] {
        assert_eq!(desk.run_with(verify, token).text(), "x");
    }
    // The right key under a wrong name, and a name that nobody has.
    desk.run_with(verify, sign("--key key.jwk --kid b"))
        .fails(1, "jws.signature-invalid");
    desk.run_with(verify, sign("--key key.jwk --kid z"))
        .fails(3, "jwk.not-found");
    desk.run_with(&format!("{verify}#b"), sign("--key b.jwk"))
        .ok();
    desk.run_with(&format!("{verify}#b"), sign("--key c.jwk"))
        .fails(3, "jwk.not-found");
    desk.run_with("jws verify --key keys.jwks", sign("--key b.jwk"))
        .fails(3, "jwk.ambiguous");
    desk.run_with("jws verify --key keys.jwks#b", sign("--key c.jwk"))
        .fails(1, "jws.signature-invalid");
}

#[test]
fn a_token_without_kid_is_tried_with_four_keys_at_most() {
    let desk = Desk::new();
    let keys: Vec<Vec<u8>> = (0..6)
        .map(|_| desk.run("jwk generate --alg ES256").ok())
        .collect();
    desk.write("keys.jwks", set_of(&keys));
    for (index, key) in keys.iter().enumerate() {
        desk.write("key.jwk", key);
        let ran = desk.run_with("jws verify --jwks keys.jwks", desk.token("x"));
        if index < 4 {
            assert_eq!(ran.text(), "x");
        } else {
            ran.fails(1, "jws.signature-invalid");
        }
    }
}

#[test]
fn one_bad_key_spoils_nothing_but_itself() {
    let desk = Desk::with_keys();
    let unknown = b"{\"kty\":\"AKP\",\"alg\":\"FALCON\",\"pub\":\"AA\",\"kid\":\"f\"}".to_vec();
    let encrypts = b"{\"kty\":\"oct\",\"k\":\"AAAA\",\"use\":\"enc\",\"kid\":\"e\"}".to_vec();
    desk.write(
        "keys.jwks",
        set_of(&[unknown, encrypts, desk.read("public.jwk")]),
    );
    assert_eq!(
        desk.run_with("jws verify --jwks keys.jwks", desk.token("x"))
            .text(),
        "x"
    );
    // What is wrong with the others is told where it matters.
    let token = desk.run_with("jws sign --key key.jwk --kid f", "x").line();
    let told = desk
        .run_with("jws verify --jwks keys.jwks", token)
        .fails(3, "jwk.not-found");
    assert!(told.contains("FALCON") || told.contains("\"f\""), "{told}");
}

#[test]
fn an_algorithm_that_nothing_fixes_must_be_named() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --kty RSA --size 2048 --kid r --out rsa.jwk")
        .ok();
    let rsa = desk.run("jwk public rsa.jwk").ok();
    let token = desk
        .run_with("jws sign --key rsa.jwk --alg PS256", "x")
        .line();
    desk.write("rsa.jwks", set_of(std::slice::from_ref(&rsa)));
    desk.write("both.jwks", set_of(&[rsa, desk.read("public.jwk")]));
    for keys in ["--key rsa.jwk", "--jwks rsa.jwks"] {
        desk.run_with(&format!("jws verify {keys}"), &token)
            .fails(2, "cli.usage");
        desk.run_with(&format!("jws verify {keys} --alg RS256"), &token)
            .fails(1, "jws.algorithm-not-allowed");
        assert_eq!(
            desk.run_with(&format!("jws verify {keys} --alg PS256"), &token)
                .text(),
            "x"
        );
        let verify = format!("jws verify {keys} --alg ES256 --alg RS256 --alg PS256");
        assert_eq!(desk.run_with(&verify, &token).text(), "x");
    }
    // Beside a key that fixes one, it is left out, and told.
    assert_eq!(
        desk.run_with("jws verify --jwks both.jwks", desk.token("x"))
            .text(),
        "x"
    );
    let told = desk
        .run_with("jws verify --jwks both.jwks", &token)
        .fails(3, "jwk.not-found");
    assert!(told.contains("--alg"), "{told}");
}

#[test]
fn eddsa_is_what_an_ed25519_key_without_alg_fixes() {
    let desk = Desk::new();
    desk.run("jwk generate --kty OKP --out ed.jwk").ok();
    let polymorphic = desk.run_with("jws sign --key ed.jwk", "x").line();
    let specified = desk
        .run_with("jws sign --key ed.jwk --alg Ed25519", "x")
        .line();
    assert_eq!(
        desk.run_with("jws verify --key ed.jwk", &polymorphic)
            .text(),
        "x"
    );
    desk.run_with("jws verify --key ed.jwk", &specified)
        .fails(1, "jws.algorithm-not-allowed");
    desk.run_with("jws verify --key ed.jwk --alg Ed25519", &polymorphic)
        .fails(1, "jws.algorithm-not-allowed");
    assert_eq!(
        desk.run_with("jws verify --key ed.jwk --alg Ed25519", &specified)
            .text(),
        "x"
    );
}

#[test]
fn of_the_algorithms_allowed_one_must_fit() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --kty oct --size 256 --out oct.jwk")
        .ok();
    let token = desk
        .run_with("jws sign --key oct.jwk --alg HS256", "x")
        .line();
    let verify = "jws verify --key oct.jwk --alg HS512 --alg ES256";
    desk.run_with(verify, &token).fails(3, "jwk.too-weak");
    assert_eq!(
        desk.run_with(&format!("{verify} --alg HS256"), &token)
            .text(),
        "x"
    );
    desk.write("keys.jwks", set_of(&[desk.read("public.jwk")]));
    desk.run_with("jws verify --jwks keys.jwks --alg RS256", &token)
        .fails(3, "jwk.usage-mismatch");
}
