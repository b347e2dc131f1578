use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::desk::Desk;

#[test]
fn the_whole_flow_is_shown_and_each_refusal_with_its_reason() {
    let desk = Desk::new();
    let text = desk.run("demo --once").text();
    for shown in [
        "client-authentication+jwt",
        "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "at+jwt",
        "\"client_id\": \"invoicing\"",
        "invalid_client",
        "error=\"invalid_token\"",
        "oauth.token-missing",
        "oauth.replayed",
        "jwt.audience-mismatch",
        "jwk.not-found",
        "jws.signature-invalid",
        "jws.algorithm-not-allowed",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(!text.contains('\u{1b}'));
    // Nothing is left behind.
    assert_eq!(std::fs::read_dir(desk.path("")).unwrap().count(), 0);
}

#[test]
fn what_it_shows_is_what_happens() {
    let desk = Desk::new();
    let report = desk.run("demo --once --json").json();
    let steps = report["steps"].as_array().unwrap();
    let statuses: Vec<u64> = steps
        .iter()
        .filter_map(|step| step["exchanges"].as_array()?.last())
        .map(|exchange| exchange["response"]["status"].as_u64().unwrap())
        .collect();
    assert_eq!(
        statuses,
        [
            200, 200, 200, 401, 401, 401, 200, 200, 401, 401, 401, 401, 401
        ]
    );
    let reasons: Vec<&str> = steps
        .iter()
        .filter_map(|step| step["reason"].as_str())
        .collect();
    assert_eq!(
        reasons,
        [
            "oauth.token-missing",
            "oauth.replayed",
            "jwt.audience-mismatch",
            "jwk.not-found",
            "jws.signature-invalid",
            "jws.algorithm-not-allowed",
            "jws.algorithm-not-allowed",
            "jws.signature-invalid",
        ]
    );

    let page = include_str!("../../../../docs/coming-from-keycloak-and-fastapi.md");
    for step in steps {
        let title = step["title"].as_str().unwrap();
        assert!(
            page.contains(&format!("\n{title}\n")),
            "the page shows another run: {title}"
        );
    }

    let server = report["addresses"]["authorization_server"]
        .as_str()
        .unwrap();
    let published = &steps[0]["exchanges"][0]["response"]["body"];
    desk.write("client.jwks", published.to_string());
    let assertion = steps[1]["assertion"]["encoded"].as_str().unwrap();
    let verify =
        format!("jwt verify --jwks client.jwks --issuer invoicing --audience {server} --json");
    let verified = desk.run_with(&verify, assertion).json();
    assert_eq!(verified["claims"], steps[1]["assertion"]["claims"]);
    let next = steps[9]["assertion"]["encoded"].as_str().unwrap();
    let refused = desk.run_with(&verify, next);
    assert!(
        refused.stderr.contains("jwk.not-found"),
        "{}",
        refused.stderr
    );

    let token = steps[3]["access_token"]["encoded"].as_str().unwrap();
    let inspected = desk.run_with("jwt inspect --json", token);
    let inspected: Value = serde_json::from_slice(&inspected.stdout).unwrap();
    assert_eq!(inspected["header"]["typ"], "at+jwt");
    assert_eq!(inspected["claims"]["scope"], "invoices:read");
}

/// A demonstration that stays up.
struct Staying {
    process: Child,
    addresses: Value,
}

impl Staying {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_bulla"))
            .args(["demo", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let report: Value = serde_json::from_str(&line).unwrap();
        Self {
            process,
            addresses: report["addresses"].clone(),
        }
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> (u16, String) {
        let address = self.addresses["client"].as_str().unwrap();
        let address = address.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nhost: {address}\r\ncontent-length: 0\r\n{headers}\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }

    fn json(&self, method: &str, path: &str) -> Value {
        let (status, body) = self.ask(method, path, "");
        assert_eq!(status, 200, "{method} {path}: {body}");
        serde_json::from_str(&body).unwrap()
    }
}

impl Drop for Staying {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn it_stays_up_with_a_page_that_describes_what_is_there() {
    let demo = Staying::start();
    assert_eq!(demo.ask("GET", "/docs", "").0, 303);
    // A link leads to the button, and rotates nothing.
    let keys = demo.json("GET", "/keys");
    assert_eq!(demo.ask("GET", "/rotate", "").0, 303);
    assert_eq!(demo.json("GET", "/keys")["keys"][0], keys["keys"][0]);
    let (status, page) = demo.ask("GET", "/docs/", "");
    assert!(
        status == 200 && page.contains("swagger-ui"),
        "{status} {page}"
    );
    for file in [
        "swagger-ui-bundle.js",
        "swagger-ui.css",
        "swagger-initializer.js",
    ] {
        let (status, body) = demo.ask("GET", &format!("/docs/{file}"), "");
        assert!(status == 200 && !body.is_empty(), "{file}");
    }
    let description = demo.json("GET", "/openapi.json");
    assert!(description["openapi"].as_str().unwrap().starts_with("3."));
    let paths = description["paths"].as_object().unwrap();
    let mut described: Vec<&str> = paths.keys().map(String::as_str).collect();
    described.sort_unstable();
    assert_eq!(
        described,
        ["/api/invoices", "/client", "/jwks", "/keys", "/rotate"]
    );
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            let (status, _) = demo.ask(&method.to_uppercase(), path, "");
            assert!(
                !matches!(status, 404 | 405 | 500..),
                "{method} {path}: {status}"
            );
        }
    }
}

#[test]
fn the_client_rotates_and_goes_on() {
    let demo = Staying::start();
    let flow = demo.json("GET", "/client");
    assert_eq!(flow["api"]["response"]["status"], 200);
    let token = flow["access_token"]["encoded"].as_str().unwrap();
    let bearer = format!("authorization: Bearer {token}\r\n");
    assert_eq!(demo.ask("GET", "/api/invoices", &bearer).0, 200);
    assert_eq!(demo.ask("GET", "/api/invoices", "").0, 401);

    let keys = demo.json("POST", "/rotate");
    assert!(
        keys["keys"]
            .as_array()
            .unwrap()
            .iter()
            .any(|key| key["status"] == "next")
    );
    assert_eq!(demo.ask("POST", "/rotate", "").0, 409);
    assert_eq!(
        demo.json("GET", "/client")["api"]["response"]["status"],
        200
    );
    let replaced = demo.json("POST", "/rotate?emergency=true");
    assert_eq!(replaced["keys"][0]["status"], "current");
    let jwks = demo.json("GET", "/jwks");
    assert!(
        jwks["keys"]
            .as_array()
            .unwrap()
            .iter()
            .all(|key| key.get("d").is_none())
    );
    // The token that was given before holds: it is the server's, and not the client's key.
    assert_eq!(demo.ask("GET", "/api/invoices", &bearer).0, 200);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it() {
    let mut demo = Staying::start();
    let id = demo.process.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(demo.process.wait().unwrap().code(), Some(0));
}
