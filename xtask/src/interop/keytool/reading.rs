//! Stores that `keytool` makes now, read by `bulla`.

use serde_json::{Value, json};

use super::tool::keytool;
use crate::Failure;
use crate::interop::bulla::Bulla;
use crate::interop::case::{Cases, refused};
use crate::interop::party::same;

/// A name, what `-genkeypair` is told, and the algorithm that the key signs with.
const PAIRS: &[(&str, &[&str], &str)] = &[
    ("rsa", &["-keyalg", "RSA", "-keysize", "2048"], "PS256"),
    (
        "p256",
        &["-keyalg", "EC", "-groupname", "secp256r1"],
        "ES256",
    ),
    (
        "p384",
        &["-keyalg", "EC", "-groupname", "secp384r1"],
        "ES384",
    ),
    (
        "p521",
        &["-keyalg", "EC", "-groupname", "secp521r1"],
        "ES512",
    ),
    ("ed25519", &["-keyalg", "Ed25519"], "Ed25519"),
];

/// A name, the scheme of the KEYREF, and what makes `keytool` write that kind of store.
const STORES: &[(&str, &str, &[&str])] = &[
    ("pkcs12", "pkcs12", &["-storetype", "PKCS12"]),
    (
        "pkcs12-legacy",
        "pkcs12",
        &["-storetype", "PKCS12", "-J-Dkeystore.pkcs12.legacy"],
    ),
    ("jks", "jks", &["-storetype", "JKS"]),
];

const SECRETS: &[(&str, &str, &str)] = &[
    ("HmacSHA256", "256", "HS256"),
    ("HmacSHA384", "384", "HS384"),
    ("HmacSHA512", "512", "HS512"),
];

pub(super) fn run(bulla: &Bulla, cases: &mut Cases<'_>) -> Result<(), Failure> {
    for (kind, scheme, options) in STORES {
        let store = format!("read.{kind}");
        for (alias, of_key, alg) in PAIRS {
            cases.check(&format!("{kind}::{alias}"), || {
                let make = ["-genkeypair", "-alias", alias, "-dname", "CN=bulla"];
                keytool(bulla, &store, &[&make[..], of_key, options].concat())?;
                pair(bulla, &store, scheme, alias, alg)
            })?;
        }
        cases.check(&format!("{kind}::wrong-password"), || {
            let key = format!("{scheme}:{store}?alias=p256");
            let convert = [
                "jwk",
                "convert",
                &key,
                "--to",
                "jwk",
                "--password-file",
                "wrong",
            ];
            let refusal = refused(bulla.run(&convert, b""), "a wrong password")?;
            match refusal.to_string().contains("jwk.password-wrong") {
                true => Ok(()),
                false => Err(refusal),
            }
        })?;
    }
    for (algorithm, bits, alg) in SECRETS {
        cases.check(&format!("pkcs12::{algorithm}"), || {
            let make = ["-genseckey", "-alias", alg, "-keyalg", algorithm];
            keytool(
                bulla,
                "read.pkcs12",
                &[&make[..], &["-keysize", bits]].concat(),
            )?;
            let key = jwk(bulla, &format!("pkcs12:read.pkcs12?alias={alg}"))?;
            same("alg", member(&key, "alg"), &json!(alg))
        })?;
    }
    cases.check("pkcs12::trusted-certificate", || {
        let export = ["-exportcert", "-alias", "p256", "-file", "trusted.der"];
        keytool(bulla, "read.pkcs12", &export)?;
        let import = [
            "-importcert",
            "-noprompt",
            "-alias",
            "Partner",
            "-file",
            "trusted.der",
        ];
        keytool(bulla, "read.pkcs12", &import)?;
        let partner = jwk(bulla, "pkcs12:read.pkcs12?alias=partner")?;
        let pair = jwk(bulla, "pkcs12:read.pkcs12?alias=p256")?;
        same("d", member(&partner, "d"), &Value::Null)?;
        same("x5c", member(&partner, "x5c"), member(&pair, "x5c"))
    })
}

/// What the key of the store signs, the certificate that Java exports verifies.
fn pair(bulla: &Bulla, store: &str, scheme: &str, alias: &str, alg: &str) -> Result<(), Failure> {
    let export = [
        "-exportcert",
        "-rfc",
        "-alias",
        alias,
        "-file",
        "exported.pem",
    ];
    keytool(bulla, store, &export)?;
    let key = format!("{scheme}:{store}?alias={alias}");
    let sign = [
        "jws",
        "sign",
        "--key",
        &key,
        "--alg",
        alg,
        "--password-file",
        "password",
    ];
    let token = bulla.run(&sign, b"payload")?;
    let verify = ["jws", "verify", "--key", "exported.pem", "--alg", alg];
    same(
        "payload",
        &json!(bulla.run(&verify, &token)?),
        &json!(b"payload"),
    )?;
    let exported = bulla.run(&["jwk", "convert", "exported.pem", "--to", "jwk"], b"")?;
    let exported: Value = serde_json::from_slice(&exported)?;
    same(
        "x5c",
        member(&jwk(bulla, &key)?, "x5c"),
        member(&exported, "x5c"),
    )
}

pub(super) fn jwk(bulla: &Bulla, key: &str) -> Result<Value, Failure> {
    let convert = [
        "jwk",
        "convert",
        key,
        "--to",
        "jwk",
        "--password-file",
        "password",
    ];
    Ok(serde_json::from_slice(&bulla.run(&convert, b"")?)?)
}

/// A member of a JWK, null where it has none.
pub(super) fn member<'v>(key: &'v Value, name: &str) -> &'v Value {
    key.get(name).unwrap_or(&Value::Null)
}
