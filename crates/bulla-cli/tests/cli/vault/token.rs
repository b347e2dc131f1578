//! Keys on a real token, SoftHSM's, with the tools that its users have: `cargo xtask test kms-pkcs11` installs them.

use std::process::Command;

use crate::desk::Desk;

const PIN: &str = "13579-pin";

/// A desk with a token of its own, its PIN in a file.
struct Bench {
    desk: Desk,
    module: String,
}

impl Bench {
    fn new() -> Self {
        let mut desk = Desk::new();
        let module = std::env::var("TEST_SOFTHSM_MODULE")
            .unwrap_or_else(|_| panic!("`cargo xtask test kms-pkcs11` sets TEST_SOFTHSM_MODULE"));
        let tokens = desk.path("tokens");
        std::fs::create_dir(&tokens).unwrap();
        desk.write(
            "softhsm.conf",
            format!(
                "directories.tokendir = {}\nobjectstore.backend = file\n",
                tokens.display()
            ),
        );
        desk.write("pin", format!("{PIN}\n"));
        let conf = desk.path("softhsm.conf").display().to_string();
        desk.set("SOFTHSM2_CONF", &conf);
        let bench = Self { desk, module };
        bench.tool(
            "softhsm2-util",
            &format!("--init-token --free --label t --so-pin 2468 --pin {PIN}"),
        );
        bench
    }

