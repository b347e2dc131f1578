use serde_json::Value;

use crate::desk::Desk;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.run("jwk generate --alg ECDH-ES --kid bob --out bob.jwk --public-out public.jwk")
        .ok();
    desk
}

#[test]
fn binary_content_and_json() {
    let desk = desk();
    let octets = [0_u8, 0xff, 0x0a];
    let token = desk
        .run_with(
            "jwe encrypt --key public.jwk --enc A256GCM --cty text/plain",
            octets,
        )
        .text();
    assert_eq!(
        desk.run_with("jwe decrypt --key bob.jwk", &token).stdout,
        octets
    );
    let token = desk
        .run_with(
            "jwe encrypt --key public.jwk --enc A256GCM --cty text/plain",
            "hi",
        )
        .text();
    let report = desk
        .run_with("jwe decrypt --key bob.jwk --json", &token)
        .text();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["verified"], true);
    assert_eq!(report["header"]["alg"], "ECDH-ES");
    assert_eq!(report["key"]["kid"], "bob");
    assert_eq!(
        report["checked"],
        serde_json::json!(["decryption", "alg", "enc"])
    );
    assert_eq!(report["payload"], "hi");
    let thumbprint = desk.run("jwk thumbprint public.jwk").text();
    assert_eq!(report["key"]["thumbprint"], thumbprint.trim());
}

#[test]
fn what_is_refused() {
    let desk = desk();
    let token = desk
        .run_with("jwe encrypt --key public.jwk --enc A256GCM", "hi")
        .text();
    let token = token.trim();
    let decrypt = |more: &str, token: &str| {
        desk.run_with(&format!("jwe decrypt --key bob.jwk {more}"), token)
    };
    decrypt("--enc A128GCM", token).fails(1, "jwe.algorithm-not-allowed");
    decrypt("--alg ECDH-ES+A128KW", token).fails(3, "jwk.usage-mismatch");
    decrypt("", &token.replace('.', "")).fails(1, "jwe.malformed");
    decrypt("", &format!("{token}\n\n")).fails(1, "jwe.malformed");
    decrypt("", "").fails(1, "jwe.malformed");
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[1] = "AAAA".into();
    decrypt("", &parts.join(".")).fails(1, "jwe.malformed");
    desk.run("jwk generate --alg ECDH-ES --out eve.jwk").ok();
    desk.run_with("jwe decrypt --key eve.jwk", token)
        .fails(1, "jwe.decryption-failed");
    desk.run_with("jwe decrypt --key missing.jwk", token)
        .fails(4, "io.not-found");
    desk.run_with("jwe decrypt", token).fails(2, "cli.usage");
    let signed = Desk::with_keys().token("hello");
    decrypt("", &signed).fails(1, "jwe.malformed");
}

#[test]
fn a_set_is_searched_by_kid() {
    let desk = desk();
    desk.run("jwk generate --alg ECDH-ES --kid eve --out eve.jwk")
        .ok();
    let read = |name: &str| String::from_utf8(desk.read(name)).unwrap();
    desk.write(
        "keys.jwks",
        format!("{{\"keys\":[{},{}]}}", read("eve.jwk"), read("bob.jwk")),
    );
    let token = desk
        .run_with("jwe encrypt --key public.jwk --enc A256GCM", "hi")
        .text();
    assert_eq!(
        desk.run_with("jwe decrypt --jwks keys.jwks", &token).text(),
        "hi"
    );
    let token = desk
        .run_with(
            "jwe encrypt --key public.jwk --enc A256GCM --kid nobody",
            "hi",
        )
        .text();
    desk.run_with("jwe decrypt --jwks keys.jwks", &token)
        .fails(3, "jwk.not-found");
}

#[test]
fn a_critical_parameter_must_be_understood() {
    let desk = desk();
    let header = "{\"crit\":[\"x\"],\"x\":1}";
    let token = desk
        .run_args(
            &[
                "jwe",
                "encrypt",
                "--key",
                "public.jwk",
                "--enc",
                "A256GCM",
                "--header",
                header,
            ],
            "hi",
        )
        .text();
    desk.run_with("jwe decrypt --key bob.jwk", &token)
        .fails(1, "jwe.critical-unknown");
    assert_eq!(
        desk.run_with("jwe decrypt --key bob.jwk --understood x", &token)
            .text(),
        "hi"
    );
}
