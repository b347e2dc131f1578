use serde_json::{Value, json};

use crate::desk::{Desk, base64url};

fn header(token: &str) -> Value {
    let segment = token.split('.').next().unwrap();
    serde_json::from_slice(&bulla::base64url::decode(segment).unwrap()).unwrap()
}

#[test]
fn input_is_signed_byte_for_byte_final_line_break_included() {
    let desk = Desk::with_keys();
    for payload in [
        &b"hello"[..],
        b"hello\n",
        b"\r\n",
        b"",
        b"\x00\xff\xfe",
        b"{\"a\":1}\n",
    ] {
        desk.write("payload", payload);
        for arguments in [
            "jws sign --key key.jwk payload",
            "jws sign --key key.jwk -",
            "jws sign --key key.jwk",
        ] {
            let token = desk.run_with(arguments, payload).line();
            assert_eq!(token.split('.').nth(1), Some(base64url(payload).as_str()));
            desk.write("token", token + "\n");
            assert_eq!(desk.run("jws verify --key public.jwk token").ok(), payload);
        }
    }
}

#[test]
fn a_path_that_looks_like_a_token_is_a_path() {
    let desk = Desk::with_keys();
    desk.write("a.b.c", "in the file");
    let token = desk.run("jws sign --key key.jwk a.b.c").line();
    assert_eq!(
        desk.run_with("jws verify --key public.jwk", token).text(),
        "in the file"
    );
    desk.run("jws sign --key key.jwk eyJhbGciOiJub25lIn0.e30.")
        .fails(4, "io.not-found");
}

#[test]
fn headers() {
    let desk = Desk::with_keys();
    assert_eq!(
        header(&desk.token("x")),
        json!({"alg": "ES256", "kid": "a"})
    );
    desk.write("header.json", "{\"n\": [1, null]}");
    let sign = [
        "jws", "sign", "--key", "key.jwk", "--kid", "b", "--typ", "T", "--cty", "C", "--header",
    ];
    let token = desk
        .run_args(&[&sign[..], &["{\"n\":[1,null]}"]].concat(), "x")
        .line();
    let expected = json!({"alg": "ES256", "kid": "b", "typ": "T", "cty": "C", "n": [1, null]});
    assert_eq!(header(&token), expected);
    let token = desk
        .run_args(&[&sign[..], &["@header.json"]].concat(), "x")
        .line();
    assert_eq!(header(&token), expected);
}

#[test]
fn header_mistakes_are_usage_errors() {
    let desk = Desk::with_keys();
    for header in [
        "[]",
        "{",
        "",
        "{\"n\":1,\"n\":2}",
        "{\"n\":{\"m\":1,\"m\":2}}",
        "{\"typ\":\"again\"}",
        "null",
    ] {
        let arguments = [
            "jws", "sign", "--key", "key.jwk", "--typ", "T", "--header", header,
        ];
        desk.run_args(&arguments, "x").fails(2, "cli.usage");
    }
    for (header, code) in [
        ("{\"alg\":\"none\"}", "jws.algorithm-not-allowed"),
        ("{\"alg\":\"HS256\"}", "jws.algorithm-not-allowed"),
        ("{\"crit\":[\"exp\"]}", "jws.header-invalid"),
        ("{\"crit\":[]}", "jws.header-invalid"),
        ("{\"b64\":false}", "jws.header-invalid"),
        ("{\"kid\":1}", "jws.header-invalid"),
    ] {
        desk.run_args(
            &["jws", "sign", "--key", "key.jwk", "--header", header],
            "x",
        )
        .fails(2, code);
    }
    desk.run("jws sign --key key.jwk --header @nowhere")
        .fails(4, "io.not-found");
}

#[test]
fn forms() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --alg Ed25519 --kid b --out b.jwk")
        .ok();
    let flattened = desk
        .run_with("jws sign --key key.jwk --format flattened", "x")
        .json();
    assert_eq!(flattened["payload"], base64url("x"));
    assert!(flattened["signature"].is_string() && flattened.get("signatures").is_none());
    let general = desk
        .run_with("jws sign --key key.jwk --format general", "x")
        .json();
    assert_eq!(general["signatures"].as_array().unwrap().len(), 1);
    let several = desk
        .run_with("jws sign --key key.jwk --key b.jwk", "x")
        .json();
    assert_eq!(several["signatures"].as_array().unwrap().len(), 2);
    for key in ["key.jwk", "b.jwk"] {
        let verify = format!("jws verify --key {key}");
        assert_eq!(desk.run_with(&verify, several.to_string()).text(), "x");
    }
    for arguments in [
        "--key key.jwk --key b.jwk --format compact",
        "--key key.jwk --key b.jwk --format flattened",
        "--key key.jwk --key b.jwk --kid c",
        "--key key.jwk --unprotected {\"a\":1}",
        "--key key.jwk --format json",
    ] {
        desk.run(&format!("jws sign {arguments}"))
            .fails(2, "cli.usage");
    }
    let unprotected = desk
        .run_with(
            "jws sign --key key.jwk --format flattened --unprotected {\"a\":1}",
            "x",
        )
        .json();
    assert_eq!(unprotected["header"], json!({"a": 1}));
}

