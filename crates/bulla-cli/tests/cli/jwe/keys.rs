use crate::desk::Desk;

#[test]
fn a_key_and_a_set_with_a_password_or_a_key() {
    let desk = Desk::with_keys();
    desk.write("pass", "correct horse");
    desk.run("jwk generate --alg RSA-OAEP-256 --size 2048 --out backup.jwk --public-out backup-public.jwk").ok();
    let key = desk.run("jwk convert key.jwk --to jwk").text();
    for how in [
        "--password-file pass",
        "--key backup-public.jwk",
        "--key backup-public.jwk --enc A128CBC-HS256",
    ] {
        let token = desk.run(&format!("jwk encrypt key.jwk {how}")).text();
        let header = String::from_utf8(desk.run_with("jwe inspect", &token).stdout).unwrap();
        assert!(header.contains("\"jwk+json\""), "{header}");
        let how = how
            .replace("backup-public", "backup")
            .replace(" --enc A128CBC-HS256", "");
        assert_eq!(
            desk.run_with(&format!("jwk decrypt {how}"), &token).text(),
            key
        );
    }
    desk.write(
        "keys.jwks",
        desk.run("jwk convert key.jwk --to jwks").text(),
    );
    let token = desk
        .run("jwk encrypt keys.jwks --password-file pass")
        .text();
    assert_eq!(
        desk.run_with("jwk decrypt --password-file pass", &token)
            .text()
            .as_bytes(),
        desk.read("keys.jwks")
    );
    desk.write("wrong", "wrong");
    desk.run_with("jwk decrypt --password-file wrong", &token)
        .fails(1, "jwe.decryption-failed");
}

#[test]
fn nothing_else_is_passed_off_as_a_key() {
    let desk = Desk::new();
    desk.run("jwk generate --alg A256KW --out key.jwk").ok();
    let token = desk
        .run_with(
            "jwe encrypt --key key.jwk --enc A256GCM --cty text/plain",
            "{}",
        )
        .text();
    desk.run_with("jwk decrypt --key key.jwk", &token)
        .fails(1, "jwe.malformed");
    let token = desk
        .run_with(
            "jwe encrypt --key key.jwk --enc A256GCM --cty jwk+json",
            "{}",
        )
        .text();
    desk.run_with("jwk decrypt --key key.jwk", &token)
        .fails(3, "jwk.malformed");
}