    fn tool(&self, program: &str, arguments: &str) {
        let output = Command::new(program)
            .args(arguments.split_whitespace())
            .env("SOFTHSM2_CONF", self.desk.path("softhsm.conf"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{program} {arguments}: {output:?}");
    }

    fn pair(&self, kind: &str, label: &str, id: &str) {
        self.tool(
            "pkcs11-tool",
            &format!(
                "--module {} --token-label t --login --pin {PIN} --keypairgen --key-type {kind} --label {label} --id {id} --usage-sign --usage-decrypt --usage-derive",
                self.module
            ),
        );
    }

    fn keyref(&self, label: &str) -> String {
        format!(
            "pkcs11:token=t;object={label};type=private?module-path={}&pin-source=file:{}",
            self.module,
            self.desk.path("pin").display()
        )
    }
}

#[test]
#[ignore = "needs SoftHSM; run by cargo xtask test kms-pkcs11"]
fn signs_and_is_verified_by_its_public_half() {
    let bench = Bench::new();
    bench.pair("EC:prime256v1", "sig", "01");
    let (desk, key) = (&bench.desk, bench.keyref("sig"));
    let public = desk.run(&format!("jwk public {key}")).text();
    desk.write("public.jwk", &public);
    assert!(!public.contains("\"d\""), "{public}");
    let thumbprint = desk.run(&format!("jwk thumbprint {key}")).line();

    let token = desk.run_with(&format!("jws sign --key {key}"), "hello");
    let token = token.line();
    let shown = desk.run(&format!("jws inspect --json {token}"));
    assert!(String::from_utf8_lossy(&shown.stdout).contains(&thumbprint));
    for verifier in ["public.jwk", &key] {
        let ran = desk.run(&format!("jws verify --key {verifier} {token}"));
        assert_eq!(ran.text(), "hello");
    }
    desk.run(&format!("jwk convert {key} --to spki"))
        .text()
        .strip_prefix("-----BEGIN PUBLIC KEY-----")
        .unwrap();
    desk.run(&format!("jwk convert {key} --to pkcs8"))
        .fails(3, "jwk.usage-mismatch");
    desk.run(&format!("jwk inspect {key}")).ok();

    let jwt = desk.run(&format!(
        "jwt issue --key {key} --iss https://issuer.example --aud api --exp +5m"
    ));
    let jwt = jwt.line();
    let claims = desk.run(&format!(
        "jwt verify --key public.jwk --issuer https://issuer.example --audience api {jwt}"
    ));
    assert!(claims.text().contains("\"api\""));

    // Signed while the verb is itself waiting.
    let assertion = desk.run(&format!(
        "token assertion --key {key} --client-id app --audience https://issuer.example"
    ));
    let assertion = assertion.line();
    desk.run(&format!(
        "jwt verify --key public.jwk --issuer app --audience https://issuer.example {assertion}"
    ))
    .ok();

    // A payload of any size is hashed here, whatever the key.
    desk.write("large", vec![7; 3 << 20]);
    let detached = desk.run(&format!("jws sign --key {key} --detached large"));
    desk.write("large.jws", detached.ok());
    desk.run("jws verify --key public.jwk --payload large large.jws")
        .ok();
    // One signature by the token and one by a file.
    desk.run("jwk generate --alg ES384 --kid b --out local.jwk")
        .ok();
    let general = desk.run_with(&format!("jws sign --key {key} --key local.jwk"), "both");
    desk.write("general.json", general.ok());
    desk.run("jws verify --key public.jwk general.json").ok();
    desk.run("jws verify --key local.jwk general.json").ok();
}

#[test]
#[ignore = "needs SoftHSM; run by cargo xtask test kms-pkcs11"]
fn decrypts() {
    let bench = Bench::new();
    bench.pair("rsa:2048", "enc", "02");
    bench.pair("EC:prime256v1", "agree", "03");
    let (desk, rsa, ec) = (&bench.desk, bench.keyref("enc"), bench.keyref("agree"));
    for (key, alg) in [
        (&rsa, "RSA-OAEP"),
        (&ec, "ECDH-ES"),
        (&ec, "ECDH-ES+A256KW"),
    ] {
        let token = desk.run_with(
            &format!("jwe encrypt --key {key} --alg {alg} --enc A256GCM"),
            "secret",
        );
        let token = token.line();
        let opened = desk.run(&format!("jwe decrypt --key {key} --alg {alg} {token}"));
        assert_eq!(opened.text(), "secret", "{alg}");
        let (rest, tag) = token.rsplit_once('.').unwrap();
        let other = if tag.starts_with('A') { "B" } else { "A" };
        let broken = format!("{rest}.{other}{}", &tag[1..]);
        desk.run(&format!("jwe decrypt --key {key} --alg {alg} {broken}"))
            .fails(1, "jwe.decryption-failed");
    }
    // SoftHSM takes SHA-1 alone, so the algorithm need not be named; of several it must.
    let token = desk.run_with(
        &format!("jwe encrypt --key {rsa} --alg RSA-OAEP --enc A128GCM"),
        "x",
    );
    let token = token.line();
    desk.run(&format!("jwe decrypt --key {rsa} {token}")).ok();
    let told = desk.run(&format!("jwe decrypt --key {ec} {token}"));
    let told = told.fails(2, "cli.usage");
    assert!(told.contains("ECDH-ES, ECDH-ES+A128KW"), "{told}");
    desk.run(&format!(
        "jwe decrypt --key {rsa} --alg RSA-OAEP-512 {token}"
    ))
    .fails(3, "remote.unsupported");

    // A token within a token: signed by one key of the token, encrypted for the other.
    let nested = desk.run(&format!(
        "jwt issue --key {ec} --alg ES256 --sub ada --exp +5m --encrypt-to {rsa} --encrypt-alg RSA-OAEP --enc A256GCM"
    ));
    let nested = nested.line();
    let claims = desk.run(&format!(
        "jwt verify --key {ec} --any-issuer --any-audience --decrypt-key {rsa} {nested}"
    ));
    assert!(claims.text().contains("\"ada\""));

    // A key file that the token alone opens.
    desk.run("jwk generate --alg ES256 --out key.jwk").ok();
    let kept = desk.run(&format!("jwk encrypt key.jwk --key {rsa} --alg RSA-OAEP"));
    desk.write("key.jwe", kept.ok());
    let opened = desk.run(&format!("jwk decrypt --key {rsa} key.jwe")).text();
    assert!(opened.contains("\"d\""));
}

#[test]
#[ignore = "needs SoftHSM; run by cargo xtask test kms-pkcs11"]
fn algorithms_and_refusals() {
    let bench = Bench::new();
    bench.pair("rsa:2048", "rsa", "04");
    bench.pair("EC:secp384r1", "twice", "05");
    bench.pair("EC:secp384r1", "twice", "06");
    let (desk, rsa) = (&bench.desk, bench.keyref("rsa"));
    let told = desk.run_with(&format!("jws sign --key {rsa}"), "x");
    let told = told.fails(2, "cli.usage");
    assert!(told.contains("PS256") && told.contains("RS512"), "{told}");
    let told = desk.run_with(&format!("jws sign --key {rsa} --alg ES256"), "x");
    let told = told.fails(3, "remote.unsupported");
    assert!(told.contains("PS256"), "{told}");
    desk.run_with(&format!("jws sign --key {rsa} --alg HS256"), "x")
        .fails(3, "remote.unsupported");
    desk.run_with(&format!("jws sign --key {rsa} --alg none"), "x")
        .fails(2, "cli.usage");
    desk.run_with(&format!("jws sign --key {rsa} --alg PS384"), "x")
        .ok();

    let twice = desk.run_with(&format!("jws sign --key {}", bench.keyref("twice")), "x");
    let told = twice.fails(2, "remote.ambiguous");
    assert!(told.contains("id=%05") && told.contains("id=%06"), "{told}");
    desk.run_with(&format!("jws sign --key {}", bench.keyref("none")), "x")
        .fails(4, "remote.not-found");
    let elsewhere = rsa.replace("token=t", "token=u");
    desk.run_with(&format!("jws sign --key {elsewhere} --alg RS256"), "x")
        .fails(4, "remote.not-found");

    // A wrong PIN says so, once; the right one is not in the arguments and not in what is told.
    desk.write("pin", "wrong-pin");
    let told = desk.run_with(&format!("jws sign --key {rsa} --alg RS256"), "x");
    let told = told.fails(4, "remote.denied");
    assert!(!told.contains("wrong-pin"), "{told}");
    let without = rsa.replace("&pin-source", "&");
    let without = without.split('&').next().unwrap();
    desk.run_with(&format!("jws sign --key {without} --alg RS256"), "x")
        .fails(4, "remote.denied");
}

#[test]
#[ignore = "needs SoftHSM; run by cargo xtask test kms-pkcs11"]
fn the_pin_may_be_in_the_environment() {
    let mut bench = Bench::new();
    bench.pair("EC:prime256v1", "sig", "01");
    let key = format!("pkcs11:token=t;object=sig?module-path={}", bench.module);
    bench.desk.set("BULLA_PKCS11_PIN", PIN);
    let signed = bench.desk.run_with(&format!("jws sign --key {key}"), "x");
    assert_eq!(signed.line().split('.').count(), 3);
}

#[test]
#[ignore = "needs SoftHSM; run by cargo xtask test kms-pkcs11"]
fn the_server_opens_its_signing_key_there() {
    let mut bench = Bench::new();
    bench.pair("EC:prime256v1", "tokens", "01");
    // Found there, where other variables of this prefix would be settings of the server.
    bench.desk.set("BULLA_PKCS11_PIN", PIN);
    let check = |label: &str| {
        bench.desk.write(
            "bulla.toml",
            format!(
                "issuer = \"http://127.0.0.1:9000\"\nlisten = \"127.0.0.1:9000\"\nstore = \"sqlite:bulla.db\"\nsigning_key = \"{}\"\n",
                bench.keyref(label).split("&pin-source").next().unwrap()
            ),
        );
        bench.desk.run("serve --config bulla.toml --check")
    };
    let good = check("tokens");
    assert_eq!(good.exit, 0, "{}", good.stderr);
    let wrong = check("others");
    assert_ne!(wrong.exit, 0);
    assert!(
        wrong.stderr.contains("no private or secret key"),
        "{}",
        wrong.stderr
    );
}
