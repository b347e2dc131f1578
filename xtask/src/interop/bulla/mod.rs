//! The command `bulla`, asked the same questions as a peer.

mod encryption;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::algorithm::Algorithm;
use super::party::{Party, base64url, from_base64url};
use crate::log::Log;
use crate::workspace::Workspace;
use crate::{Failure, process};

/// The unprotected header of the form that has one; the drivers write the same.
const UNPROTECTED: &str = r#"{"kid":"2026-01","https://example.com/note":[1,null]}"#;

/// The built binary and a directory of its own for the files it is given.
#[derive(Debug)]
pub(crate) struct Bulla {
    binary: PathBuf,
    scratch: PathBuf,
}

impl Bulla {
    /// Builds the binary as `cargo test` does, so that nothing is compiled twice.
    pub(crate) fn build(
        workspace: &Workspace,
        suite: &str,
        log: &mut Log,
    ) -> Result<Self, Failure> {
        let mut build = workspace.cargo(&["build", "--workspace", "--all-targets", "--locked"]);
        if !process::run(&mut build, Duration::from_secs(3600), log)?.success {
            return Err("`bulla` does not build".into());
        }
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace.path("target"), PathBuf::from);
        let binary = target.join("debug/bulla");
        let scratch = workspace.scratch("interop/files")?.join(suite);
        // Files of an earlier run must not stand in for ones this run fails to write.
        if scratch.exists() {
            std::fs::remove_dir_all(&scratch)?;
        }
        std::fs::create_dir_all(&scratch)?;
        Ok(Self { binary, scratch })
    }

    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    /// A file of this suite's own directory.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    /// Writes such a file and gives its path as an argument.
    pub(crate) fn write(&self, name: &str, octets: impl AsRef<[u8]>) -> Result<String, Failure> {
        let path = self.file(name);
        std::fs::write(&path, octets)?;
        Ok(path.to_string_lossy().into_owned())
    }

    /// Runs one command and gives standard output.
    ///
    /// # Errors
    ///
    /// Any exit code but 0, with the code and standard error.
    pub(crate) fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut child = Command::new(&self.binary)
            .args(arguments)
            .current_dir(&self.scratch)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| format!("{}: {e}", self.binary.display()))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A command that refuses its arguments never reads; its exit code says so.
            let _ = stdin.write_all(input);
        }
        let output = child.wait_with_output()?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let code = output
            .status
            .code()
            .map_or_else(|| "none".to_owned(), |code| code.to_string());
        let quiet = if output.stdout.is_empty() {
            ""
        } else {
            " (and wrote to standard output)"
        };
        Err(format!(
            "bulla {} {}: exit {code}{quiet}: {}",
            arguments.first().unwrap_or(&""),
            arguments.get(1).unwrap_or(&""),
            said.lines().collect::<Vec<_>>().join(" | "),
        )
        .into())
    }

    /// Runs one command that prints text.
    pub(crate) fn text(&self, arguments: &[&str], input: &[u8]) -> Result<String, Failure> {
        Ok(String::from_utf8(self.run(arguments, input)?)?
            .trim_end()
            .to_owned())
    }

    fn key(&self, members: &Value) -> Result<String, Failure> {
        self.write("key.jwk", members["key"].to_string())
    }

    fn sign(&self, members: &Value) -> Result<Value, Failure> {
        let key = self.key(members)?;
        let mut arguments = vec!["jws", "sign", "--key", &key, "--alg", text(members, "alg")?];
        arguments.extend_from_slice(match text(members, "form")? {
            "flattened" => &["--format", "flattened"],
            "flattened-unprotected" => &["--format", "flattened", "--unprotected", UNPROTECTED],
            "general" => &["--format", "general"],
            "detached" => &["--detached"],
            "unencoded" => &["--unencoded", "--detached"],
            "unencoded-flattened" => &["--unencoded", "--format", "flattened"],
            _ => &[],
        });
        let token = self.text(&arguments, &from_base64url(text(members, "payload")?)?)?;
        as_token(token)
    }

    fn sign_many(&self, members: &Value) -> Result<Value, Failure> {
        let keys = self.keys(&members["signers"])?;
        let mut arguments = vec!["jws", "sign", "--format", "general"];
        for key in &keys {
            arguments.extend(["--key", key]);
        }
        as_token(self.text(&arguments, &from_base64url(text(members, "payload")?)?)?)
    }

    fn verify(&self, members: &Value) -> Result<Value, Failure> {
        let key = self.key(members)?;
        let mut arguments = vec![
            "jws",
            "verify",
            "--key",
            &key,
            "--alg",
            text(members, "alg")?,
        ];
        let payload;
        if let Some(detached) = members["payload"].as_str() {
            payload = self.write("payload", from_base64url(detached)?)?;
            arguments.extend(["--payload", &payload]);
        }
        Ok(json!(base64url(
            &self.run(&arguments, &token_bytes(members))?
        )))
    }

    /// Every signature must hold, each by one of the keys.
    fn verify_many(&self, members: &Value) -> Result<Value, Failure> {
        let keys = self.keys(&members["keys"])?;
        let mut arguments = vec!["jws", "verify", "--all"];
        for key in &keys {
            arguments.extend(["--key", key]);
        }
        Ok(json!(base64url(
            &self.run(&arguments, &token_bytes(members))?
        )))
    }

    /// Writes each key with its algorithm recorded, since one `--alg` cannot speak for all.
    fn keys(&self, many: &Value) -> Result<Vec<String>, Failure> {
        let mut paths = Vec::new();
        for (number, one) in many.as_array().into_iter().flatten().enumerate() {
            let mut key = one["key"].clone();
            if let Some(members) = key.as_object_mut() {
                members.insert("alg".to_owned(), one["alg"].clone());
            }
            paths.push(self.write(&format!("key-{number}.jwk"), key.to_string())?);
        }
        Ok(paths)
    }

    fn thumbprint(&self, members: &Value) -> Result<Map<String, Value>, Failure> {
        let key = self.key(members)?;
        let arguments = [
            "jwk",
            "thumbprint",
            &key,
            "--hash",
            text(members, "hash")?,
            "--uri",
        ];
        let mut answer = Map::new();
        answer.insert("uri".to_owned(), json!(self.text(&arguments, b"")?));
        let thumbprint = self.text(arguments.get(..5).unwrap_or_default(), b"")?;
        answer.insert("thumbprint".to_owned(), json!(thumbprint));
        Ok(answer)
    }

    fn issue(&self, members: &Value) -> Result<Value, Failure> {
        let key = self.key(members)?;
        let mut arguments: Vec<String> = ["jwt", "issue", "--key", &key, "--alg"]
            .into_iter()
            .chain([text(members, "alg")?])
            .map(ToOwned::to_owned)
            .collect();
        for (name, value) in members["claims"].as_object().into_iter().flatten() {
            let said = value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned);
            match name.as_str() {
                "iss" | "sub" | "aud" | "exp" | "nbf" | "iat" | "jti" => {
                    arguments.extend([format!("--{name}"), said]);
                }
                _ => arguments.extend(["--claim".to_owned(), format!("{name}={value}")]),
            }
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Ok(json!(self.text(&arguments, b"")?))
    }

    fn validate(&self, members: &Value) -> Result<Value, Failure> {
        let key = self.key(members)?;
        let mut arguments = vec!["jwt", "verify", "--key", &key];
        for (flag, name) in [
            ("--alg", "alg"),
            ("--issuer", "issuer"),
            ("--audience", "audience"),
        ] {
            arguments.extend([flag, text(members, name)?]);
        }
        Ok(serde_json::from_slice(
            &self.run(&arguments, &token_bytes(members))?,
        )?)
    }

    fn write_pem(&self, members: &Value) -> Result<Value, Failure> {
        let key = self.key(members)?;
        let to = if members["private"] == json!(true) {
            "pkcs8"
        } else {
            "spki"
        };
        Ok(json!(
            self.text(&["jwk", "convert", &key, "--to", to], b"")?
        ))
    }

    fn read_pem(&self, members: &Value) -> Result<Value, Failure> {
        let pem = self.write("key.pem", text(members, "pem")?)?;
        Ok(serde_json::from_str(
            &self.text(&["jwk", "convert", &pem, "--to", "jwk"], b"")?,
        )?)
    }
}

