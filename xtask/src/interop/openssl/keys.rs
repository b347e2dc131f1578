//! Keys written by one side and read by the other, in every format there is for them.

use serde_json::{Value, json};

use super::kind::Kind;
use super::tool::openssl;
use crate::Failure;
use crate::interop::bulla::Bulla;
use crate::interop::case::{Cases, refused};
use crate::interop::party::same;

const PASSWORD: &str = "correct horse battery staple";

pub(super) fn run(kind: &Kind, bulla: &Bulla, cases: &mut Cases<'_>) -> Result<(), Failure> {
    let name = |what: &str| format!("{}::{what}", kind.name);
    bulla.write("password", PASSWORD)?;
    bulla.write("wrong-password", "correct horse battery stable")?;
    cases.check(&name("theirs_to_ours"), || theirs(kind, bulla))?;
    cases.check(&name("theirs_encrypted_to_ours"), || {
        theirs_encrypted(kind, bulla)
    })?;
    cases.check(&name("ours_to_theirs"), || ours(kind, bulla))?;
    cases.check(&name("ours_encrypted_to_theirs"), || {
        ours_encrypted(kind, bulla)
    })?;
    if let Some(format) = kind.traditional {
        cases.check(&name(&format!("{format}::theirs_to_ours")), || {
            theirs_traditional(kind, bulla)
        })?;
        cases.check(&name(&format!("{format}::ours_to_theirs")), || {
            ours_traditional(kind, format, bulla)
        })?;
    }
    Ok(())
}

/// `openssl genpkey` makes PKCS#8; we read it and its public half, as PEM and as DER.
fn theirs(kind: &Kind, bulla: &Bulla) -> Result<(), Failure> {
    make_theirs(kind, bulla)?;
    openssl(
        bulla,
        &[
            "pkey",
            "-in",
            "theirs.pem",
            "-outform",
            "DER",
            "-out",
            "theirs.der",
        ],
    )?;
    openssl(
        bulla,
        &["pkey", "-in", "theirs.pem", "-pubout", "-out", "public.pem"],
    )?;
    openssl(
        bulla,
        &[
            "pkey",
            "-in",
            "theirs.pem",
            "-pubout",
            "-outform",
            "DER",
            "-out",
            "public.der",
        ],
    )?;
    let from_pem = jwk(bulla, "theirs.pem", &[])?;
    same("PKCS#8 DER", &jwk(bulla, "theirs.der", &[])?, &from_pem)?;
    let public = jwk(bulla, "public.pem", &[])?;
    same("SPKI DER", &jwk(bulla, "public.der", &[])?, &public)?;
    same(
        "the public half",
        &public_half(bulla, "theirs.pem")?,
        &public,
    )?;
    // What was read is what openssl holds: it reads back the octets it wrote.
    let spki = bulla.run(
        &["jwk", "convert", "theirs.pem", "--to", "spki", "--der"],
        b"",
    )?;
    same(
        "SPKI written back",
        &json!(spki),
        &json!(std::fs::read(bulla.file("public.der"))?),
    )?;
    signs(kind, bulla, "theirs.pem", "public.pem")
}

/// `openssl pkcs8` encrypts; PBES2 with PBKDF2 and AES-CBC is read whatever the sizes.
fn theirs_encrypted(kind: &Kind, bulla: &Bulla) -> Result<(), Failure> {
    make_theirs(kind, bulla)?;
    let plain = jwk(bulla, "theirs.pem", &[])?;
    for options in [
        &["-v2", "aes-256-cbc"][..],
        &["-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA384"],
        &[
            "-v2",
            "aes-128-cbc",
            "-v2prf",
            "hmacWithSHA512",
            "-iter",
            "10000",
        ],
    ] {
        encrypt_theirs(bulla, options)?;
        let read = jwk(bulla, "encrypted.pem", &["--password-file", "password"])?;
        same(&options.join(" "), &read, &plain)?;
    }
    let wrong = jwk(
        bulla,
        "encrypted.pem",
        &["--password-file", "wrong-password"],
    );
    expect_exit_3(wrong, "a wrong password")?;
    expect_exit_3(jwk(bulla, "encrypted.pem", &[]), "no password")?;
    // What is not read is named, so that a user knows what to do.
    for (options, found) in [
        (&["-v2", "aes-256-cbc", "-scrypt"][..], "scrypt"),
        (&["-v2", "des3"], "1.2.840.113549.3.7"),
    ] {
        encrypt_theirs(bulla, options)?;
        let refusal = jwk(bulla, "encrypted.pem", &["--password-file", "password"]);
        let refusal = expect_exit_3(refusal, found)?;
        if !refusal.contains("error[jwk.unsupported]") || !refusal.contains(found) {
            return Err(refusal.into());
        }
    }
    Ok(())
}

fn encrypt_theirs(bulla: &Bulla, options: &[&str]) -> Result<(), Failure> {
    let arguments = [
        "pkcs8",
        "-topk8",
        "-in",
        "theirs.pem",
        "-out",
        "encrypted.pem",
    ];
    let password = ["-passout", "file:password"];
    openssl(bulla, &[&arguments[..], &password[..], options].concat()).map(drop)
}

/// The key's fault, told as such.
fn expect_exit_3(result: Result<Value, Failure>, what: &str) -> Result<String, Failure> {
    let refusal = refused(result, what)?.to_string();
    if refusal.contains("exit 3: error[jwk.") {
        Ok(refusal)
    } else {
        Err(refusal.into())
    }
}

