use serde_json::Value;

use crate::desk::Desk;

#[test]
fn every_algorithm_that_a_generated_key_names() {
    let desk = Desk::new();
    for alg in [
        "A128KW",
        "A192KW",
        "A256KW",
        "A128GCMKW",
        "A192GCMKW",
        "A256GCMKW",
        "ECDH-ES",
        "ECDH-ES+A128KW",
        "ECDH-ES+A192KW",
        "ECDH-ES+A256KW",
    ] {
        desk.run(&format!(
            "jwk generate --alg {alg} --kid k --force --out key.jwk"
        ))
        .ok();
        let token = desk
            .run_with("jwe encrypt --key key.jwk --enc A256GCM", "letter\n")
            .text();
        assert_eq!(
            desk.run_with("jwe decrypt --key key.jwk", &token).text(),
            "letter\n",
            "{alg}"
        );
    }
    for enc in [
        "A128GCM",
        "A256GCM",
        "A128CBC-HS256",
        "A192CBC-HS384",
        "A256CBC-HS512",
    ] {
        desk.run(&format!("jwk generate --alg {enc} --force --out key.jwk"))
            .ok();
        // the key says both: dir, and the content encryption
        let token = desk.run_with("jwe encrypt --key key.jwk", "letter").text();
        assert_eq!(
            desk.run_with("jwe decrypt --key key.jwk", &token).text(),
            "letter",
            "{enc}"
        );
    }
    for curve in ["P-256", "P-384", "P-521", "X25519", "X448"] {
        desk.run(&format!(
            "jwk generate --alg ECDH-ES --crv {curve} --force --out key.jwk"
        ))
        .ok();
        let token = desk
            .run_with(
                "jwe encrypt --key key.jwk --enc A128GCM --apu Alice --apv Bob",
                "letter",
            )
            .text();
        assert_eq!(
            desk.run_with("jwe decrypt --key key.jwk", &token).text(),
            "letter",
            "{curve}"
        );
    }
}

#[test]
fn rsa_and_its_legacy() {
    let desk = Desk::new();
    desk.run("jwk generate --kty RSA --size 2048 --out key.jwk --public-out public.jwk")
        .ok();
    for alg in ["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"] {
        let token = desk
            .run_with(
                &format!("jwe encrypt --key public.jwk --alg {alg} --enc A256GCM"),
                "x",
            )
            .text();
        assert_eq!(
            desk.run_with(&format!("jwe decrypt --key key.jwk --alg {alg}"), &token)
                .text(),
            "x"
        );
    }
    let legacy = "jwe encrypt --key public.jwk --alg RSA1_5 --enc A128CBC-HS256";
    desk.run_with(legacy, "x").fails(2, "cli.usage");
    let token = desk
        .run_with(&format!("{legacy} --allow-legacy RSA1_5"), "x")
        .text();
    desk.run_with("jwe decrypt --key key.jwk --alg RSA1_5", &token)
        .fails(2, "cli.usage");
    desk.run_with("jwe decrypt --key key.jwk --alg RSA-OAEP", &token)
        .fails(1, "jwe.algorithm-not-allowed");
    let allowed = desk.run_with(
        "jwe decrypt --key key.jwk --alg RSA1_5 --allow-legacy RSA1_5",
        &token,
    );
    assert_eq!(allowed.text(), "x");
    // without --alg an RSA key does not say what it is for
    desk.run_with("jwe encrypt --key public.jwk --enc A256GCM", "x")
        .fails(2, "cli.usage");
    desk.run_with("jwe decrypt --key public.jwk --alg RSA-OAEP", &token)
        .fails(3, "jwk.usage-mismatch");
}

