use serde_json::json;

use crate::desk::{Desk, base64url};

#[test]
fn shows_header_claims_and_times_and_says_unverified() {
    let desk = Desk::with_keys();
    let token = desk
        .run("jwt issue --key key.jwk --sub ada --iat 0 --exp 1700000000")
        .line();
    let ran = desk.run_with("jwt inspect", &token);
    assert_eq!(ran.exit, 0);
    assert!(ran.stderr.starts_with("UNVERIFIED"), "{}", ran.stderr);
    let text = String::from_utf8(ran.stdout).unwrap();
    assert!(
        text.contains("\"sub\": \"ada\"") && text.contains("\"typ\": \"JWT\""),
        "{text}"
    );
    assert!(
        text.contains("\nexp  2023-11-14T22:13:20Z, ") && text.contains(" ago"),
        "{text}"
    );
}

#[test]
fn json_says_verified_false() {
    let desk = Desk::new();
    let token = format!(
        "{}.{}.",
        base64url("{\"alg\":\"none\"}"),
        base64url("{\"a\":1.0}")
    );
    let text = desk.run_with("jwt inspect --json", &token).line();
    assert_eq!(
        text,
        "{\"verified\":false,\"header\":{\"alg\":\"none\"},\"claims\":{\"a\":1.0}}"
    );
}

#[test]
fn what_is_no_claims_set_is_refused() {
    let desk = Desk::new();
    let header = base64url("{\"alg\":\"ES256\"}");
    for payload in ["", "[]", "hello", "{\"a\":1,\"a\":2}"] {
        let token = format!("{header}.{}.AA", base64url(payload));
        desk.run_with("jwt inspect", token)
            .fails(1, "jwt.malformed");
    }
    desk.run_with("jwt inspect", "hello")
        .fails(1, "jws.malformed");
    let odd = format!(
        "{header}.{}.AA",
        base64url(json!({"exp": 1e300}).to_string())
    );
    assert_eq!(desk.run_with("jwt inspect", odd).exit, 0);
}
