use serde_json::Value;

use crate::desk::Desk;

const VERIFY: &str = "jwt verify --key public.jwk --issuer billing --subject billing \
    --audience https://auth.example.com --typ client-authentication+jwt --require jti --require exp";

#[test]
fn an_assertion_that_our_own_checks_accept() {
    let desk = Desk::with_keys();
    let make =
        "token assertion --key key.jwk --client-id billing --audience https://auth.example.com";
    let token = desk.run(make).line();
    let claims: Value = serde_json::from_slice(&desk.run_with(VERIFY, &token).ok()).unwrap();
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        60
    );
    assert_ne!(desk.run(make).line(), token);

    let json = desk.run(&format!("{make} --lifetime 30s --json")).json();
    let verified = desk.run_with(VERIFY, json["client_assertion"].as_str().unwrap());
    let claims: Value = serde_json::from_slice(&verified.ok()).unwrap();
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        30
    );
    assert_eq!(
        json["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
}

#[test]
fn what_makes_no_assertion() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg HS256 --out secret.jwk").ok();
    desk.run("jwk generate --kty RSA --size 2048 --out rsa.jwk")
        .ok();
    let for_server = "--client-id billing --audience https://auth.example.com";
    for (arguments, exit, code) in [
        (
            format!("--key secret.jwk {for_server}"),
            3,
            "jwk.usage-mismatch",
        ),
        (
            format!("--key public.jwk {for_server}"),
            3,
            "jwk.usage-mismatch",
        ),
        (format!("--key missing.jwk {for_server}"), 4, "io.not-found"),
        (format!("--key rsa.jwk {for_server}"), 2, "cli.usage"),
        (
            format!("--key key.jwk --alg none {for_server}"),
            2,
            "cli.usage",
        ),
        (
            format!("--key key.jwk {for_server} --lifetime 0s"),
            2,
            "cli.usage",
        ),
        (
            format!("--key key.jwk {for_server} --lifetime -1s"),
            2,
            "cli.usage",
        ),
        (
            "--key key.jwk --client-id b --audience http://auth.example.com".into(),
            2,
            "oauth.url-invalid",
        ),
        (
            "--key key.jwk --client-id b --audience auth".into(),
            2,
            "oauth.url-invalid",
        ),
        ("--key key.jwk --client-id b".into(), 2, "cli.usage"),
    ] {
        let ran = desk.run(&format!("token assertion {arguments}"));
        assert_eq!(ran.exit, exit, "{arguments}: {}", ran.stderr);
        assert!(
            ran.stderr.starts_with(&format!("error[{code}]")),
            "{arguments}: {}",
            ran.stderr
        );
        assert!(ran.stdout.is_empty());
    }
    let rsa = desk.run(&format!(
        "token assertion --key rsa.jwk --alg PS256 {for_server}"
    ));
    let shown = desk.run_with("jwt inspect --json", rsa.line()).stdout;
    let shown: Value = serde_json::from_slice(&shown).unwrap();
    assert_eq!(shown["header"]["alg"], "PS256");
    let long = desk.run(&format!(
        "token assertion --key key.jwk {for_server} --lifetime 1h"
    ));
    assert_eq!(long.exit, 0);
    assert!(long.stderr.starts_with("warning:"), "{}", long.stderr);
}
