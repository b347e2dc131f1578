//! A KEYREF that is a URL.

use super::issuer::Issuer;
use crate::desk::Desk;

fn published() -> (Desk, Issuer) {
    let desk = Desk::with_keys();
    let public = desk.run("jwk public key.jwk").line();
    let issuer = Issuer::serving(format!("{{\"keys\":[{public}]}}"));
    desk.write("ca.pem", &issuer.certificate);
    desk.write("token", desk.token(r#"{"iss":"me"}"#));
    (desk, issuer)
}

#[test]
fn a_token_verifies_with_what_its_issuer_publishes() {
    let (desk, issuer) = published();
    let url = issuer.url();
    for keys in [
        format!("--jwks {url}"),
        format!("--key {url}"),
        format!("--key {url}#a"),
    ] {
        desk.run(&format!(
            "jwt verify {keys} --ca ca.pem --issuer me --any-audience token"
        ))
        .ok();
        desk.run(&format!("jws verify {keys} --ca ca.pem token"))
            .ok();
    }
    assert_eq!(issuer.asked(), 6);
    desk.run(&format!("jws verify --key {url}#b --ca ca.pem token"))
        .fails(3, "jwk.not-found");
}

#[test]
fn a_secret_that_is_published_verifies_nothing() {
    let (desk, issuer) = published();
    issuer.publish(r#"{"keys":[{"kty":"oct","kid":"s","alg":"HS256","k":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"}]}"#);
    desk.write("secret.jwk", r#"{"kty":"oct","kid":"s","alg":"HS256","k":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"}"#);
    let token = desk.run_with("jws sign --key secret.jwk", "x").line();
    desk.write("forged", token);
    let ran = desk.run(&format!(
        "jws verify --jwks {} --ca ca.pem forged",
        issuer.url()
    ));
    assert_eq!(
        (ran.exit, ran.stdout.as_slice()),
        (3, &b""[..]),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_url_is_for_verifying_alone() {
    let (desk, issuer) = published();
    let url = issuer.url();
    for verb in [
        "jws sign --key",
        "jwk inspect",
        "jwk public",
        "jwe encrypt --alg ECDH-ES --enc A256GCM --key",
    ] {
        desk.run(&format!("{verb} {url}")).fails(2, "cli.usage");
    }
    assert_eq!(issuer.asked(), 0);
}
