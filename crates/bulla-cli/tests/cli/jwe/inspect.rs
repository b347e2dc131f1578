use serde_json::Value;

use crate::desk::Desk;

#[test]
fn headers_are_shown_as_unverified() {
    let desk = Desk::new();
    desk.run("jwk generate --alg A256KW --kid k --out key.jwk")
        .ok();
    let token = desk
        .run_with("jwe encrypt --key key.jwk --enc A256GCM", "hi")
        .text();
    let shown = desk.run_with("jwe inspect", &token);
    assert!(shown.stderr.starts_with("UNVERIFIED"), "{}", shown.stderr);
    assert!(
        String::from_utf8(shown.stdout)
            .unwrap()
            .contains("\"A256KW\"")
    );
    for noun in ["jwe", "jwt"] {
        let report = desk
            .run_with(&format!("{noun} inspect --json"), &token)
            .text();
        let report: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report["verified"], false);
        assert_eq!(report["header"]["kid"], "k");
    }
    desk.run_with("jwe inspect", "x").fails(1, "jwe.malformed");
}
