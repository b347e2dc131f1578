//! PKCS#12 stores that `bulla` writes, read by `keytool` and `openssl`.

use serde_json::json;

use super::reading::{jwk, member};
use super::tool::{PASSWORD, keytool, openssl};
use crate::Failure;
use crate::interop::bulla::Bulla;
use crate::interop::case::Cases;
use crate::interop::party::same;

/// What `openssl req -newkey` is told.
const PAIRS: &[(&str, &[&str])] = &[
    ("rsa", &["rsa:2048"]),
    ("p256", P256),
    ("p521", &["ec", "-pkeyopt", "ec_paramgen_curve:P-521"]),
    ("ed25519", &["ed25519"]),
];

const P256: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

pub(super) fn run(bulla: &Bulla, cases: &mut Cases<'_>) -> Result<(), Failure> {
    for (name, options) in PAIRS {
        cases.check(&format!("written::{name}::openssl"), || {
            make(bulla, options)?;
            with_openssl(bulla)
        })?;
        cases.check(&format!("written::{name}::keytool"), || with_keytool(bulla))?;
    }
    cases.check("written::without-certificate", || {
        make(bulla, P256)?;
        write(bulla, "key.pem")?;
        with_openssl(bulla)?;
        let listed = keytool(bulla, "written.p12", &["-list", "-v"])?;
        contains(&listed, "Entry type: PrivateKeyEntry")?;
        contains(&listed, "Certificate chain length: 0")
    })?;
    cases.check("written::secret", || {
        bulla.run(
            &[
                "jwk", "generate", "--alg", "HS256", "--out", "hs.jwk", "--kid", "mac", "--force",
            ],
            b"",
        )?;
        write(bulla, "hs.jwk")?;
        let listed = keytool(bulla, "written.p12", &["-list"])?;
        contains(&listed, "SecretKeyEntry")?;
        again(bulla, "again.p12", "PKCS12")?;
        let (theirs, ours) = (jwk(bulla, "pkcs12:again.p12")?, jwk(bulla, "hs.jwk")?);
        for name in ["k", "alg", "kid"] {
            same(name, member(&theirs, name), member(&ours, name))?;
        }
        Ok(())
    })
}

/// A key and its certificate in `pair.pem`, and a store of them.
fn make(bulla: &Bulla, options: &[&str]) -> Result<(), Failure> {
    let request = [
        "req",
        "-x509",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=bulla",
        "-newkey",
    ];
    let files = ["-keyout", "key.pem", "-out", "certificate.pem"];
    openssl(bulla, &[&request[..], options, &files].concat())?;
    let mut pair = std::fs::read(bulla.file("key.pem"))?;
    pair.extend(std::fs::read(bulla.file("certificate.pem"))?);
    bulla.write("pair.pem", pair)?;
    write(bulla, "pair.pem")
}

fn write(bulla: &Bulla, key: &str) -> Result<(), Failure> {
    let convert = [
        "jwk",
        "convert",
        key,
        "--to",
        "pkcs12",
        "--password-file",
        "password",
    ];
    let out = ["--out", "written.p12", "--force"];
    bulla.run(&[&convert[..], &out].concat(), b"")?;
    Ok(())
}

/// OpenSSL finds the private key that it made.
fn with_openssl(bulla: &Bulla) -> Result<(), Failure> {
    let password = format!("pass:{PASSWORD}");
    let take = [
        "pkcs12",
        "-in",
        "written.p12",
        "-nodes",
        "-nocerts",
        "-passin",
        &password,
    ];
    openssl(bulla, &[&take[..], &["-out", "taken.pem"]].concat())?;
    let public = |file| openssl(bulla, &["pkey", "-in", file, "-pubout"]);
    same(
        "public key",
        &json!(public("taken.pem")?),
        &json!(public("key.pem")?),
    )
}

/// Java finds key and certificate, and makes a JKS store of them that leads back to the same key.
fn with_keytool(bulla: &Bulla) -> Result<(), Failure> {
    let listed = keytool(bulla, "written.p12", &["-list", "-v"])?;
    contains(&listed, "Entry type: PrivateKeyEntry")?;
    contains(&listed, "Certificate chain length: 1")?;
    again(bulla, "again.jks", "JKS")?;
    let (theirs, ours) = (jwk(bulla, "jks:again.jks")?, jwk(bulla, "pair.pem")?);
    for name in ["kty", "crv", "x", "y", "n", "d", "x5c"] {
        same(name, member(&theirs, name), member(&ours, name))?;
    }
    Ok(())
}

/// A store of Java's own with everything that it found in ours.
fn again(bulla: &Bulla, store: &str, kind: &str) -> Result<(), Failure> {
    let path = bulla.file(store);
    if path.exists() {
        std::fs::remove_file(&path)?;
    }
    let import = [
        "-importkeystore",
        "-srckeystore",
        "written.p12",
        "-srcstorepass",
        PASSWORD,
        "-destkeystore",
        store,
        "-deststoretype",
        kind,
        "-deststorepass",
        PASSWORD,
    ];
    super::tool::keytool_alone(bulla, &import)
}

fn contains(text: &str, part: &str) -> Result<(), Failure> {
    match text.contains(part) {
        true => Ok(()),
        false => Err(format!("no {part:?} in {text:?}").into()),
    }
}
