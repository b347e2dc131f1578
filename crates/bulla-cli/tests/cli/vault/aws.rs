//! Keys in AWS KMS, or what stands for it on this machine: `cargo xtask test kms-aws` starts it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::desk::Desk;

/// Where moto listens, and credentials of any kind: it believes all.
fn desk() -> (Desk, String) {
    let moto = std::env::var("BULLA_MOTO")
        .unwrap_or_else(|_| panic!("`cargo xtask test kms-aws` sets BULLA_MOTO"));
    let mut desk = Desk::new();
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        desk.set(name, "moto");
    }
    (desk, moto)
}

/// Asks KMS as its own SDK does, but for the signature of the request.
fn kms(moto: &str, operation: &str, request: &Value) -> Value {
    let body = request.to_string();
    let mut stream = TcpStream::connect(moto).unwrap();
    write!(
        stream,
        "POST / HTTP/1.0\r\nhost: {moto}\r\nx-amz-target: TrentService.{operation}\r\n\
         content-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=moto/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or(Value::Null)
}

/// A new key, under an alias of its own.
fn key(moto: &str, alias: &str, spec: &str, usage: &str) -> String {
    let made = kms(
        moto,
        "CreateKey",
        &json!({"KeySpec": spec, "KeyUsage": usage}),
    );
    let id = made["KeyMetadata"]["KeyId"].as_str().unwrap();
    let alias = format!("alias/{alias}");
    kms(
        moto,
        "CreateAlias",
        &json!({"AliasName": alias, "TargetKeyId": id}),
    );
    format!("awskms:{alias}?region=us-east-1&endpoint=http://{moto}")
}

#[test]
#[ignore = "needs moto; run by cargo xtask test kms-aws"]
fn signs_decrypts_and_shows_its_public_half() {
    let (desk, moto) = desk();
    let sig = key(&moto, "cli-sign", "ECC_NIST_P256", "SIGN_VERIFY");
    let enc = key(&moto, "cli-decrypt", "RSA_2048", "ENCRYPT_DECRYPT");
    desk.write("public.jwk", desk.run(&format!("jwk public {sig}")).text());
    // The curve has one algorithm, so it need not be named.
    let jwt = desk.run(&format!(
        "jwt issue --key {sig} --iss https://issuer.example --aud api --exp +5m"
    ));
    let jwt = jwt.line();
    let claims = desk.run(&format!(
        "jwt verify --key public.jwk --issuer https://issuer.example --audience api {jwt}"
    ));
    assert!(claims.text().contains("\"api\""));
    let sealed = desk.run_with(
        &format!("jwe encrypt --key {enc} --alg RSA-OAEP-256 --enc A256GCM"),
        "secret",
    );
    let sealed = sealed.line();
    let opened = desk.run(&format!(
        "jwe decrypt --key {enc} --alg RSA-OAEP-256 {sealed}"
    ));
    assert_eq!(opened.text(), "secret");
}

#[test]
#[ignore = "needs moto; run by cargo xtask test kms-aws"]
fn says_what_is_wrong() {
    let (desk, moto) = desk();
    let sig = key(&moto, "cli-wrong", "ECC_NIST_P384", "SIGN_VERIFY");
    desk.run_with(&format!("jws sign --key {sig} --alg ES256"), "x")
        .fails(3, "remote.unsupported");
    let none = sig.replace("cli-wrong", "cli-none");
    desk.run_with(&format!("jws sign --key {none}"), "x")
        .fails(4, "remote.not-found");
    desk.run_with("jws sign --key awskms:k?endpoint=http://kms.example", "x")
        .fails(2, "remote.uri-malformed");
}