impl Party for Bulla {
    fn name(&self) -> &'static str {
        "bulla"
    }

    fn ask(&mut self, question: &str, members: Value) -> Result<Map<String, Value>, Failure> {
        let (name, value) = match question {
            "generate" => {
                let row = Algorithm::named(text(&members, "row")?).ok_or("no such row")?;
                let arguments = [&["jwk", "generate"], row.generate].concat();
                ("key", serde_json::from_str(&self.text(&arguments, b"")?)?)
            }
            "public" => {
                let key = self.key(&members)?;
                (
                    "key",
                    serde_json::from_str(&self.text(&["jwk", "public", &key], b"")?)?,
                )
            }
            "sign" => ("token", self.sign(&members)?),
            "sign_many" => ("token", self.sign_many(&members)?),
            "verify" => ("payload", self.verify(&members)?),
            "verify_many" => ("payload", self.verify_many(&members)?),
            "thumbprint" => return self.thumbprint(&members),
            "issue" => ("token", self.issue(&members)?),
            "validate" => ("claims", self.validate(&members)?),
            "to_pem" => ("pem", self.write_pem(&members)?),
            "from_pem" => ("key", self.read_pem(&members)?),
            "make_key" => ("key", self.make_key(&members)?),
            "encrypt" => ("token", self.encrypt(&members)?),
            "encrypt_many" => ("token", self.encrypt_many(&members)?),
            "decrypt" => ("plaintext", self.decrypt(&members)?),
            other => return Err(format!("no question `{other}`").into()),
        };
        Ok(Map::from_iter([(name.to_owned(), value)]))
    }
}

/// A text member of a question.
fn text<'m>(members: &'m Value, name: &str) -> Result<&'m str, Failure> {
    members[name]
        .as_str()
        .ok_or_else(|| format!("the question lacks `{name}`").into())
}

/// What a command printed, as a peer would answer it.
fn as_token(printed: String) -> Result<Value, Failure> {
    if printed.starts_with('{') {
        return Ok(serde_json::from_str(&printed)?);
    }
    Ok(json!(printed))
}

fn token_bytes(members: &Value) -> Vec<u8> {
    let token = &members["token"];
    token
        .as_str()
        .map_or_else(|| token.to_string(), ToOwned::to_owned)
        .into_bytes()
}