/// We make a key; openssl reads every format and derives the same public key.
fn ours(kind: &Kind, bulla: &Bulla) -> Result<(), Failure> {
    make_ours(kind, bulla)?;
    let spki = bulla.run(
        &["jwk", "convert", "ours.jwk", "--to", "spki", "--der"],
        b"",
    )?;
    for (file, form) in [("ours.pem", "PEM"), ("ours.der", "DER")] {
        convert(bulla, "pkcs8", form, file, &[])?;
        openssl(
            bulla,
            &["pkey", "-in", file, "-inform", form, "-noout", "-check"],
        )?;
        same(
            form,
            &json!(their_spki(bulla, file, form, &[])?),
            &json!(spki),
        )?;
        convert(bulla, "spki", form, "ours-public", &[])?;
        let read = their_spki(bulla, "ours-public", form, &["-pubin"])?;
        same(form, &json!(read), &json!(spki))?;
    }
    signs(kind, bulla, "ours.pem", "ours-public")
}

fn ours_encrypted(kind: &Kind, bulla: &Bulla) -> Result<(), Failure> {
    make_ours(kind, bulla)?;
    let spki = bulla.run(
        &["jwk", "convert", "ours.jwk", "--to", "spki", "--der"],
        b"",
    )?;
    for form in ["PEM", "DER"] {
        convert(
            bulla,
            "pkcs8",
            form,
            "ours-encrypted",
            &["--password-file", "password"],
        )?;
        let read = their_spki(bulla, "ours-encrypted", form, &["-passin", "file:password"])?;
        same(form, &json!(read), &json!(spki))?;
        let wrong = their_spki(
            bulla,
            "ours-encrypted",
            form,
            &["-passin", "file:wrong-password"],
        );
        refused(wrong, "a wrong password")?;
    }
    Ok(())
}

/// PKCS#1 and SEC1, which `openssl pkey -traditional` still writes.
fn theirs_traditional(kind: &Kind, bulla: &Bulla) -> Result<(), Failure> {
    make_theirs(kind, bulla)?;
    let plain = jwk(bulla, "theirs.pem", &[])?;
    for form in ["PEM", "DER"] {
        let out = ["-traditional", "-outform", form, "-out", "traditional"];
        openssl(bulla, &[&["pkey", "-in", "theirs.pem"], &out[..]].concat())?;
        same(form, &jwk(bulla, "traditional", &[])?, &plain)?;
    }
    Ok(())
}

fn ours_traditional(kind: &Kind, format: &str, bulla: &Bulla) -> Result<(), Failure> {
    make_ours(kind, bulla)?;
    let spki = bulla.run(
        &["jwk", "convert", "ours.jwk", "--to", "spki", "--der"],
        b"",
    )?;
    for form in ["PEM", "DER"] {
        convert(bulla, format, form, "ours-traditional", &[])?;
        same(
            form,
            &json!(their_spki(bulla, "ours-traditional", form, &[])?),
            &json!(spki),
        )?;
    }
    Ok(())
}

/// Makes `theirs.pem`.
pub(super) fn make_theirs(kind: &Kind, bulla: &Bulla) -> Result<(), Failure> {
    openssl(
        bulla,
        &[&["genpkey", "-out", "theirs.pem"], kind.genpkey].concat(),
    )
    .map(drop)
}

/// Makes `ours.jwk`.
fn make_ours(kind: &Kind, bulla: &Bulla) -> Result<(), Failure> {
    let made = bulla.run(&[&["jwk", "generate"], kind.generate].concat(), b"")?;
    bulla.write("ours.jwk", made).map(drop)
}

fn convert(
    bulla: &Bulla,
    to: &str,
    form: &str,
    file: &str,
    options: &[&str],
) -> Result<(), Failure> {
    let mut arguments = vec!["jwk", "convert", "ours.jwk", "--to", to];
    if form == "DER" {
        arguments.push("--der");
    }
    arguments.extend(options);
    bulla.write(file, bulla.run(&arguments, b"")?).map(drop)
}

/// The public key openssl finds in a file.
fn their_spki(bulla: &Bulla, file: &str, form: &str, options: &[&str]) -> Result<Vec<u8>, Failure> {
    let arguments = [
        "pkey", "-in", file, "-inform", form, "-pubout", "-outform", "DER",
    ];
    openssl(bulla, &[&arguments[..], options].concat())
}

fn jwk(bulla: &Bulla, file: &str, options: &[&str]) -> Result<Value, Failure> {
    let arguments = ["jwk", "convert", file, "--to", "jwk"];
    Ok(serde_json::from_slice(
        &bulla.run(&[&arguments[..], options].concat(), b"")?,
    )?)
}

fn public_half(bulla: &Bulla, file: &str) -> Result<Value, Failure> {
    Ok(serde_json::from_slice(
        &bulla.run(&["jwk", "public", file], b"")?,
    )?)
}

/// A token signed by one file verifies by the other.
fn signs(kind: &Kind, bulla: &Bulla, private: &str, public: &str) -> Result<(), Failure> {
    let token = bulla.run(
        &["jws", "sign", "--key", private, "--alg", kind.alg],
        b"payload",
    )?;
    let seen = bulla.run(
        &["jws", "verify", "--key", public, "--alg", kind.alg],
        &token,
    )?;
    same("payload", &json!(seen), &json!(b"payload"))
}
