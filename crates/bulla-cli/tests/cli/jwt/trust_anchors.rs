//! `--trust-anchors` and `--x5c`. The certificates are made by the script beside them in the crate `bulla-x509`.

use crate::desk::{Desk, base64url};

/// A time at which the certificates are valid, whenever the tests run.
const WHEN: &str = "2027-01-01T00:00:00Z";

fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../bulla-x509/tests/fixtures/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

/// With the key of `leaf.der`, the anchors, and a token whose header has these certificates.
fn desk(certificates: &[&str]) -> Desk {
    let desk = Desk::new();
    for name in ["leaf.key.pem", "root.pem", "other-root.pem"] {
        desk.write(name, fixture(name));
    }
    let x5c: Vec<String> = certificates
        .iter()
        .map(|name| base64(&desk, name))
        .collect();
    let header = serde_json::json!({ "x5c": x5c }).to_string();
    desk.write("header.json", header);
    let claims = br#"{"iss":"me","exp":1900000000}"#;
    let token = desk
        .run_with("jws sign --key leaf.key.pem --header @header.json", claims)
        .line();
    desk.write("token", token);
    desk
}

/// A certificate as `x5c` has it.
fn base64(desk: &Desk, name: &str) -> String {
    desk.write(name, fixture(name));
    let key = desk.run(&format!("jwk convert {name} --to jwk")).json();
    key["x5c"][0].as_str().unwrap().to_owned()
}

const VERIFY: &str = "jwt verify --issuer me --any-audience token";

fn verify(desk: &Desk, more: &str) -> crate::desk::Ran {
    desk.run(&format!("{VERIFY} --at {WHEN} {more}"))
}

#[test]
fn the_key_of_a_chain_that_leads_to_an_anchor_verifies_and_says_why() {
    let desk = desk(&["leaf.der", "intermediate.der"]);
    let json = verify(&desk, "--x5c --trust-anchors root.pem --json").json();
    assert_eq!(json["verified"], true);
    let why = json["key"]["trust"].as_str().unwrap();
    assert_eq!(why, "a certificate path to \"CN=root,O=Bulla\"");
    // Without a key there is nothing else that the anchors could be for.
    verify(&desk, "--trust-anchors root.pem").ok();
    desk.run("jws verify --trust-anchors root.pem token").ok();
    // With --at the certificates are judged at that time, as the claims are.
    desk.run(&format!(
        "{VERIFY} --x5c --trust-anchors root.pem --at 2025-06-01T00:00:00Z"
    ))
    .fails(1, "x509.not-yet-valid");
}

#[test]
fn a_chain_that_leads_nowhere_does_not() {
    let desk = desk(&["leaf.der", "intermediate.der"]);
    verify(&desk, "--x5c --trust-anchors other-root.pem").fails(1, "x509.untrusted-issuer");
    let desk = self::desk(&["leaf.der"]);
    verify(&desk, "--x5c --trust-anchors root.pem").fails(1, "x509.untrusted-issuer");
    let desk = self::desk(&["leaf.der", "intermediate.der", "leaf.der"]);
    verify(&desk, "--x5c --trust-anchors root.pem").fails(1, "x509.chain-order");
}

/// It is the token's bytes that are wrong, and no key of whoever verifies it.
#[test]
fn a_certificate_or_key_in_a_token_that_cannot_be_read_is_the_tokens_fault() {
    let desk = desk(&["leaf.der", "intermediate.der"]);
    for (header, parameter) in [
        (r#""x5c":["AAAA"]"#, "x5c"),
        (r#""jwk":{"kty":"EC","crv":"P-256"}"#, "jwk"),
        (r#""jwk":{"kty":"oct","k":"AAAA"}"#, "jwk"),
    ] {
        // Signing refuses to make some of these; a stranger would not.
        let token = [
            &format!(r#"{{"alg":"ES256",{header}}}"#),
            r#"{"iss":"me"}"#,
            "signature",
        ];
        desk.write("token", token.map(base64url).join("."));
        let ran = verify(&desk, "--x5c --trust-anchors root.pem");
        assert!(
            ran.stderr.contains(&format!("`{parameter}`")),
            "{header}: {}",
            ran.stderr
        );
        ran.fails(1, "jwk.malformed");
    }
}

#[test]
fn without_anchors_certificates_in_a_token_count_for_nothing() {
    let desk = desk(&["leaf.der", "intermediate.der"]);
    desk.run(&format!("{VERIFY} --x5c")).fails(2, "cli.usage");
    desk.run(VERIFY).fails(2, "cli.usage");
    desk.run("jwk generate --alg ES256 --out mine.jwk").ok();
    verify(&desk, "--key mine.jwk").fails(1, "jws.signature-invalid");
    verify(&desk, "--x5c --trust-anchors root.pem --key mine.jwk").fails(2, "cli.usage");
}

#[test]
fn a_key_given_by_name_needs_a_certificate_too() {
    let desk = desk(&["leaf.der", "intermediate.der"]);
    let pem = |name: &str| -> String {
        let body = base64(&desk, name);
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    };
    desk.write("chain.pem", pem("leaf.der") + &pem("intermediate.der"));
    verify(&desk, "--key chain.pem --trust-anchors root.pem").ok();
    verify(&desk, "--key chain.pem --trust-anchors other-root.pem")
        .fails(3, "x509.untrusted-issuer");
    verify(&desk, "--key leaf.key.pem --trust-anchors root.pem").fails(3, "jwk.untrusted");
    desk.write("set.jwks", {
        let key = desk.run("jwk convert chain.pem --to jwk").json();
        serde_json::json!({ "keys": [key] }).to_string()
    });
    verify(
        &desk,
        "--jwks set.jwks --alg ES256 --trust-anchors root.pem",
    )
    .ok();
    verify(
        &desk,
        "--jwks set.jwks --alg ES256 --trust-anchors other-root.pem",
    )
    .fails(3, "x509.untrusted-issuer");
}

#[test]
fn what_is_no_file_of_certificates_is_said_to_be_none() {
    let desk = desk(&["leaf.der"]);
    desk.write("empty.pem", b"");
    desk.write("text.pem", b"no certificate");
    for file in ["empty.pem", "text.pem", "leaf.key.pem"] {
        let ran = verify(&desk, &format!("--x5c --trust-anchors {file}"));
        assert_eq!(ran.exit, 3, "{file}: {}", ran.stderr);
    }
    verify(&desk, "--x5c --trust-anchors none.pem").fails(4, "io.not-found");
}
