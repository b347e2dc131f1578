//! Keys in Azure Key Vault, or what Microsoft's SDK takes for it: `cargo xtask test kms-azure` installs what that needs.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::desk::Desk;

/// A desk with a vault of its own, and an environment that leads there.
struct Bench {
    desk: Desk,
    vault: String,
    double: Child,
}

impl Bench {
    fn new() -> Self {
        let python = std::env::var_os("BULLA_INTEROP_PYTHON")
            .unwrap_or_else(|| panic!("`cargo xtask test kms-azure` sets BULLA_INTEROP_PYTHON"));
        let keys = r#"{"sig": {"kty": "EC", "crv": "P-384"}, "both": {"kty": "RSA"}}"#;
        let mut double = Command::new(python)
            .args(["-B", "-m", "azure_vault", keys])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../interop"))
            // It ends when this end is closed.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(double.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let place: Value = serde_json::from_str(&line).unwrap();
        let mut desk = Desk::new();
        desk.write("authority.pem", place["certificate"].as_str().unwrap());
        let authority = desk.path("authority.pem").display().to_string();
        desk.set("SSL_CERT_FILE", &authority);
        for (name, value) in [
            ("AZURE_AUTHORITY_HOST", &place["authority"]),
            ("AZURE_TENANT_ID", &place["tenant"]),
            ("AZURE_CLIENT_ID", &place["officer"]["id"]),
            ("AZURE_CLIENT_SECRET", &place["officer"]["secret"]),
        ] {
            desk.set(name, value.as_str().unwrap());
        }
        Self {
            desk,
            vault: place["vault"].as_str().unwrap().to_owned(),
            double,
        }
    }

    fn keyref(&self, name: &str) -> String {
        format!("azurekv:{}/keys/{name}", self.vault)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        // The process is ours; that it has already ended is no error.
        let _ = self.double.kill();
        let _ = self.double.wait();
    }
}

#[test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
fn signs_decrypts_and_shows_its_public_half() {
    let bench = Bench::new();
    let (desk, sig, both) = (&bench.desk, bench.keyref("sig"), bench.keyref("both"));
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

    let signed = desk
        .run_with(&format!("jws sign --key {both} --alg PS256"), "hello")
        .line();
    let verified = desk.run(&format!("jws verify --key {both} --alg PS256 {signed}"));
    assert_eq!(verified.text(), "hello");
    let sealed = desk.run_with(
        &format!("jwe encrypt --key {both} --alg RSA-OAEP-256 --enc A256GCM"),
        "secret",
    );
    let sealed = sealed.line();
    let opened = desk.run(&format!(
        "jwe decrypt --key {both} --alg RSA-OAEP-256 {sealed}"
    ));
    assert_eq!(opened.text(), "secret");
    let nested = desk.run(&format!(
        "jwt issue --key {sig} --sub ada --exp +5m --encrypt-to {both} --encrypt-alg RSA-OAEP --enc A128GCM"
    ));
    let nested = nested.line();
    let claims = desk.run(&format!(
        "jwt verify --key public.jwk --any-issuer --any-audience --decrypt-key {both} --decrypt-alg RSA-OAEP {nested}"
    ));
    assert!(claims.text().contains("\"ada\""));
}

#[test]
#[ignore = "needs a vault; run by cargo xtask test kms-azure"]
fn says_what_is_wrong() {
    let mut bench = Bench::new();
    let (sig, both) = (bench.keyref("sig"), bench.keyref("both"));
    let desk = &bench.desk;
    let told = desk
        .run_with(&format!("jws sign --key {both}"), "x")
        .fails(2, "cli.usage");
    assert!(told.contains("PS256") && told.contains("RS512"), "{told}");
    desk.run_with(&format!("jws sign --key {sig} --alg ES256"), "x")
        .fails(3, "remote.unsupported");
    desk.run_with(&format!("jws sign --key {}", bench.keyref("none")), "x")
        .fails(4, "remote.not-found");
    desk.run_with("jws sign --key azurekv:http://127.0.0.1/keys/k", "x")
        .fails(2, "remote.uri-malformed");
    bench.desk.set("AZURE_CLIENT_SECRET", "another");
    let told = bench.desk.run_with(&format!("jws sign --key {sig}"), "x");
    let told = told.fails(4, "remote.denied");
    assert!(
        told.contains("AADSTS7000215") && !told.contains("another"),
        "{told}"
    );
}
