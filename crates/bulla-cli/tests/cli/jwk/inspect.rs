use crate::desk::{Desk, set_of};

#[test]
fn private_members_are_never_printed() {
    let desk = Desk::new();
    for alg in [
        "ES256",
        "RS256 --size 2048",
        "Ed25519",
        "HS256",
        "ML-DSA-44",
    ] {
        let key = desk.run(&format!("jwk generate --alg {alg}")).json();
        desk.write("key.jwk", key.to_string());
        let shown =
            desk.run("jwk inspect key.jwk").text() + &desk.run("jwk inspect key.jwk --json").text();
        for member in ["d", "p", "q", "dp", "dq", "qi", "k", "priv"] {
            if let Some(secret) = key[member].as_str() {
                assert!(!shown.contains(secret), "{alg}: {member}");
            }
        }
    }
}

#[test]
fn what_it_is_and_what_it_fits() {
    let desk = Desk::with_keys();
    let text = desk.run("jwk inspect key.jwk").text();
    assert!(
        text.starts_with("key         private EC P-256\nkid         a\nalg         ES256\n"),
        "{text}"
    );
    let json = desk.run("jwk inspect public.jwk --json").json();
    assert_eq!(json["kind"], "public");
    assert_eq!(json["algorithms"], serde_json::json!(["ES256"]));
    assert_eq!(json["public"]["kid"], "a");
    desk.run("jwk generate --kty OKP --crv X25519 --out x.jwk")
        .ok();
    let json = desk.run("jwk inspect x.jwk --json").json();
    assert_eq!(json["algorithms"], serde_json::json!([]));
    assert!(json["unusable"].is_string());
}

#[test]
fn a_set_with_what_is_wrong_in_it() {
    let desk = Desk::with_keys();
    let unknown = b"{\"kty\":\"Telepathy\",\"kid\":\"t\"}".to_vec();
    desk.write("keys.jwks", set_of(&[desk.read("key.jwk"), unknown]));
    let text = desk.run("jwk inspect keys.jwks").text();
    assert!(
        text.contains("not usable: key 1 \"t\": ") && text.contains("(jwk.unsupported)"),
        "{text}"
    );
    let json = desk.run("jwk inspect keys.jwks --json").json();
    assert_eq!(json["keys"][0]["kid"], "a");
    assert_eq!(json["rejected"][0]["code"], "jwk.unsupported");
    desk.run("jwk inspect keys.jwks#t")
        .fails(3, "jwk.unsupported");
}

#[test]
fn names_of_strangers_do_not_move_the_cursor() {
    let desk = Desk::with_keys();
    let key = String::from_utf8(desk.read("public.jwk")).unwrap();
    desk.write("evil.jwk", key.replace("\"a\"", "\"\\u001b[2J\\u202e\""));
    let text = desk.run("jwk inspect evil.jwk").text();
    assert!(text.contains("\\u{1b}[2J\\u{202e}"), "{text:?}");
}
