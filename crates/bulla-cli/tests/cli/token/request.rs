use bulla::base64url;
use serde_json::Value;

use super::server::{Answer, BOUND, GRANTED, OAUTH, OPENID, Server};
use crate::desk::{Desk, Ran};

fn request(desk: &Desk, server: &Server, more: &str) -> Ran {
    let issuer = server.issuer();
    desk.run(&format!(
        "token request --issuer {issuer} --client-id billing --key key.jwk {more}"
    ))
}

/// Header and claims of a token, not verified.
fn read(token: &str) -> (Value, Value) {
    let mut parts = token
        .split('.')
        .map(|part| base64url::decode(part).unwrap());
    let mut part = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (part(), part())
}

#[test]
fn the_access_token_or_the_answer_as_it_came() {
    let desk = Desk::with_keys();
    let server = Server::granting();
    assert_eq!(request(&desk, &server, "").line(), "a-token");
    assert_eq!(request(&desk, &server, "--json").line(), GRANTED.2);

    let [received, _] = &server.received()[..] else {
        panic!("two requests");
    };
    assert_eq!(received.field("grant_type"), Some("client_credentials"));
    assert_eq!(received.field("scope"), None);
    assert!(
        !received.headers.contains_key("dpop") && !received.headers.contains_key("authorization")
    );
    let assertion = received.field("client_assertion").unwrap();
    let issuer = server.issuer();
    let verify =
        format!("jwt verify --key public.jwk --issuer billing --audience {issuer} --require jti");
    let claims: Value = serde_json::from_slice(&desk.run_with(&verify, assertion).ok()).unwrap();
    assert_eq!(claims["sub"], "billing");
}

#[test]
fn scopes_and_resource_are_asked_for() {
    let desk = Desk::with_keys();
    let server = Server::granting();
    let issuer = server.issuer();
    let arguments = [
        "token",
        "request",
        "--issuer",
        &issuer,
        "--client-id",
        "billing",
        "--key",
        "key.jwk",
        "--scope",
        "a b",
        "--resource",
        "urn:api",
    ];
    assert_eq!(desk.run_args(&arguments, b"").line(), "a-token");
    let received = server.received().remove(0);
    assert_eq!(received.field("scope"), Some("a+b"));
    assert_eq!(received.field("resource"), Some("urn%3Aapi"));
}

#[test]
fn openid_metadata_does_where_there_is_no_other() {
    let desk = Desk::with_keys();
    let server = Server::start(OPENID, vec![GRANTED]);
    assert_eq!(request(&desk, &server, "").line(), "a-token");
}

#[test]
fn a_token_is_bound_to_the_key_that_was_named() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg ES256 --kid d --out dpop.jwk")
        .ok();
    let nonce: Answer = (
        "400 Bad Request",
        "DPoP-Nonce: n-1\r\n",
        r#"{"error":"use_dpop_nonce"}"#,
    );
    let server = Server::start(OAUTH, vec![nonce, BOUND]);
    assert_eq!(
        request(&desk, &server, "--dpop dpop.jwk").line(),
        "bound-token"
    );

    let received = server.received();
    let [(first, before), (header, claims)] = &received
        .iter()
        .map(|one| read(&one.headers["dpop"]))
        .collect::<Vec<_>>()[..]
    else {
        panic!("two requests");
    };
    assert_eq!(
        (&first["typ"], &header["typ"]),
        (&"dpop+jwt".into(), &"dpop+jwt".into())
    );
    assert_eq!(claims["htm"], "POST");
    assert_eq!(claims["htu"], format!("{}/token", server.issuer()));
    assert_eq!(
        (&before["nonce"], &claims["nonce"]),
        (&Value::Null, &"n-1".into())
    );
    assert_ne!(before["jti"], claims["jti"]);
    desk.write("proof.jwk", header["jwk"].to_string());
    assert_eq!(
        desk.run("jwk thumbprint proof.jwk").line(),
        desk.run("jwk thumbprint dpop.jwk").line()
    );
    let assertions: Vec<_> = received
        .iter()
        .map(|one| one.field("client_assertion").unwrap())
        .collect();
    assert_ne!(read(assertions[0]).1["jti"], read(assertions[1]).1["jti"]);
}