#[test]
fn passwords() {
    let desk = Desk::new();
    desk.write("pass", "correct horse\n");
    desk.write("other", "wrong");
    for alg in [
        "PBES2-HS256+A128KW",
        "PBES2-HS384+A192KW",
        "PBES2-HS512+A256KW",
    ] {
        let encrypt =
            format!("jwe encrypt --password-file pass --alg {alg} --enc A256GCM --p2c 1000");
        let token = desk.run_with(&encrypt, "letter").text();
        assert_eq!(
            desk.run_with("jwe decrypt --password-file pass", &token)
                .text(),
            "letter"
        );
        desk.run_with("jwe decrypt --password-file other", &token)
            .fails(1, "jwe.decryption-failed");
    }
    for p2c in ["999", "600001", "0", "-1", "1e3"] {
        let alg = "PBES2-HS256+A128KW";
        let encrypt =
            format!("jwe encrypt --password-file pass --alg {alg} --enc A256GCM --p2c={p2c}");
        desk.run_with(&encrypt, "letter").fails(2, "cli.usage");
    }
    desk.run_with("jwe encrypt --password-file pass --enc A256GCM", "x")
        .fails(2, "cli.usage");
}

#[test]
fn the_three_forms() {
    let desk = Desk::new();
    desk.run("jwk generate --alg ECDH-ES+A128KW --kid one --out one.jwk")
        .ok();
    desk.run("jwk generate --alg A256KW --kid two --out two.jwk")
        .ok();
    desk.write("aad", "also");
    for format in ["flattened", "general"] {
        let encrypt = format!(
            "jwe encrypt --key one.jwk --enc A256GCM --format {format} --aad aad --zip DEF"
        );
        let token = desk.run_with(&encrypt, "letter").text();
        assert_eq!(
            desk.run_with("jwe decrypt --key one.jwk", &token).text(),
            "letter"
        );
        let tampered = token.replace("YWxzbw", "YWxzbx");
        desk.run_with("jwe decrypt --key one.jwk", &tampered)
            .fails(1, "jwe.malformed");
        let tampered = token.replace("YWxzbw", "YWxsbw");
        desk.run_with("jwe decrypt --key one.jwk", &tampered)
            .fails(1, "jwe.decryption-failed");
    }
    let token = desk
        .run_with(
            "jwe encrypt --key one.jwk --key two.jwk --enc A128CBC-HS256",
            "letter",
        )
        .text();
    let value: Value = serde_json::from_str(&token).unwrap();
    assert_eq!(value["recipients"].as_array().unwrap().len(), 2);
    for key in ["one.jwk", "two.jwk"] {
        assert_eq!(
            desk.run_with(&format!("jwe decrypt --key {key}"), &token)
                .text(),
            "letter"
        );
    }
    let compact = "jwe encrypt --key one.jwk --key two.jwk --enc A256GCM --format compact";
    desk.run_with(compact, "x").fails(2, "cli.usage");
    desk.run_with(
        "jwe encrypt --key one.jwk --enc A256GCM --format compact --aad aad",
        "x",
    )
    .fails(2, "cli.usage");
}

#[test]
fn what_cannot_be() {
    let desk = Desk::new();
    desk.run("jwk generate --alg ECDH-ES --out key.jwk").ok();
    desk.run("jwk generate --alg ES256 --out signing.jwk").ok();
    let run = |arguments: &str| desk.run_with(arguments, "x");
    run("jwe encrypt --key key.jwk").fails(2, "cli.usage");
    run("jwe encrypt --key key.jwk --enc A256KW").fails(2, "cli.usage");
    run("jwe encrypt --key key.jwk --alg none --enc A256GCM").fails(2, "cli.usage");
    run("jwe encrypt --key key.jwk --alg A256KW --enc A256GCM").fails(3, "jwk.usage-mismatch");
    run("jwe encrypt --key signing.jwk --alg ECDH-ES --enc A256GCM").fails(3, "jwk.usage-mismatch");
    run("jwe encrypt --enc A256GCM").fails(2, "cli.usage");
    run("jwe encrypt --key key.jwk --enc A256GCM --zip GZIP").fails(2, "cli.usage");
    let made = desk.run_args(
        &[
            "jwe",
            "encrypt",
            "--key",
            "key.jwk",
            "--enc",
            "A256GCM",
            "--header",
            "{\"epk\":{}}",
        ],
        "x",
    );
    made.fails(2, "jwe.header-invalid");
}
