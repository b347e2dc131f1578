//! `bulla jwe`, and the keys to encrypt to.

use serde_json::{Value, json};

use super::{Bulla, as_token, text, token_bytes};
use crate::Failure;
use crate::interop::party::{base64url, from_base64url};

impl Bulla {
    pub(super) fn make(&self, members: &Value) -> Result<Value, Failure> {
        let size = members["size"].to_string();
        let mut arguments = vec!["jwk", "generate", "--kty", text(members, "kty")?];
        match members["crv"].as_str() {
            Some(crv) => arguments.extend(["--crv", crv]),
            None => arguments.extend(["--size", &size]),
        }
        Ok(serde_json::from_str(&self.text(&arguments, b"")?)?)
    }

    pub(super) fn encrypt(&self, members: &Value) -> Result<Value, Failure> {
        let mut arguments = vec!["jwe".to_owned(), "encrypt".to_owned()];
        arguments.extend(self.encryption_key(members)?);
        arguments.extend(["--enc".to_owned(), text(members, "enc")?.to_owned()]);
        arguments.extend(["--format".to_owned(), text(members, "form")?.to_owned()]);
        if text(members, "form")? != "compact" {
            arguments.extend(["--aad".to_owned(), self.write("aad", "authenticated")?]);
        }
        if members["zip"] == json!(true) {
            arguments.extend(["--zip".to_owned(), "DEF".to_owned()]);
        }
        if text(members, "alg")?.starts_with("PBES2") {
            // Within what every peer accepts.
            arguments.extend(["--p2c".to_owned(), "4096".to_owned()]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        as_token(self.text(&arguments, &from_base64url(text(members, "payload")?)?)?)
    }

    pub(super) fn encrypt_many(&self, members: &Value) -> Result<Value, Failure> {
        let keys = self.keys(&members["recipients"])?;
        let mut arguments = vec!["jwe", "encrypt", "--enc", text(members, "enc")?];
        for key in &keys {
            arguments.extend(["--key", key]);
        }
        as_token(self.text(&arguments, &from_base64url(text(members, "payload")?)?)?)
    }

    pub(super) fn decrypt(&self, members: &Value) -> Result<Value, Failure> {
        let mut arguments = vec!["jwe".to_owned(), "decrypt".to_owned()];
        arguments.extend(self.encryption_key(members)?);
        arguments.extend(["--enc".to_owned(), text(members, "enc")?.to_owned()]);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Ok(json!(base64url(
            &self.run(&arguments, &token_bytes(members))?
        )))
    }

    /// The arguments that name the key and its algorithm.
    fn encryption_key(&self, members: &Value) -> Result<Vec<String>, Failure> {
        let alg = text(members, "alg")?;
        let mut arguments = vec!["--alg".to_owned(), alg.to_owned()];
        if alg.starts_with("PBES2") {
            let password = from_base64url(text(&members["key"], "k")?)?;
            arguments.extend([
                "--password-file".to_owned(),
                self.write("password", password)?,
            ]);
        } else {
            arguments.extend(["--key".to_owned(), self.key(members)?]);
        }
        if alg == "RSA1_5" {
            arguments.extend(["--allow-legacy".to_owned(), alg.to_owned()]);
        }
        Ok(arguments)
    }
}
