//! The public key of an X.509 certificate made by `openssl req -x509`.

use serde_json::{Value, json};

use super::keys::make_theirs;
use super::kind::Kind;
use super::tool::openssl;
use crate::Failure;
use crate::interop::bulla::Bulla;
use crate::interop::case::Cases;
use crate::interop::party::same;

pub(super) fn run(kind: &Kind, bulla: &Bulla, cases: &mut Cases<'_>) -> Result<(), Failure> {
    cases.check(&format!("{}::certificate", kind.name), || {
        make_theirs(kind, bulla)?;
        let request = [
            "req",
            "-x509",
            "-key",
            "theirs.pem",
            "-days",
            "2",
            "-subj",
            "/CN=bulla",
        ];
        openssl(
            bulla,
            &[&request[..], &["-out", "certificate.pem"]].concat(),
        )?;
        let der = [
            "x509",
            "-in",
            "certificate.pem",
            "-outform",
            "DER",
            "-out",
            "certificate.der",
        ];
        openssl(bulla, &der)?;
        let expected = thumbprint(bulla, "theirs.pem")?;
        for file in ["certificate.pem", "certificate.der"] {
            same(file, &thumbprint(bulla, file)?, &expected)?;
        }
        let token = bulla.run(
            &["jws", "sign", "--key", "theirs.pem", "--alg", kind.alg],
            b"payload",
        )?;
        let verify = [
            "jws",
            "verify",
            "--key",
            "certificate.pem",
            "--alg",
            kind.alg,
        ];
        same(
            "payload",
            &json!(bulla.run(&verify, &token)?),
            &json!(b"payload"),
        )
    })
}

fn thumbprint(bulla: &Bulla, file: &str) -> Result<Value, Failure> {
    Ok(json!(bulla.text(&["jwk", "thumbprint", file], b"")?))
}
