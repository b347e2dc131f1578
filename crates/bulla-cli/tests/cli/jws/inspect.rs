use serde_json::json;

use crate::desk::{Desk, base64url};

#[test]
fn unverified_is_said_on_standard_error() {
    let desk = Desk::with_keys();
    let ran = desk.run_with("jws inspect", desk.token("hello"));
    assert_eq!(ran.exit, 0);
    assert!(ran.stderr.starts_with("UNVERIFIED"), "{}", ran.stderr);
    assert_eq!(
        String::from_utf8(ran.stdout).unwrap(),
        "protected header\n{\n  \"alg\": \"ES256\",\n  \"kid\": \"a\"\n}\n\npayload, 5 octets\nhello\n"
    );
}

#[test]
fn json_says_verified_false() {
    let desk = Desk::with_keys();
    let json = desk
        .run_with("jws inspect --json", desk.token("hello"))
        .json();
    assert_eq!(json["verified"], false);
    assert_eq!(json["format"], "compact");
    assert_eq!(json["header"], json!({"alg": "ES256", "kid": "a"}));
    assert_eq!(json["payload"], "hello");
    let sign = "jws sign --key key.jwk --format general --unprotected {\"a\":1}";
    let general = desk.run_with(sign, b"\xff").line();
    let json = desk.run_with("jws inspect --json", general).json();
    assert_eq!(json["format"], "general");
    assert_eq!(json["signatures"][0]["unprotected"], json!({"a": 1}));
    assert_eq!(json["payload_base64url"], base64url(b"\xff"));
}

#[test]
fn showing_needs_neither_a_key_nor_an_algorithm_nor_understanding() {
    let desk = Desk::new();
    let none = format!("{}.{}.", base64url("{\"alg\":\"none\"}"), base64url("x"));
    assert_eq!(
        desk.run_args(&["jws", "inspect", &none, "--json"], "")
            .json()["payload"],
        "x"
    );
    let header = base64url("{\"alg\":\"X\",\"crit\":[\"p\",\"q\"],\"p\":1,\"q\":2}");
    let critical = format!("{header}.{}.AA", base64url("x"));
    assert_eq!(
        desk.run_args(&["jws", "inspect", &critical, "--json"], "")
            .json()["payload"],
        "x"
    );
}

#[test]
fn malformed_is_malformed_here_too() {
    let desk = Desk::new();
    for token in ["a.b.c", "x", "{}", "Bearer eyJhbGciOiJub25lIn0.e30."] {
        desk.run_with("jws inspect", token)
            .fails(1, "jws.malformed");
    }
    let jwe = "a.b.c.d.e";
    assert!(
        desk.run_with("jws inspect", jwe)
            .fails(1, "jws.malformed")
            .contains("JWE")
    );
    desk.run("jws inspect nowhere.jws").fails(4, "io.not-found");
}

#[test]
fn text_of_strangers_does_not_move_the_cursor() {
    let desk = Desk::new();
    let header = base64url("{\"alg\":\"\\u001b[2J\u{9b}2J\"}");
    let token = format!("{header}.{}.AA", base64url("\u{1b}]0;title\u{7}\u{202e}"));
    let ran = desk.run_with("jws inspect", token);
    assert_eq!(ran.exit, 0);
    let text = String::from_utf8(ran.stdout).unwrap();
    assert!(
        !text
            .chars()
            .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'),
        "{text:?}"
    );
}