#[test]
fn json_wraps_a_compact_token_and_leaves_the_others() {
    let desk = Desk::with_keys();
    let token = desk.run_with("jws sign --key key.jwk --json", "x").json();
    assert_eq!(token["token"].as_str().unwrap().split('.').count(), 3);
    let flattened = desk
        .run_with("jws sign --key key.jwk --json --format flattened", "x")
        .json();
    assert_eq!(flattened["payload"], base64url("x"));
}

#[test]
fn detached_and_unencoded() {
    let desk = Desk::with_keys();
    desk.write("payload", "a.b\n");
    let token = desk.run("jws sign --key key.jwk --detached payload").line();
    assert_eq!(token.split('.').nth(1), Some(""));
    desk.write("token", token);
    assert_eq!(
        desk.run("jws verify --key public.jwk --payload payload token")
            .text(),
        "a.b\n"
    );

    let token = desk
        .run("jws sign --key key.jwk --detached --unencoded payload")
        .line();
    assert_eq!(header(&token)["crit"], json!(["b64"]));
    desk.write("token", token);
    assert_eq!(
        desk.run("jws verify --key public.jwk --payload payload token")
            .text(),
        "a.b\n"
    );

    let token = desk
        .run_with("jws sign --key key.jwk --unencoded", "hello there")
        .line();
    assert_eq!(token.split('.').nth(1), Some("hello there"));
    assert_eq!(
        desk.run_args(&["jws", "verify", "--key", "public.jwk", &token], "")
            .text(),
        "hello there"
    );
    desk.run("jws sign --key key.jwk --unencoded payload")
        .fails(2, "jws.payload-unencodable");
    let flattened = desk
        .run("jws sign --key key.jwk --unencoded --format flattened payload")
        .json();
    assert_eq!(flattened["payload"], "a.b\n");
    for form in ["flattened", "general"] {
        let sign = format!("jws sign --key key.jwk --detached --format {form} payload");
        let json = desk.run(&sign).json();
        assert_eq!(json.get("payload"), None);
        desk.write("token", json.to_string());
        desk.run("jws verify --key public.jwk --payload payload token")
            .ok();
    }
}

#[test]
fn refusals() {
    let desk = Desk::with_keys();
    desk.run("jwk generate --kty RSA --size 2048 --out rsa.jwk")
        .ok();
    desk.run("jwk generate --kty oct --out oct.jwk").ok();
    desk.write("short", "short");
    for (arguments, exit, code) in [
        ("", 2, "cli.usage"),
        ("--key key.jwk --alg none", 2, "cli.usage"),
        ("--key key.jwk --alg None", 2, "cli.usage"),
        ("--key key.jwk --alg ES257", 2, "cli.usage"),
        ("--key rsa.jwk", 2, "cli.usage"),
        ("--key oct.jwk", 2, "cli.usage"),
        ("--key - -", 2, "cli.usage"),
        ("--key -", 2, "cli.usage"),
        ("--key public.jwk", 3, "jwk.usage-mismatch"),
        ("--key key.jwk --alg ES384", 3, "jwk.usage-mismatch"),
        ("--key key.jwk --alg HS256", 3, "jwk.usage-mismatch"),
        ("--key rsa.jwk --alg ES256", 3, "jwk.usage-mismatch"),
        ("--key oct.jwk --alg HS512", 3, "jwk.too-weak"),
        ("--key oct:short --alg HS256", 3, "jwk.too-weak"),
        ("--key oct:short", 3, "jwk.too-weak"),
        ("--key nowhere.jwk", 4, "io.not-found"),
        ("--key key.jwk nowhere", 4, "io.not-found"),
        ("--key key.jwk --detached nowhere", 4, "io.not-found"),
    ] {
        desk.run(&format!("jws sign {arguments}")).fails(exit, code);
    }
    let told = desk.run("jws sign --key rsa.jwk").fails(2, "cli.usage");
    assert!(
        told.contains("PS256") && told.contains("RS512") && !told.contains("ES256"),
        "{told}"
    );
    for alg in ["RS256", "PS512"] {
        desk.run_with(&format!("jws sign --key rsa.jwk --alg {alg}"), "x")
            .ok();
    }
}
