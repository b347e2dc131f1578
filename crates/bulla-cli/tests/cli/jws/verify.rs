use serde_json::{Value, json};

use crate::desk::{Desk, base64url};

#[test]
fn every_way_to_give_a_token() {
    let desk = Desk::with_keys();
    let token = desk.token("hello");
    for ending in ["", "\n", "\r\n"] {
        let text = format!("{token}{ending}");
        desk.write("token.jws", &text);
        assert_eq!(
            desk.run("jws verify --key public.jwk token.jws").text(),
            "hello"
        );
        assert_eq!(
            desk.run_with("jws verify --key public.jwk", &text).text(),
            "hello"
        );
        assert_eq!(
            desk.run_with("jws verify --key public.jwk -", &text).text(),
            "hello"
        );
        let literal = ["jws", "verify", "--key", "public.jwk", &text];
        assert_eq!(desk.run_args(&literal, "").text(), "hello");
    }
}

#[test]
fn what_is_around_a_token_makes_it_malformed() {
    let desk = Desk::with_keys();
    let token = desk.token("hello");
    for text in [
        format!("{token}\n\n"),
        format!("{token} "),
        format!(" {token}"),
        format!("\n{token}"),
        format!("\u{feff}{token}"),
        format!("\"{token}\""),
        format!("'{token}'"),
        format!("Bearer {token}"),
        format!("{token}="),
        format!("{token}\0"),
        format!("{token}\r"),
        token.replace('.', ".\n"),
        format!("{token}.{token}"),
        token.rsplit_once('.').unwrap().0.to_owned(),
        "a.b.c".to_owned(),
        "..".to_owned(),
        ".".repeat(100_000),
        "x".to_owned(),
        String::new(),
        "\n".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "{".to_owned(),
        format!(" {{\"payload\":\"\",\"signature\":\"{token}\"}}"),
    ] {
        desk.run_with("jws verify --key public.jwk", &text)
            .fails(1, "jws.malformed");
    }
    desk.run_with("jws verify --key public.jwk", b"\xff\xfe")
        .fails(1, "jws.malformed");
    // As an argument they are tokens still, and no names of files.
    for text in [
        format!("Bearer {token}"),
        format!("\"{token}\""),
        format!("\u{feff}{token}"),
        "a.b.c".into(),
    ] {
        desk.run_args(&["jws", "verify", "--key", "public.jwk", &text], "")
            .fails(1, "jws.malformed");
    }
    desk.run("jws verify --key public.jwk nowhere.jws")
        .fails(4, "io.not-found");
}

#[test]
fn size_is_the_tokens_doing() {
    let desk = Desk::with_keys();
    let large = desk.token(&"x".repeat(800_000));
    desk.run_with("jws verify --key public.jwk", &large)
        .fails(1, "jws.limit-exceeded");
    desk.run_with("jws verify --key public.jwk", "e".repeat(2_000_000))
        .fails(1, "jws.limit-exceeded");
    let header = base64url(format!(
        "{{\"alg\":\"ES256\",\"x\":\"{}\"}}",
        "y".repeat(20_000)
    ));
    let token = format!("{header}.e30.e30");
    desk.run_with("jws verify --key public.jwk", &token)
        .fails(1, "jws.limit-exceeded");
    // Just inside the limit, with its line break outside.
    let fits = desk.token(&"x".repeat(786_000)) + "\r\n";
    assert!(
        fits.len() > 1_048_000 && fits.len() <= 1_048_578,
        "{}",
        fits.len()
    );
    assert_eq!(
        desk.run_with("jws verify --key public.jwk", fits)
            .ok()
            .len(),
        786_000
    );
}

#[test]
fn forgeries() {
    let desk = Desk::with_keys();
    let token = desk.token("hello");
    let parts: Vec<&str> = token.split('.').collect();
    let tampered = format!("{}.{}.{}", parts[0], base64url("hellp"), parts[2]);
    desk.run_with("jws verify --key public.jwk", tampered)
        .fails(1, "jws.signature-invalid");
    let cut = format!("{}.{}.", parts[0], parts[1]);
    desk.run_with("jws verify --key public.jwk", cut)
        .fails(1, "jws.signature-invalid");
    for none in ["none", "None", "nOnE", "NONE"] {
        let header = base64url(format!("{{\"alg\":\"{none}\"}}"));
        for signature in ["", parts[2]] {
            let token = format!("{header}.{}.{signature}", parts[1]);
            desk.run_with("jws verify --key public.jwk", token)
                .fails(1, "jws.algorithm-not-allowed");
        }
    }
    desk.run_with("jws verify --key public.jwk --alg none", &token)
        .fails(2, "cli.usage");

    // HMAC with the public key, in every form it may be had.
    let spki = desk.run("jwk convert public.jwk --to spki").ok();
    desk.write("public.pem", &spki);
    for secret in [spki, desk.read("public.jwk")] {
        let jwk = json!({"kty": "oct", "k": base64url(secret)});
        desk.write("forger.jwk", jwk.to_string());
        let forged = desk
            .run_with("jws sign --key forger.jwk --alg HS256", "hello")
            .line();
        for key in ["public.jwk", "public.pem"] {
            desk.run_with(&format!("jws verify --key {key}"), &forged)
                .fails(1, "jws.algorithm-not-allowed");
            // Nor can the caller be talked into it.
            desk.run_with(&format!("jws verify --key {key} --alg HS256"), &forged)
                .fails(3, "jwk.usage-mismatch");
            desk.run_with(&format!("jws verify --key oct:{key} --alg HS256"), &forged)
                .fails(3, "jwk.usage-mismatch");
        }
    }
}

