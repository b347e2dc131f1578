//! What happens: the program itself is run, in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Serialize;

use bulla::base64url;
use bulla::jwa::MacAlg;
use bulla::jwk::SecretJwk;
use bulla::jws::Builder;

use crate::error::Failure;
use crate::exit::Exit;

/// The token that deserves to be accepted, and the commands that it took.
#[derive(Serialize)]
pub(super) struct Honest {
    pub(super) commands: Vec<String>,
    pub(super) token: String,
    pub(super) claims: String,
}

/// A token that does not, and the reason it must be refused for.
pub(super) struct Forgery {
    name: &'static str,
    token: String,
    expected: &'static str,
}

/// A forgery and what became of it.
#[derive(Serialize)]
pub(super) struct Refusal {
    pub(super) name: &'static str,
    token: String,
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// The folder, and the program itself to run in it.
pub(super) struct Stage<'a> {
    folder: &'a Path,
    bulla: PathBuf,
}

impl<'a> Stage<'a> {
    pub(super) fn new(folder: &'a Path) -> Result<Self, Failure> {
        let bulla = std::env::current_exe()
            .map_err(|error| Failure::io("reading", Path::new("bulla"), &error))?;
        write(&folder.join("claims.json"), CLAIMS)?;
        Ok(Self { folder, bulla })
    }

    /// Makes a key, issues a token and verifies it.
    pub(super) fn honest(&self) -> Result<Honest, Failure> {
        self.expect_success(GENERATE)?;
        let token = self.expect_success(ISSUE)?;
        write(&self.folder.join("token.jwt"), &token)?;
        let claims = self.expect_success(VERIFY)?;
        let commands = [GENERATE, ISSUE, VERIFY]
            .map(|command| format!("bulla {command}"))
            .into();
        Ok(Honest {
            commands,
            token: token.trim_end().to_owned(),
            claims,
        })
    }

    /// Makes of the honest token what attackers make of such.
    pub(super) fn forge(&self, honest: &Honest) -> Result<Vec<Forgery>, Failure> {
        let parts: Vec<&str> = honest.token.split('.').collect();
        let [header, _, signature] = parts.as_slice() else {
            return Err(Failure::bug("a token without three parts"));
        };
        let promoted = base64url::encode(honest.claims.replace("\"user\"", "\"admin\"").as_bytes());
        let unsecured = base64url::encode(b"{\"alg\":\"none\"}");
        let public = fs::read(self.folder.join("public.jwk"))
            .map_err(|error| Failure::io("reading", Path::new("public.jwk"), &error))?;
        let hmac = bulla::signer_for(&SecretJwk::new(public), MacAlg::Hs256)?;
        let confused = Builder::new(&honest.claims)
            .sign_compact(&hmac)
            .map_err(|error| Failure::new(error.code(), error.fault(), &error))?;
        let expired = self.expect_success(ISSUE_EXPIRED)?;
        Ok(vec![
            Forgery {
                name: "tampered: the role made \"admin\"",
                token: format!("{header}.{promoted}.{signature}"),
                expected: "jws.signature-invalid",
            },
            Forgery {
                name: "expired: issued to end in 2023",
                token: expired.trim_end().to_owned(),
                expected: "jwt.expired",
            },
            Forgery {
                name: "alg none: the signature cut off",
                token: format!("{unsecured}.{promoted}."),
                expected: "jws.algorithm-not-allowed",
            },
            Forgery {
                name: "HMAC forged with the public key",
                token: confused,
                expected: "jws.algorithm-not-allowed",
            },
        ])
    }

    /// Has a forgery verified by the same command, and insists that it be refused for the right reason.
    pub(super) fn refuse(&self, forgery: Forgery) -> Result<Refusal, Failure> {
        let Forgery {
            name,
            token,
            expected,
        } = forgery;
        write(&self.folder.join("token.jwt"), &token)?;
        let (status, stdout, stderr) = self.run(VERIFY)?;
        let message = stderr
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("error["));
        match message.and_then(|message| message.split_once("]: ")) {
            Some((code, message))
                if code == expected && stdout.is_empty() && status == Some(Exit::Token as i32) =>
            {
                Ok(Refusal {
                    name,
                    token,
                    code: expected,
                    message: message.to_owned(),
                })
            }
            _ => Err(Failure::bug(format_args!(
                "{name}: not refused as it should be: {stderr}"
            ))),
        }
    }

    fn expect_success(&self, command: &str) -> Result<String, Failure> {
        match self.run(command)? {
            (Some(0), stdout, _) => Ok(stdout),
            (_, _, stderr) => Err(Failure::bug(format_args!("bulla {command}: {stderr}"))),
        }
    }

    fn run(&self, command: &str) -> Result<(Option<i32>, String, String), Failure> {
        let output = Command::new(&self.bulla)
            .args(command.split(' '))
            .current_dir(self.folder)
            .env_remove("BULLA_PASSWORD")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Failure::io("reading", &self.bulla, &error))?;
        let text = |octets| String::from_utf8_lossy(octets).into_owned();
        Ok((
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        ))
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| Failure::io("writing", path, &error))
}

pub(super) const CLAIMS: &str =
    "{\"iss\":\"id.example\",\"aud\":\"api\",\"sub\":\"ada\",\"role\":\"user\"}\n";
const GENERATE: &str = "jwk generate --alg ES256 --out key.jwk --public-out public.jwk";
const ISSUE: &str = "jwt issue --key key.jwk --claims claims.json --exp +5m";
const ISSUE_EXPIRED: &str =
    "jwt issue --key key.jwk --claims claims.json --iat 1700000000 --exp 1700000300";
const VERIFY: &str = "jwt verify --key public.jwk --issuer id.example --audience api token.jwt";
