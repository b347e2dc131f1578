use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use super::issuer::Issuer;
use crate::desk::Desk;

/// With the public key `a`, and an issuer that publishes it beside keys that have no place there.
fn published() -> (Desk, Issuer) {
    let desk = Desk::with_keys();
    let public = desk.run("jwk public key.jwk").line();
    let issuer = Issuer::serving(format!(
        r#"{{"keys":[{public},{{"kty":"oct","kid":"secret","k":"c2VjcmV0"}},{{"kty":"odd","kid":"odd"}}]}}"#
    ));
    desk.write("ca.pem", &issuer.certificate);
    (desk, issuer)
}

#[test]
fn a_table_of_what_is_published() {
    let (desk, issuer) = published();
    let ran = desk.run(&format!("jwks fetch {} --ca ca.pem", issuer.url()));
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let text = String::from_utf8(ran.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let [header, row] = lines.as_slice() else {
        panic!("{text}")
    };
    assert_eq!(
        header.split_whitespace().collect::<Vec<_>>(),
        ["KID", "ALG", "USE", "KEY", "EXPIRES", "THUMBPRINT"]
    );
    let thumbprint = desk.run("jwk thumbprint key.jwk").line();
    assert_eq!(
        row.split_whitespace().collect::<Vec<_>>(),
        ["a", "ES256", "-", "EC", "P-256", "-", &thumbprint]
    );
    assert!(
        ran.stderr.contains("1 private or symmetric key(s)"),
        "{}",
        ran.stderr
    );
    assert!(!text.contains("c2VjcmV0") && !ran.stderr.contains("c2VjcmV0"));
}

#[test]
fn the_json_is_a_set_that_verifies() {
    let (desk, issuer) = published();
    let json = desk
        .run(&format!(
            "jwks fetch {} --ca ca.pem --json --quiet",
            issuer.url()
        ))
        .json();
    assert_eq!(json["keys"].as_array().unwrap().len(), 1);
    assert_eq!(json["summary"][0]["kid"], "a");
    assert_eq!(json["rejected"][0]["kid"], "odd");
    desk.write("fetched.jwks", json.to_string());
    let token = desk.token("hello");
    desk.write("token", token);
    assert_eq!(
        desk.run("jws verify --jwks fetched.jwks token").ok(),
        b"hello"
    );
}

#[test]
fn one_kid() {
    let (desk, issuer) = published();
    let url = issuer.url();
    let json = desk
        .run(&format!(
            "jwks fetch {url} --ca ca.pem --kid a --json --quiet"
        ))
        .json();
    assert_eq!(json["keys"][0]["kid"], "a");
    desk.run(&format!("jwks fetch {url} --ca ca.pem --kid none --quiet"))
        .fails(3, "jwk.not-found");
}

#[test]
fn nothing_but_https_of_somebody_we_trust() {
    let (desk, issuer) = published();
    // Not the authority of anyone.
    desk.run(&format!("jwks fetch {}", issuer.url()))
        .fails(4, "remote.unavailable");
    assert_eq!(issuer.asked(), 0);
    desk.run("jwks fetch http://127.0.0.1:9/jwks")
        .fails(2, "cli.usage");
    desk.run("jwks fetch nonsense").fails(2, "cli.usage");
    // Refused before anybody is asked: the mistake is the command line's, and no password is repeated.
    for url in [
        "https://user:hunter2@127.0.0.1:1/jwks",
        "https://127.0.0.1:1/jwks#a",
    ] {
        let ran = desk.run(&format!("jwks fetch {url}"));
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
        ran.fails(2, "cli.usage");
    }
    desk.run("jwks fetch https://127.0.0.1:1/jwks")
        .fails(4, "remote.unavailable");
}

#[test]
fn what_is_no_set_is_told() {
    let (desk, issuer) = published();
    for body in ["", "<html>", "[]", r#"{"keys":{}}"#] {
        issuer.publish(body);
        let ran = desk.run(&format!("jwks fetch {} --ca ca.pem", issuer.url()));
        assert_eq!(ran.exit, 4, "{body}: {}", ran.stderr);
        assert!(
            ran.stderr.starts_with("error[jwks.malformed]: "),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn a_watch_tells_what_changes() {
    let (desk, issuer) = published();
    let mut watch = Command::new(env!("CARGO_BIN_EXE_bulla"))
        .args([
            "jwks",
            "fetch",
            &issuer.url(),
            "--ca",
            "ca.pem",
            "--watch",
            "--every",
            "1s",
            "--json",
            "--quiet",
        ])
        .current_dir(desk.path("."))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let first: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(first["summary"][0]["kid"], "a");
    desk.run("jwk generate --alg ES256 --kid b --out b.jwk")
        .ok();
    issuer.publish(format!(
        "{{\"keys\":[{}]}}",
        desk.run("jwk public b.jwk").line()
    ));
    let event: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    watch.kill().unwrap();
    watch.wait().unwrap();
    assert_eq!(event["added"][0]["kid"], "b");
    assert_eq!(event["removed"][0]["kid"], "a");
    assert!(event["time"].as_str().unwrap().ends_with('Z'));
}