#[test]
fn critical_parameters() {
    let desk = Desk::with_keys();
    let header = "{\"crit\":[\"example.com/x\"],\"example.com/x\":1}";
    let sign = ["jws", "sign", "--key", "key.jwk", "--header", header];
    let token = desk.run_args(&sign, "hello").line();
    desk.run_with("jws verify --key public.jwk", &token)
        .fails(1, "jws.critical-unknown");
    desk.run_with("jws verify --key public.jwk --understood x", &token)
        .fails(1, "jws.critical-unknown");
    let verify = "jws verify --key public.jwk --understood y --understood example.com/x";
    assert_eq!(desk.run_with(verify, &token).text(), "hello");
    let json = desk.run_with(&format!("{verify} --json"), &token).json();
    assert_eq!(json["checked"], json!(["signature", "alg", "crit"]));
}

#[test]
fn json_says_what_was_checked_and_with_which_key() {
    let desk = Desk::with_keys();
    let token = desk.token("hello");
    let text = desk
        .run_with("jws verify --key public.jwk --json", &token)
        .line();
    let thumbprint = desk.run("jwk thumbprint public.jwk").line();
    // The order of the members is that of CLI.md; scripts may well cut lines.
    let expected = format!(
        "{{\"verified\":true,\"header\":{{\"alg\":\"ES256\",\"kid\":\"a\"}},\
         \"key\":{{\"kid\":\"a\",\"thumbprint\":\"{thumbprint}\"}},\
         \"checked\":[\"signature\",\"alg\"],\"payload\":\"hello\"}}"
    );
    assert_eq!(text, expected);
    let binary = desk.run_with("jws sign --key key.jwk", b"\xff\x00").line();
    let json = desk
        .run_with("jws verify --key public.jwk --json", binary)
        .json();
    assert_eq!(json["payload_base64url"], base64url(b"\xff\x00"));
    assert_eq!(json.get("payload"), None);
    // A key without kid has null for one.
    desk.run("jwk generate --alg HS256 --out secret.jwk").ok();
    let token = desk.run_with("jws sign --key secret.jwk", "x").line();
    let json = desk
        .run_with("jws verify --key secret.jwk --json", token)
        .json();
    assert_eq!(json["key"]["kid"], Value::Null);
}

#[test]
fn json_forms_are_told_apart_by_their_members() {
    let desk = Desk::with_keys();
    let flattened = desk
        .run_with("jws sign --key key.jwk --format flattened", "x")
        .json();
    assert_eq!(
        desk.run_with("jws verify --key public.jwk", flattened.to_string())
            .text(),
        "x"
    );
    let general = desk
        .run_with("jws sign --key key.jwk --format general", "x")
        .json();
    assert_eq!(
        desk.run_with("jws verify --key public.jwk", general.to_string())
            .text(),
        "x"
    );

    let mut both = flattened.clone();
    both["signatures"] = general["signatures"].clone();
    desk.run_with("jws verify --key public.jwk", both.to_string())
        .fails(1, "jws.malformed");
    let mut encrypted = flattened.clone();
    encrypted["ciphertext"] = json!("AA");
    desk.run_with("jws verify --key public.jwk", encrypted.to_string())
        .fails(1, "jws.malformed");
    let twice = flattened
        .to_string()
        .replacen('{', "{\"payload\":\"eA\",", 1);
    desk.run_with("jws verify --key public.jwk", twice)
        .fails(1, "jws.malformed");
    let null = flattened
        .to_string()
        .replacen('{', "{\"signatures\":null,", 1);
    desk.run_with("jws verify --key public.jwk", null)
        .fails(1, "jws.malformed");
}

