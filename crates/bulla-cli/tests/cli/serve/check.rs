use crate::desk::Desk;

#[test]
fn a_good_configuration_is_said_to_be_and_nothing_is_started_or_made() {
    let desk = Desk::with_server("");
    let ran = desk.run("serve --config bulla.toml --check");
    assert_eq!(ran.line(), "bulla.toml: good, 1 client");
    assert!(!desk.path("bulla.db").exists() && !desk.path("bulla.db.key").exists());
    let json = desk.run("serve --config bulla.toml --check --json").json();
    assert_eq!(
        (&json["valid"], &json["clients"]),
        (&true.into(), &1.into())
    );
}

#[test]
fn every_mistake_is_told_with_file_line_and_remedy() {
    let desk = Desk::new();
    desk.write(
        "bulla.toml",
        "issuer = \"http://auth.example.com\"\nprofil = \"bis\"\n[[client]]\nid = \"a\"\njwks_file = \"none.jwks\"\nalg = [\"none\"]\n",
    );
    let ran = desk.run("serve --config bulla.toml --check");
    assert_eq!((ran.exit, ran.stdout.as_slice()), (2, b"".as_slice()));
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let expected = [
        "error[config.invalid]: bulla.toml:1:10: issuer",
        "help: write an https URL",
        "error[config.invalid]: bulla.toml:2:1: there is no setting \"profil\"",
        "help: write \"profile\"",
        "error[config.invalid]: bulla.toml:6:8: alg",
        "help: write one of PS256, ES256",
    ];
    assert_eq!(lines.len(), expected.len(), "{}", ran.stderr);
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with(expected), "{line}");
    }
    let ran = desk.run("serve --config bulla.toml --check --json");
    let json: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(json["problems"][1]["line"], 2);
}

/// What stands in the configuration, and what is said of what it names.
#[test]
fn what_the_configuration_names_is_read() {
    let desk = Desk::with_keys();
    desk.write("no.pem", "no certificate");
    desk.write("32", [7; 32]);
    make_private(&desk, "32");
    desk.write(
        "not.db",
        "not a database at all, and longer than a header of one is. ".repeat(20),
    );
    make_private(&desk, "not.db");
    desk.write(
        "private.jwks",
        format!(
            "{{\"keys\":[{}]}}",
            String::from_utf8(desk.read("key.jwk")).unwrap()
        ),
    );
    for (settings, place, what) in [
        (
            "[[client]]\nid = \"a\"\njwks_file = \"none.jwks\"",
            "4:13",
            "none.jwks: No such file",
        ),
        (
            "[[client]]\nid = \"a\"\njwks_file = \"private.jwks\"",
            "4:13",
            "a private key",
        ),
        (
            "store = \"sqlite:not.db\"",
            "2:9",
            "a database of something else",
        ),
        (
            "store = \"sqlite:none/bulla.db\"",
            "2:9",
            "none: No such file",
        ),
        (
            "signing_key = \"none.jwk\"",
            "2:15",
            "none.jwk: No such file",
        ),
        ("signing_key = \"public.jwk\"", "2:15", "not a private key"),
        (
            "signing_key = \"pkcs11:object=a;type=private?module-path=/none/module.so\"",
            "2:15",
            "pkcs11:",
        ),
        ("signing_key = \"azurekv:nonsense\"", "2:15", "azurekv:"),
        (
            "old_key_encryption_key = \"env:NONE\"\nkey_encryption_key = \"oct:32\"",
            "2:26",
            "NONE",
        ),
        ("signing_key = \"-\"", "2:15", "standard input is not there"),
        (
            "signing_key = \"key.jwk\"\nsigning_alg = \"PS256\"",
            "2:15",
            "key.jwk",
        ),
        (
            "key_encryption_key = \"key.jwk\"",
            "2:22",
            "not a symmetric key",
        ),
        ("key_encryption_key = \"env:NONE\"", "2:22", "NONE"),
        (
            "[tls]\ncert = \"no.pem\"\nkey = \"no.pem\"",
            "3:8",
            "no.pem: no certificate",
        ),
    ] {
        desk.write(
            "bulla.toml",
            format!("issuer = \"https://auth.example.com\"\n{settings}\n"),
        );
        if settings.contains("public.jwk") {
            make_private(&desk, "public.jwk");
        }
        for command in ["--check", "--quiet"] {
            let said = desk
                .run(&format!(
                    "serve --config bulla.toml --listen 127.0.0.1:0 {command}"
                ))
                .fails(2, "config.invalid");
            assert!(
                said.contains(&format!("bulla.toml:{place}: ")),
                "{settings}: {said}"
            );
            assert!(said.contains(what), "{settings}: {said}");
        }
    }
}

#[cfg(unix)]
#[test]
fn row_77_a_secret_that_others_may_read_is_refused() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    let desk =
        Desk::with_server("signing_key = \"signing.jwk\"\nkey_encryption_key = \"store.jwk\"");
    desk.run("jwk generate --alg ES256 --out signing.jwk").ok();
    desk.run("jwk generate --kty oct --size 256 --out store.jwk")
        .ok();
    let check = "serve --config bulla.toml --check";
    desk.run(check).text();
    for file in ["signing.jwk", "store.jwk"] {
        let path = desk.path(file);
        set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        for command in [check, "serve --config bulla.toml --quiet"] {
            let said = desk.run(command).fails(2, "config.invalid");
            assert!(said.contains(&format!("{file} has mode 0644")), "{said}");
            assert!(said.contains(&format!("help: chmod 600 {file}")), "{said}");
        }
        set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    }
    // The files that the server makes itself.
    let desk = Desk::with_server("");
    desk.run("serve --config bulla.toml --keys").text();
    for file in ["bulla.db", "bulla.db.key"] {
        assert_eq!(crate::desk::mode(&desk.path(file)), 0o600, "{file}");
        set_permissions(desk.path(file), Permissions::from_mode(0o640)).unwrap();
        let said = desk
            .run("serve --config bulla.toml --keys")
            .fails(2, "config.invalid");
        assert!(said.contains("has mode 0640"), "{said}");
        set_permissions(desk.path(file), Permissions::from_mode(0o600)).unwrap();
    }
}

#[test]
fn flags_exclude_each_other_and_files_are_read_as_text() {
    let desk = Desk::with_server("");
    desk.run("serve --config bulla.toml --check --rotate")
        .fails(2, "cli.usage");
    desk.run("serve --config none.toml")
        .fails(4, "io.not-found");
    desk.write("binary.toml", b"issuer = \"\xff\"");
    desk.run("serve --config binary.toml --check")
        .fails(2, "config.invalid");
    desk.run("serve --listen 0.0.0.0:0 --check")
        .fails(2, "config.invalid");
}

fn make_private(desk: &Desk, file: &str) {
    #[cfg(unix)]
    {
        use std::fs::{Permissions, set_permissions};
        use std::os::unix::fs::PermissionsExt as _;
        set_permissions(desk.path(file), Permissions::from_mode(0o600)).unwrap();
    }
}
