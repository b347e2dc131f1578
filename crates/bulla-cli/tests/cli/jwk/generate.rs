use serde_json::Value;

use crate::desk::Desk;

#[test]
fn every_algorithm_makes_a_key_that_records_it_and_signs() {
    let desk = Desk::new();
    let table = desk.run("alg --json").json();
    for row in table["algorithms"].as_array().unwrap() {
        if !matches!(row["kind"].as_str(), Some("signature" | "mac")) {
            continue; // `jwe::encrypt` makes and uses the others
        }
        let alg = row["name"].as_str().unwrap();
        let key = desk.run(&format!("jwk generate --alg {alg}")).json();
        assert_eq!(key["alg"], alg);
        assert_eq!(key["kty"], row["key_types"][0], "{alg}");
        desk.write("key.jwk", key.to_string());
        let token = desk.run_with("jws sign --key key.jwk", alg).line();
        assert_eq!(desk.run_with("jws verify --key key.jwk", token).text(), alg);
    }
}

#[test]
fn types_curves_and_sizes() {
    let desk = Desk::new();
    for (flags, member, value) in [
        ("--kty EC", "crv", "P-256"),
        ("--kty EC --crv P-521", "crv", "P-521"),
        ("--kty EC --crv secp256k1", "crv", "secp256k1"),
        ("--kty OKP", "crv", "Ed25519"),
        ("--kty OKP --crv X25519", "crv", "X25519"),
        ("--kty OKP --crv X448", "crv", "X448"),
        ("--alg EdDSA", "crv", "Ed25519"),
        ("--alg EdDSA --crv Ed448", "crv", "Ed448"),
        ("--kty EC --alg ES256", "alg", "ES256"),
        ("--kty AKP --alg ML-DSA-44", "alg", "ML-DSA-44"),
    ] {
        let key = desk.run(&format!("jwk generate {flags}")).json();
        assert_eq!(key[member], value, "{flags}");
    }
    for (flags, octets) in [
        ("--kty oct", 32),
        ("--kty oct --size 512", 64),
        ("--alg HS384", 48),
    ] {
        let key = desk.run(&format!("jwk generate {flags}")).json();
        let k = bulla::base64url::decode(key["k"].as_str().unwrap()).unwrap();
        assert_eq!(k.len(), octets, "{flags}");
    }
    let key = desk.run("jwk generate --kty RSA --size 2048").json();
    assert_eq!(
        bulla::base64url::decode(key["n"].as_str().unwrap())
            .unwrap()
            .len(),
        256
    );
    assert_eq!(key.get("alg"), None);
}

#[test]
fn no_two_keys_are_alike() {
    let desk = Desk::new();
    let one = desk.run("jwk generate --alg HS256").json();
    let other = desk.run("jwk generate --alg HS256").json();
    assert_ne!(one["k"], other["k"]);
}

#[test]
fn kid_use_and_set() {
    let desk = Desk::new();
    let set = desk
        .run("jwk generate --alg ES256 --kid thumbprint --use sig --set")
        .json();
    let key = &set["keys"][0];
    assert_eq!(key["use"], "sig");
    desk.write("key.jwk", key.to_string());
    assert_eq!(key["kid"], desk.run("jwk thumbprint key.jwk").line());
    assert_eq!(desk.run("jwk generate --alg ES256").json().get("kid"), None);
    let key = desk.run("jwk generate --kty EC --use enc").json();
    assert_eq!(key["use"], "enc");
}

