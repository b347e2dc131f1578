//! What `bulla` is asked of encryption.

use serde_json::{Value, json};

use super::{Bulla, as_token, text, token_bytes};
use crate::Failure;
use crate::interop::party::{base64url, from_base64url};

impl Bulla {
    pub(super) fn make_key(&self, members: &Value) -> Result<Value, Failure> {
        let mut arguments = vec!["jwk", "generate", "--kty", text(members, "kty")?];
        let size = members["size"].to_string();
        match members["crv"].as_str() {
            Some(curve) => arguments.extend(["--crv", curve]),
            None => arguments.extend(["--size", &size]),
        }
        Ok(serde_json::from_str(&self.text(&arguments, b"")?)?)
    }

    pub(super) fn encrypt(&self, members: &Value) -> Result<Value, Failure> {
        let alg = text(members, "alg")?;
        let mut arguments: Vec<String> = ["jwe", "encrypt", "--format", text(members, "form")?]
            .into_iter()
            .chain(["--alg", alg, "--enc", text(members, "enc")?])
            .map(ToOwned::to_owned)
            .collect();
        arguments.extend(self.key_for(alg, &members["key"])?);
        for name in ["zip", "apu", "apv", "cty"] {
            if let Some(value) = members[name].as_str() {
                arguments.extend([format!("--{name}"), value.to_owned()]);
            }
        }
        if let Some(iterations) = members["p2c"].as_u64() {
            arguments.extend(["--p2c".to_owned(), iterations.to_string()]);
        }
        if let Some(aad) = members["aad"].as_str() {
            let aad = self.write("aad", from_base64url(aad)?)?;
            arguments.extend(["--aad".to_owned(), aad]);
        }
        let plaintext = from_base64url(text(members, "plaintext")?)?;
        as_token(self.text(&borrowed(&arguments), &plaintext)?)
    }

    pub(super) fn encrypt_many(&self, members: &Value) -> Result<Value, Failure> {
        let keys = self.keys(&members["recipients"])?;
        let mut arguments = vec!["jwe", "encrypt", "--format", "general"];
        arguments.extend(["--enc", text(members, "enc")?]);
        for key in &keys {
            arguments.extend(["--key", key]);
        }
        let aad;
        if let Some(text) = members["aad"].as_str() {
            aad = self.write("aad", from_base64url(text)?)?;
            arguments.extend(["--aad", &aad]);
        }
        let plaintext = from_base64url(text(members, "plaintext")?)?;
        as_token(self.text(&arguments, &plaintext)?)
    }

    pub(super) fn decrypt(&self, members: &Value) -> Result<Value, Failure> {
        let alg = text(members, "alg")?;
        let mut arguments: Vec<String> = ["jwe", "decrypt", "--alg", alg, "--enc"]
            .into_iter()
            .chain([text(members, "enc")?])
            .map(ToOwned::to_owned)
            .collect();
        arguments.extend(self.key_for(alg, &members["key"])?);
        let plaintext = self.run(&borrowed(&arguments), &token_bytes(members))?;
        Ok(json!(base64url(&plaintext)))
    }

    /// `bulla jwk encrypt`.
    pub(in crate::interop) fn encrypt_key(
        &self,
        alg: &str,
        enc: &str,
        key: &Value,
        content: &Value,
    ) -> Result<Value, Failure> {
        let content = self.write("content.jwk", content.to_string())?;
        let mut arguments: Vec<String> = ["jwk", "encrypt", &content, "--alg", alg, "--enc", enc]
            .map(ToOwned::to_owned)
            .to_vec();
        arguments.extend(self.key_for(alg, key)?);
        as_token(self.text(&borrowed(&arguments), b"")?)
    }

    /// `bulla jwk decrypt`, which goes by the token's `alg`.
    pub(in crate::interop) fn decrypt_key(
        &self,
        alg: &str,
        key: &Value,
        token: &Value,
    ) -> Result<Value, Failure> {
        let mut arguments = vec!["jwk".to_owned(), "decrypt".to_owned()];
        arguments.extend(self.key_for(alg, key)?);
        let token = token_bytes(&json!({ "token": token }));
        Ok(serde_json::from_str(
            &self.text(&borrowed(&arguments), &token)?,
        )?)
    }

    /// `bulla jwt issue --encrypt-to`.
    pub(in crate::interop) fn issue_nested(&self, members: &Value) -> Result<Value, Failure> {
        let key = self.key(members)?;
        let claims = self.write("claims.json", members["claims"].to_string())?;
        let to = self.write("outer.jwk", members["encrypt_key"].to_string())?;
        let mut arguments = vec!["jwt", "issue", "--key", &key, "--alg", "ES256"];
        arguments.extend(["--claims", &claims, "--encrypt-to", &to]);
        arguments.extend(["--encrypt-alg", text(members, "encrypt_alg")?]);
        arguments.extend(["--enc", text(members, "enc")?]);
        as_token(self.text(&arguments, b"")?)
    }

    /// `bulla jwt verify --decrypt-key`.
    pub(in crate::interop) fn validate_nested(&self, members: &Value) -> Result<Value, Failure> {
        let key = self.key(members)?;
        let outer = self.write("outer.jwk", members["decrypt_key"].to_string())?;
        let mut arguments = vec!["jwt", "verify", "--key", &key, "--alg"];
        arguments.extend([text(members, "alg")?, "--issuer", text(members, "issuer")?]);
        arguments.extend(["--audience", text(members, "audience")?]);
        arguments.extend(["--decrypt-key", &outer, "--decrypt-alg"]);
        arguments.push(text(members, "decrypt_alg")?);
        Ok(serde_json::from_slice(
            &self.run(&arguments, &token_bytes(members))?,
        )?)
    }

    /// The arguments that name a key: a password is a file of its own.
    fn key_for(&self, alg: &str, key: &Value) -> Result<Vec<String>, Failure> {
        if alg.starts_with("PBES2") {
            let password = self.write("password", from_base64url(text(key, "k")?)?)?;
            return Ok(vec!["--password-file".to_owned(), password]);
        }
        let key = self.write("key.jwk", key.to_string())?;
        let mut arguments = vec!["--key".to_owned(), key];
        if alg == "RSA1_5" {
            arguments.extend(["--allow-legacy".to_owned(), alg.to_owned()]);
        }
        Ok(arguments)
    }
}

fn borrowed(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}
