use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use super::process::ISSUER;
use super::{Process, connect};
use crate::desk::Desk;

#[test]
fn a_token_is_asked_for_and_the_log_has_who_and_no_secret() {
    let desk = Desk::with_server("");
    let server = Process::start(&desk);
    assert_eq!(server.said["issuer"], ISSUER);
    assert_eq!(
        server.said["metadata"],
        format!("{ISSUER}/.well-known/oauth-authorization-server")
    );
    let assertion = desk.assertion();
    let (status, answer) = server.token(&assertion);
    assert_eq!(status, 200, "{answer}");
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(answer["scope"], "read");
    assert_eq!(server.token("a.b.c").0, 401);
    assert_eq!(server.get("/healthz").0, 200);

    // Its keys verify it.
    let (_, keys) = server.get("/jwks");
    desk.write("keys.jwks", keys.to_string());
    desk.write("token", token);
    let verified = desk.run(&format!(
        "jwt verify --jwks keys.jwks --issuer {ISSUER} --audience https://api.example.com --typ at+jwt token"
    ));
    let claims: serde_json::Value = serde_json::from_slice(&verified.ok()).unwrap();
    assert_eq!(
        (&claims["sub"], &claims["client_id"]),
        (&"billing".into(), &"billing".into())
    );

    assert_eq!(server.terminate(), Some(0));
    let log = String::from_utf8(desk.read("log")).unwrap();
    let events: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    let decisions: Vec<_> = events
        .iter()
        .filter(|event| event["target"] == "bulla::audit" && event["endpoint"] == "token")
        .map(|event| (event["outcome"].as_str(), event["client"].as_str()))
        .collect();
    assert_eq!(
        decisions,
        [(Some("granted"), Some("billing")), (Some("refused"), None)]
    );
    let signature = |token: &str| token.rsplit('.').next().unwrap().to_owned();
    for secret in [signature(&assertion), signature(token)] {
        assert!(!log.contains(&secret), "{log}");
    }
}

#[test]
fn without_a_configuration_the_issuer_is_the_address() {
    let desk = Desk::new();
    let server = Process::run(&desk, &["--listen", "127.0.0.1:0"]);
    let issuer = format!("http://{}", server.address());
    assert_eq!(server.said["issuer"], issuer.as_str());
    let (status, metadata) = server.get("/.well-known/oauth-authorization-server");
    assert_eq!(
        (status, &metadata["issuer"]),
        (200, &issuer.as_str().into())
    );
    assert!(desk.path("bulla.db").exists());
}

#[test]
fn a_store_of_another_place_by_flag_and_by_variable() {
    let mut desk = Desk::with_server("store = \"sqlite:a.db\"");
    assert_eq!(
        desk.run("serve --config bulla.toml --keys --store sqlite:b.db")
            .exit,
        0
    );
    assert!(desk.path("b.db").exists() && !desk.path("a.db").exists());
    desk.set("BULLA_STORE", "sqlite:c.db");
    assert_eq!(desk.run("serve --config bulla.toml --keys").exit, 0);
    assert!(desk.path("c.db").exists() && !desk.path("a.db").exists());
}

#[test]
fn what_is_under_way_is_done_when_it_is_told_to_stop() {
    let desk = Desk::with_server("");
    let server = Process::start(&desk);
    let mut stream = connect(server.address());
    let body = format!(
        "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3A\
         jwt-bearer&client_assertion={}",
        desk.assertion()
    );
    let (first, rest) = body.split_at(40);
    write!(
        stream,
        "POST /token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{first}",
        body.len()
    )
    .unwrap();
    // A second request is answered: so the head of the first has been read.
    assert_eq!(server.get("/healthz").0, 200);
    server.signal();
    let address = server.address().to_owned();
    let begun = Instant::now();
    while std::net::TcpStream::connect(&address).is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(9), "it still listens");
        std::thread::yield_now();
    }
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn too_large_a_body_is_refused() {
    let desk = Desk::with_server("");
    let server = Process::start(&desk);
    let (status, _) = server.token(&"a".repeat(70 * 1024));
    assert!(status == 413 || status == 400, "{status}");
}

#[test]
fn an_address_that_is_taken_is_an_error() {
    let desk = Desk::with_server("");
    let server = Process::start(&desk);
    let ran = desk.run(&format!(
        "serve --quiet --config bulla.toml --listen {}",
        server.address()
    ));
    ran.fails(4, "io.listen-failed");
}
