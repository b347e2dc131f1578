use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::desk::Desk;

fn claims(desk: &Desk, flags: &[&str]) -> Value {
    let arguments = [&["jwt", "issue", "--key", "key.jwk"], flags].concat();
    let token = desk.run_args(&arguments, "").line();
    let payload = token.split('.').nth(1).unwrap().to_owned();
    serde_json::from_slice(&bulla::base64url::decode(&payload).unwrap()).unwrap()
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

#[test]
fn registered_claims_by_flag() {
    let desk = Desk::with_keys();
    let issued = claims(
        &desk,
        &[
            "--iss",
            "https://i.example",
            "--sub",
            "ada",
            "--aud",
            "api",
            "--exp",
            "+5m",
            "--nbf",
            "0",
            "--jti",
            "id-1",
            "--claim",
            "role=\"admin\"",
            "--claim",
            "n=[1,{\"a\":null}]",
        ],
    );
    let iat = issued["iat"].as_u64().unwrap();
    assert!(now() - iat < 60);
    let exp = issued["exp"].as_u64().unwrap();
    assert!((299..=301).contains(&(exp - iat)));
    assert_eq!(issued["iss"], "https://i.example");
    assert_eq!(issued["sub"], "ada");
    assert_eq!(issued["aud"], "api");
    assert_eq!(issued["nbf"], 0);
    assert_eq!(issued["jti"], "id-1");
    assert_eq!(issued["role"], "admin");
    assert_eq!(issued["n"], json!([1, {"a": null}]));
}

#[test]
fn nothing_is_added_but_iat() {
    let desk = Desk::with_keys();
    let issued = claims(&desk, &[]);
    assert_eq!(
        issued.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["iat"]
    );
    assert_eq!(claims(&desk, &["--iat", "none"]), json!({}));
    assert_eq!(
        claims(&desk, &["--iat", "2023-11-14T22:13:20Z"]),
        json!({"iat": 1_700_000_000})
    );
    assert!(now() - claims(&desk, &["--iat", "now"])["iat"].as_u64().unwrap() < 60);
}

#[test]
fn several_audiences_are_an_array_and_jti_auto_is_random() {
    let desk = Desk::with_keys();
    let issued = claims(&desk, &["--aud", "a", "--aud", "b", "--jti", "auto"]);
    assert_eq!(issued["aud"], json!(["a", "b"]));
    let jti = issued["jti"].as_str().unwrap();
    assert_eq!(bulla::base64url::decode(jti).unwrap().len(), 16);
    assert_ne!(claims(&desk, &["--jti", "auto"])["jti"], jti);
}

#[test]
fn claims_come_from_a_file_or_standard_input_and_flags_replace_them() {
    let desk = Desk::with_keys();
    desk.write(
        "claims.json",
        "{\"sub\":\"ada\",\"iat\":1,\"big\":123456789012345678901234567890,\"iss\":\"x\"}",
    );
    let file = claims(&desk, &["--claims", "claims.json", "--iss", "y"]);
    assert_eq!(
        (&file["sub"], &file["iat"], &file["iss"]),
        (&json!("ada"), &json!(1), &json!("y"))
    );
    assert_eq!(
        claims(&desk, &["--claims", "claims.json", "--iat", "7"])["iat"],
        7
    );
    assert_eq!(
        claims(&desk, &["--claims", "claims.json", "--iat", "none"]).get("iat"),
        None
    );
    let token = desk
        .run_with("jwt issue --key key.jwk --claims -", "{\"a\":1}\n")
        .line();
    let verify = [
        "jwt",
        "verify",
        "--key",
        "key.jwk",
        "--any-issuer",
        "--any-audience",
        &token,
    ];
    assert!(
        desk.run_args(&verify, "")
            .text()
            .starts_with("{\"a\":1,\"iat\":")
    );
}

#[test]
fn header() {
    let desk = Desk::with_keys();
    let token = desk.run("jwt issue --key key.jwk --json").json();
    let inspect = desk
        .run_with("jwt inspect --json", token["token"].as_str().unwrap())
        .json();
    assert_eq!(
        inspect["header"],
        json!({"alg": "ES256", "kid": "a", "typ": "JWT"})
    );
    let token = desk.run("jwt issue --key key.jwk --typ at+jwt").line();
    assert_eq!(
        desk.run_with("jwt inspect --json", token).json()["header"]["typ"],
        "at+jwt"
    );
}

#[test]
fn times_that_are_none_are_usage_errors() {
    let desk = Desk::with_keys();
    for time in [
        "5m",
        "+5",
        "+",
        "-5m",
        "+-5m",
        "-1",
        "1.5",
        "1e9",
        "tomorrow",
        "",
        "2023-11-14",
        "+1.5h",
        "+5M",
        "2023-02-30T00:00:00Z",
        "1960-01-01T00:00:00Z",
        "99999999999999999999",
        "+99999999999999999999s",
        "+9999999d",
        "18446744073709551615",
        "now",
    ] {
        for flag in ["--exp", "--nbf"] {
            desk.run_args(&["jwt", "issue", "--key", "key.jwk", flag, time], "")
                .fails(2, "cli.usage");
        }
    }
    for time in ["+5m", "-1", "never", "5s", ""] {
        desk.run_args(&["jwt", "issue", "--key", "key.jwk", "--iat", time], "")
            .fails(2, "cli.usage");
    }
}

#[test]
fn claims_that_cannot_be_are_usage_errors() {
    let desk = Desk::with_keys();
    desk.write("array.json", "[1]");
    desk.write("twice.json", "{\"a\":1,\"a\":2}");
    desk.write("deep-twice.json", "{\"a\":{\"b\":1,\"b\":2}}");
    desk.write("type.json", "{\"exp\":\"soon\"}");
    for flags in [
        &["--claim", "role"][..],
        &["--claim", "=1"],
        &["--claim", "role=admin"],
        &["--claim", "role="],
        &["--claim", "a=1", "--claim", "a=2"],
        &["--claim", "sub=\"b\"", "--sub", "a"],
        &["--claim", "iat=1", "--iat", "now"],
        &["--claim", "exp=\"soon\""],
        &["--claim", "aud=1"],
        &["--claims", "array.json"],
        &["--claims", "twice.json"],
        &["--claims", "deep-twice.json"],
        &["--claims", "type.json"],
    ] {
        let arguments = [&["jwt", "issue", "--key", "key.jwk"], flags].concat();
        desk.run_args(&arguments, "").fails(2, "cli.usage");
    }
    desk.run("jwt issue --key key.jwk --claims nowhere.json")
        .fails(4, "io.not-found");
    desk.write(
        "large.json",
        format!("{{\"a\":\"{}\"}}", "x".repeat(1_100_000)),
    );
    desk.run("jwt issue --key key.jwk --claims large.json")
        .fails(2, "cli.usage");
    desk.run("jwt issue --key - --claims -")
        .fails(2, "cli.usage");
    desk.run("jwt issue").fails(2, "cli.usage");
    desk.run("jwt issue --key key.jwk --alg none")
        .fails(2, "cli.usage");
    desk.run("jwt issue --key public.jwk")
        .fails(3, "jwk.usage-mismatch");
}