#[test]
fn a_token_is_bound_to_a_new_key_where_none_is_named() {
    let desk = Desk::with_keys();
    let server = Server::start(OAUTH, vec![BOUND]);
    let ran = request(&desk, &server, "--dpop --json");
    assert_eq!((ran.exit, ran.stdout.trim_ascii()), (0, BOUND.2.as_bytes()));
    assert!(
        ran.stderr.starts_with("note: the token is bound"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        read(&server.received()[0].headers["dpop"]).0["alg"],
        "ES256"
    );
}

#[test]
fn a_bearer_token_is_not_taken_for_a_bound_one() {
    let desk = Desk::with_keys();
    let ran = request(&desk, &Server::granting(), "--dpop --quiet");
    assert_eq!((ran.exit, ran.stdout.len()), (4, 0));
    assert!(
        ran.stderr.starts_with("error[oauth.token-type-unexpected]"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_the_server_says_is_told() {
    let desk = Desk::with_keys();
    for (status, body, code) in [
        (
            "401 Unauthorized",
            r#"{"error":"invalid_client","error_description":"no such key"}"#,
            "oauth.client-refused",
        ),
        (
            "400 Bad Request",
            r#"{"error":"invalid_scope"}"#,
            "oauth.scope-not-allowed",
        ),
        (
            "400 Bad Request",
            r#"{"error":"invalid_target"}"#,
            "oauth.target-not-allowed",
        ),
        (
            "400 Bad Request",
            r#"{"error":"invalid_request"}"#,
            "oauth.refused",
        ),
        ("200 OK", "<html>", "oauth.response-malformed"),
        ("302 Found", "", "oauth.response-malformed"),
    ] {
        let server = Server::start(OAUTH, vec![(status, "", body)]);
        let ran = request(&desk, &server, "");
        assert_eq!(
            (ran.exit, ran.stdout.len()),
            (4, 0),
            "{status} {body}: {}",
            ran.stderr
        );
        assert!(
            ran.stderr.starts_with(&format!("error[{code}]")),
            "{body}: {}",
            ran.stderr
        );
        assert_eq!(server.received().len(), 1, "{body}: nothing is sent again");
    }
    let server = Server::start(
        OAUTH,
        vec![(
            "401 Unauthorized",
            "",
            r#"{"error":"invalid_client","error_description":"no such key"}"#,
        )],
    );
    assert!(request(&desk, &server, "").stderr.contains("no such key"));
}

#[test]
fn a_server_that_is_busy_is_asked_again_with_another_assertion() {
    let desk = Desk::with_keys();
    let busy: Answer = ("503 Service Unavailable", "", "<html>");
    let server = Server::start(OAUTH, vec![busy, busy, GRANTED]);
    assert_eq!(request(&desk, &server, "").line(), "a-token");
    let jtis: std::collections::HashSet<_> = server
        .received()
        .iter()
        .map(|one| read(one.field("client_assertion").unwrap()).1["jti"].to_string())
        .collect();
    assert_eq!(jtis.len(), 3);
}

#[test]
fn what_cannot_be_asked() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg HS256 --out secret.jwk").ok();
    let server = Server::granting();
    let issuer = server.issuer();
    let with = |key: &str| format!("--issuer {issuer} --client-id billing --key {key}");
    for (arguments, exit, code) in [
        (with("secret.jwk"), 3, "jwk.usage-mismatch"),
        (
            with("key.jwk") + " --dpop secret.jwk",
            3,
            "jwk.usage-mismatch",
        ),
        (
            with("key.jwk") + " --dpop public.jwk",
            3,
            "jwk.usage-mismatch",
        ),
        (with("-") + " --dpop -", 2, "cli.usage"),
        (with("key.jwk") + " --resource api", 2, "oauth.url-invalid"),
        (with("key.jwk") + " --ca missing.pem", 4, "io.not-found"),
        (
            "--issuer http://auth.example.com --client-id b --key key.jwk".into(),
            2,
            "oauth.url-invalid",
        ),
        (
            format!("--issuer {issuer}/other --client-id b --key key.jwk"),
            4,
            "remote.unavailable",
        ),
        (
            "--issuer http://127.0.0.1:1 --client-id b --key key.jwk".into(),
            4,
            "remote.unavailable",
        ),
        (format!("--issuer {issuer} --key key.jwk"), 2, "cli.usage"),
    ] {
        let ran = desk.run(&format!("token request {arguments}"));
        assert_eq!(ran.exit, exit, "{arguments}: {}", ran.stderr);
        assert!(
            ran.stderr.starts_with(&format!("error[{code}]")),
            "{arguments}: {}",
            ran.stderr
        );
        assert!(ran.stdout.is_empty());
    }
    assert!(server.received().is_empty(), "{:?}", server.received());
}

#[test]
fn another_issuers_metadata_is_refused() {
    let desk = Desk::with_keys();
    let server = Server::granting();
    let other = server.issuer().replace("127.0.0.1", "localhost");
    let ran = desk.run(&format!(
        "token request --issuer {other} --client-id b --key key.jwk"
    ));
    assert_eq!(ran.exit, 4, "{}", ran.stderr);
    assert!(
        ran.stderr
            .starts_with("error[oauth.metadata-issuer-mismatch]"),
        "{}",
        ran.stderr
    );
    assert!(server.received().is_empty());
}
