//! Usage errors: exit 2, in the same two lines as every other.

use crate::desk::Desk;

#[test]
fn every_kind_of_usage_error() {
    let desk = Desk::new();
    for arguments in [
        "",
        "jwk",
        "nonsense",
        "jwk nonsense",
        "--nonsense",
        "jws verify --nonsense",
        "jws verify",
        "jws verify --key",
        "jws verify --key a --jwks b",
        "jws verify --key a one two",
        "jws sign --key a --alg ES256 --alg ES384",
        "--color maybe alg",
        "completions tcsh",
    ] {
        desk.run(arguments).fails(2, "cli.usage");
    }
}

#[test]
fn mistakes_are_answered_with_what_would_do() {
    let desk = Desk::new();
    for (arguments, expected) in [
        ("jwk generat", "generate"),
        ("jwk", "thumbprint"),
        ("jws verify", "--jwks"),
        ("jws verify --keys a", "--key"),
        ("jws sign --key k --alg es256", "ES256"),
        ("jws sign", "bulla jws sign --help"),
    ] {
        let told = desk.run(arguments).fails(2, "cli.usage");
        assert!(told.contains(expected), "{arguments}: {told}");
    }
}

#[test]
fn standard_input_may_be_named_once() {
    let desk = Desk::with_keys();
    for arguments in [
        "jws sign --key -",
        "jws sign --key - -",
        "jws sign --key - --key - key.jwk",
        "jws sign --key key.jwk --password-file -",
        "jws verify --key -",
        "jws verify --jwks - -",
        "jws verify --key public.jwk --payload -",
        "jwt issue --key - --claims -",
        "jwt verify --any-issuer --any-audience --jwks -",
        "jwk public - --password-file -",
        "jws verify --key -#a",
        "jws verify --key oct:- --alg HS256",
    ] {
        desk.run(arguments).fails(2, "cli.usage");
    }
    let token = desk.token("x");
    let verify = ["jws", "verify", "--key", "-", &token];
    assert_eq!(desk.run_args(&verify, desk.read("public.jwk")).text(), "x");
}

#[test]
fn colour_only_where_it_is_wanted() {
    let mut desk = Desk::new();
    let escape = '\u{1b}';
    assert!(!desk.run("jwk").stderr.contains(escape));
    assert!(desk.run("jwk --color always").stderr.contains(escape));
    assert!(
        desk.run("--color=always jwk generate")
            .stderr
            .contains(escape)
    );
    assert!(desk.run("alg --color always").text().contains(escape));
    assert!(!desk.run("alg").text().contains(escape));
    desk.set("NO_COLOR", "1");
    assert!(!desk.run("alg").text().contains(escape));
}

#[test]
fn quiet_leaves_only_errors() {
    let desk = Desk::with_keys();
    let unknown = b"{\"kty\":\"Telepathy\"}".to_vec();
    desk.write(
        "keys.jwks",
        crate::desk::set_of(&[desk.read("key.jwk"), unknown]),
    );
    let ran = desk.run("jwk public --set keys.jwks");
    assert!(
        ran.exit == 0 && ran.stderr.starts_with("warning: "),
        "{}",
        ran.stderr
    );
    desk.run("jwk public --set keys.jwks --quiet").ok();
    desk.run("jwk public keys.jwks#b --quiet")
        .fails(3, "jwk.not-found");
}