#[test]
#[cfg(unix)]
fn private_files_are_0600_and_never_overwritten_without_force() {
    use crate::desk::mode;
    let desk = Desk::new();
    let generate = "jwk generate --alg ES256 --out key.jwk --public-out public.jwk";
    assert_eq!(desk.run(generate).text(), "");
    assert_eq!(mode(&desk.path("key.jwk")), 0o600);
    assert_eq!(mode(&desk.path("public.jwk")) & 0o600, 0o600);
    let before = (desk.read("key.jwk"), desk.read("public.jwk"));
    desk.run(generate).fails(4, "io.exists");
    std::fs::remove_file(desk.path("key.jwk")).unwrap();
    desk.run(generate).fails(4, "io.exists");
    // Neither file was touched, and no half of a pair is left behind.
    assert!(!desk.path("key.jwk").exists());
    assert_eq!(desk.read("public.jwk"), before.1);

    desk.write("key.jwk", "old");
    std::fs::set_permissions(
        desk.path("key.jwk"),
        std::os::unix::fs::PermissionsExt::from_mode(0o644),
    )
    .unwrap();
    desk.run(&format!("{generate} --force")).ok();
    assert_eq!(mode(&desk.path("key.jwk")), 0o600);
    let key: Value = serde_json::from_slice(&desk.read("key.jwk")).unwrap();
    let public: Value = serde_json::from_slice(&desk.read("public.jwk")).unwrap();
    assert_eq!(key["x"], public["x"]);
    assert_eq!(public.get("d"), None);
    let left: Vec<_> = std::fs::read_dir(desk.path("")).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn out_to_what_is_no_file_is_refused_even_by_force() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("folder")).unwrap();
    desk.run("jwk generate --alg ES256 --out folder --force")
        .fails(4, "io.write");
    desk.run("jwk generate --alg ES256 --out missing/key.jwk")
        .fails(4, "io.not-found");
}

#[test]
fn json_with_out_tells_where_and_which() {
    let desk = Desk::new();
    let told = desk
        .run("jwk generate --alg ES256 --kid a --out key.jwk --json")
        .json();
    assert_eq!(told["kid"], "a");
    assert_eq!(told["out"], "key.jwk");
    assert_eq!(
        told["thumbprint"],
        desk.run("jwk thumbprint key.jwk").line()
    );
    // Without a file, the key is the object.
    assert_eq!(
        desk.run("jwk generate --alg ES256 --json").json()["kty"],
        "EC"
    );
}

#[test]
fn refusals() {
    let desk = Desk::new();
    for (flags, exit, code) in [
        ("", 2, "cli.usage"),
        ("--alg none", 2, "cli.usage"),
        ("--alg NONE", 2, "cli.usage"),
        ("--alg es256", 2, "cli.usage"),
        ("--alg RS1", 2, "cli.usage"),
        ("--kty ec", 2, "cli.usage"),
        ("--kty AKP", 2, "cli.usage"),
        ("--kty EC --alg RS256", 2, "cli.usage"),
        ("--kty EC --crv Ed25519", 2, "cli.usage"),
        ("--kty EC --crv P-255", 2, "cli.usage"),
        ("--alg ES256 --crv P-384", 2, "cli.usage"),
        ("--alg Ed25519 --crv Ed448", 2, "cli.usage"),
        ("--alg ES256 --size 256", 2, "cli.usage"),
        ("--kty RSA --crv P-256", 2, "cli.usage"),
        ("--kty oct --size 0", 2, "cli.usage"),
        ("--kty oct --size 100", 2, "cli.usage"),
        ("--kty oct --size 99999999999999999999", 2, "cli.usage"),
        ("--kty oct --public-out p", 2, "cli.usage"),
        ("--alg ES256 --use enc", 2, "cli.usage"),
        ("--alg ES256 --out k --public-out k", 2, "cli.usage"),
        ("--kty RSA --size 1024", 3, "jwk.too-weak"),
        ("--alg PS256 --size 2040", 3, "jwk.too-weak"),
        ("--alg HS512 --size 256", 3, "jwk.too-weak"),
        ("--kty RSA --size 2056", 3, "jwk.unsupported"),
    ] {
        desk.run(&format!("jwk generate {flags}")).fails(exit, code);
    }
    let kid = "k".repeat(257);
    desk.run(&format!("jwk generate --alg ES256 --kid {kid}"))
        .fails(2, "cli.usage");
    assert_eq!(std::fs::read_dir(desk.path("")).unwrap().count(), 0);
}