#[test]
fn any_signature_will_do_unless_all_are_asked_for() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg Ed25519 --kid b --out b.jwk")
        .ok();
    let token = desk
        .run_with("jws sign --key key.jwk --key b.jwk", "x")
        .line();
    assert_eq!(desk.run_with("jws verify --key b.jwk", &token).text(), "x");
    desk.run_with("jws verify --key b.jwk --all", &token)
        .fails(1, "jws.algorithm-not-allowed");
    assert_eq!(
        desk.run_with("jws verify --key b.jwk --key key.jwk --all", &token)
            .text(),
        "x"
    );
    let json = desk
        .run_with("jws verify --key b.jwk --key key.jwk --all --json", &token)
        .json();
    assert_eq!(json["signatures"].as_array().unwrap().len(), 2);
    assert_eq!(json["signatures"][1]["key"]["kid"], "b");
    let broken = token.replacen("\"signature\":\"", "\"signature\":\"AAAA", 1);
    assert_eq!(
        desk.run_with("jws verify --key b.jwk --key key.jwk", &broken)
            .text(),
        "x"
    );
    desk.run_with("jws verify --key b.jwk --key key.jwk --all", &broken)
        .fails(1, "jws.signature-invalid");
}

#[test]
fn detached_payloads() {
    let desk = Desk::with_keys();
    desk.write("payload", "hello");
    desk.write("other", "hellp");
    let token = desk.run("jws sign --key key.jwk --detached payload").line();
    desk.write("token.jws", &token);
    let verify = "jws verify --key public.jwk token.jws --payload";
    assert_eq!(desk.run(&format!("{verify} payload")).text(), "hello");
    assert_eq!(
        desk.run_with(&format!("{verify} -"), "hello").text(),
        "hello"
    );
    assert_eq!(
        desk.run(&format!("{verify} payload --json")).json()["payload"],
        "hello"
    );
    desk.run(&format!("{verify} other"))
        .fails(1, "jws.signature-invalid");
    desk.run(&format!("{verify} nowhere"))
        .fails(4, "io.not-found");
    // Without --payload an empty part is an empty payload, which is not what was signed.
    desk.run("jws verify --key public.jwk token.jws")
        .fails(1, "jws.signature-invalid");
    desk.run("jws verify --key public.jwk --payload - -")
        .fails(2, "cli.usage");
    desk.run("jws verify --key public.jwk --payload -")
        .fails(2, "cli.usage");
    desk.write("attached.jws", desk.token("hello"));
    desk.run("jws verify --key public.jwk attached.jws --payload payload")
        .fails(1, "jws.payload-mismatch");

    desk.run("jwk generate --alg Ed25519 --kid b --out b.jwk")
        .ok();
    let several = desk
        .run("jws sign --key key.jwk --key b.jwk --detached payload")
        .line();
    desk.write("several.jws", &several);
    let verify = "jws verify --key key.jwk --key b.jwk --all several.jws";
    assert_eq!(
        desk.run(&format!("{verify} --payload payload")).text(),
        "hello"
    );
    desk.run(&format!("{verify} --payload other"))
        .fails(1, "jws.signature-invalid");
    desk.run(verify).fails(1, "jws.payload-mismatch");
}

#[test]
fn an_empty_payload_is_a_payload() {
    let desk = Desk::with_keys();
    desk.write("empty", "");
    let token = desk.token("");
    assert_eq!(
        desk.run_with("jws verify --key public.jwk", &token).ok(),
        b""
    );
    let detached = desk.run("jws sign --key key.jwk --detached empty").line();
    desk.write("token.jws", detached);
    assert_eq!(
        desk.run("jws verify --key public.jwk --payload empty token.jws")
            .ok(),
        b""
    );
}

#[test]
fn large_detached_payloads_come_back_whole() {
    let desk = Desk::with_keys();
    let payload: Vec<u8> = (0..3_000_000u32).map(|index| (index % 251) as u8).collect();
    desk.write("payload", &payload);
    let token = desk.run("jws sign --key key.jwk --detached payload").line();
    desk.write("token.jws", token);
    assert!(
        desk.run("jws verify --key public.jwk --payload payload token.jws")
            .ok()
            == payload
    );
    // JSON has no room for it, and says the rest.
    let json = desk
        .run("jws verify --key public.jwk --payload payload token.jws --json")
        .json();
    assert_eq!(
        (&json["verified"], json.get("payload")),
        (&json!(true), None)
    );
}

#[test]
fn what_cannot_be_streamed_is_refused_when_large() {
    let desk = Desk::new();
    desk.run("jwk generate --alg Ed25519 --out ed.jwk").ok();
    desk.write("large", vec![0; 17 * 1024 * 1024]);
    desk.run("jws sign --key ed.jwk --detached large")
        .fails(2, "jws.not-streamable");
    desk.write("small", vec![0; 1024 * 1024]);
    desk.run("jws sign --key ed.jwk --detached small").ok();
}

#[test]
fn several_keys_can_be_tried_on_a_detached_payload() {
    let desk = Desk::new();
    for name in ["a", "b"] {
        desk.run(&format!("jwk generate --alg Ed25519 --out {name}.jwk"))
            .ok();
    }
    desk.write("payload", "hello");
    let token = desk.run("jws sign --key b.jwk --detached payload").line();
    desk.write("token.jws", token);
    let verify = "jws verify --key a.jwk --key b.jwk --payload payload token.jws";
    assert_eq!(desk.run(verify).text(), "hello");
}
