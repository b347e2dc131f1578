use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use serde_json::Value;

use bulla::base64url;
use bulla::jwa::ContentEncryptionAlg;
use bulla::jwt::{self, IssueError};
use bulla::key::Encrypter;

use crate::algorithm::{Algorithm, ContentEncryption, KeyManagement, LegacyArgs};
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input::{self, Input};
use crate::json::Members;
use crate::keyref::KeyRef;
use crate::keys::{self, PasswordArgs};
use crate::output;
use crate::time::{Time, TimeError, When};

/// Issue a token: claims, signed, and with --encrypt-to encrypted.
///
/// The claims are those of --claims, then those of --claim and of the other flags, which replace claims of
/// the same name in the file. Without --exp the token never expires.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Issue {
    /// The key to sign with: private, or symmetric
    ///
    /// PATH, PATH#KID of a set, - for standard input, env:NAME; oct:PATH or oct:env:NAME for the octets of
    /// a symmetric key; pkcs11:.., awskms:.. or azurekv:.. for a key in a vault.
    #[arg(long, value_name = "KEYREF")]
    key: String,
    #[command(flatten)]
    password: PasswordArgs,
    /// The algorithm, where the key does not fix one
    #[arg(long)]
    alg: Option<Algorithm>,
    /// Who issues it (`iss`)
    #[arg(long, value_name = "S")]
    iss: Option<String>,
    /// Whom it is about (`sub`)
    #[arg(long, value_name = "S")]
    sub: Option<String>,
    /// Whom it is for (`aud`); again for more
    #[arg(long, value_name = "S")]
    aud: Vec<String>,
    /// When it expires (`exp`): +5m from now, RFC 3339, or seconds since 1970
    #[arg(long, value_name = "+5m|TIME", allow_hyphen_values = true)]
    exp: Option<When>,
    /// From when on it is valid (`nbf`): likewise
    #[arg(long, value_name = "+5m|TIME", allow_hyphen_values = true)]
    nbf: Option<When>,
    /// When it is issued (`iat`) [default: now]
    #[arg(long, value_name = "now|none|TIME", allow_hyphen_values = true)]
    iat: Option<IssuedAt>,
    /// Its own name (`jti`): `auto` for 128 random bits
    #[arg(long, value_name = "auto|S")]
    jti: Option<String>,
    /// Another claim; again for more
    #[arg(long, value_name = "NAME=JSON")]
    claim: Vec<String>,
    /// A JSON object of claims: a file, or - for standard input
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    /// The `typ` of the header [default: JWT]
    #[arg(long, value_name = "T")]
    typ: Option<String>,
    /// Encrypt the signed token to this key
    #[arg(long, value_name = "KEYREF")]
    encrypt_to: Option<String>,
    /// How the content key is encrypted, where that key does not fix it
    #[arg(long, value_name = "ALG", requires = "encrypt_to")]
    encrypt_alg: Option<KeyManagement>,
    /// How the token is encrypted
    #[arg(long, requires = "encrypt_to")]
    enc: Option<ContentEncryption>,
    #[command(flatten)]
    legacy: LegacyArgs,
}

/// The values of `--iat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IssuedAt {
    Now,
    Never,
    At(SystemTime),
}

impl std::str::FromStr for IssuedAt {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        match text {
            "now" => Ok(Self::Now),
            "none" => Ok(Self::Never),
            _ => text.parse().map(|Time(time)| Self::At(time)),
        }
    }
}

impl Issue {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let keyref = KeyRef::parse(&self.key)?;
        let encrypt_to = self.encrypt_to.as_deref().map(KeyRef::parse).transpose()?;
        let file = self.claims.as_deref().map(Input::path);
        input::stdin_once([
            ("--key", keyref.is_stdin()),
            (
                "--encrypt-to",
                encrypt_to.as_ref().is_some_and(KeyRef::is_stdin),
            ),
            self.password.stdin(),
            ("--claims", file.as_ref().is_some_and(Input::is_stdin)),
        ])?;
        let from_flags = self.flags(SystemTime::now())?;

        let password = self.password.read()?;
        let signer = keys::signer(&keyref, password.as_ref(), self.alg)?;
        let outer = encrypt_to
            .map(|keyref| self.outer(&keyref, password.as_ref()))
            .transpose()?;
        let mut claims = match &file {
            Some(file) => from_file(file)?,
            None => Members::default(),
        };
        for (name, value) in from_flags.0 {
            claims.set(&name, value);
        }
        match self.iat {
            // The claims say when; now is only a default.
            None if claims.contains("iat") => {}
            None | Some(IssuedAt::Now) => claims.set("iat", seconds(SystemTime::now())),
            Some(IssuedAt::At(time)) => claims.set("iat", seconds(time)),
            Some(IssuedAt::Never) => claims.0.retain(|(name, _)| name != "iat"),
        }

        let mut issue = jwt::Issue::new().no_issued_at();
        if let Some(typ) = &self.typ {
            issue = issue.typ(typ);
        }
        let issue = issue.claims(&claims);
        let token = match &outer {
            None => issue.sign(&signer),
            Some((encrypter, enc)) => issue.sign_then_encrypt(&signer, encrypter, *enc),
        }
        .map_err(|error| failed(&error))?;
        match globals.json {
            true => output::json(&serde_json::json!({ "token": token })),
            false => output::line(&token),
        }
    }

    /// The layer around the signed token.
    fn outer(
        &self,
        keyref: &KeyRef,
        password: Option<&keys::Password>,
    ) -> Result<(Encrypter, ContentEncryptionAlg), Failure> {
        if let Some(KeyManagement(alg)) = self.encrypt_alg {
            self.legacy.check(alg)?;
        }
        let encrypter = keys::encrypter(keyref, password, self.encrypt_alg, &self.legacy)?;
        let enc = self
            .enc
            .map(|enc| enc.0)
            .or(encrypter.content_encryption())
            .ok_or_else(|| {
                Failure::usage(
                    "the content encryption is missing",
                    "name it with --enc, for example --enc A256GCM",
                )
            })?;
        Ok((encrypter, enc))
    }

    /// The claims that flags give, each once.
    fn flags(&self, now: SystemTime) -> Result<Members, Failure> {
        let at = |flag: &str, when: Option<When>| {
            when.map(|when| when.from(now).map(seconds))
                .transpose()
                .map_err(|error| {
                    Failure::usage(
                        format_args!("{flag}: {error}"),
                        "see `bulla jwt issue --help`",
                    )
                })
        };
        let text = |text: &Option<String>| text.clone().map(Value::String);
        let aud = match self.aud.as_slice() {
            [] => None,
            [only] => Some(Value::String(only.clone())),
            several => Some(several.iter().cloned().map(Value::String).collect()),
        };
        let jti = match self.jti.as_deref() {
            Some("auto") => Some(Value::String(random_id()?)),
            other => other.map(|jti| Value::String(jti.to_owned())),
        };
        let flags = [
            ("iss", text(&self.iss)),
            ("sub", text(&self.sub)),
            ("aud", aud),
            ("exp", at("--exp", self.exp)?),
            ("nbf", at("--nbf", self.nbf)?),
            ("jti", jti),
        ];
        let mut claims = Members::default();
        for (name, value) in flags {
            if let Some(value) = value {
                claims.set(name, value);
            }
        }
        for claim in &self.claim {
            let (name, value) = parse_claim(claim)?;
            if claims.contains(name) || (name == "iat" && self.iat.is_some()) {
                return Err(Failure::usage(
                    format_args!("the claim {name:?} is given twice"),
                    "give each claim once; --claims FILE is what flags replace",
                ));
            }
            claims.set(name, value);
        }
        Ok(claims)
    }
}

fn parse_claim(claim: &str) -> Result<(&str, Value), Failure> {
    let help = "write --claim role='\"admin\"', --claim level=3 or --claim roles='[\"a\",\"b\"]'";
    let (name, json) = claim
        .split_once('=')
        .ok_or_else(|| Failure::usage("--claim: not of the form NAME=JSON: there is no =", help))?;
    if name.is_empty() {
        return Err(Failure::usage(
            "--claim: not of the form NAME=JSON: there is no name",
            help,
        ));
    }
    let value = serde_json::from_str(json)
        .map_err(|_| Failure::usage(format_args!("--claim {name}: the value is not JSON"), help))?;
    Ok((name, value))
}

fn from_file(file: &Input) -> Result<Members, Failure> {
    let octets = file.read_at_most(bulla::Limits::DEFAULT.token)?;
    Members::parse(&octets).map_err(|error| {
        Failure::usage(
            format_args!("--claims: not a JSON object: {error}"),
            "give one JSON object, such as {\"sub\":\"ada\",\"role\":\"admin\"}",
        )
    })
}

/// Claims that cannot be are an error of the command line that gave them.
fn failed(error: &IssueError) -> Failure {
    match error {
        IssueError::Jws(error) => Failure::new(error.code(), error.fault(), error),
        IssueError::Jwe(error) => Failure::new(error.code(), error.fault(), error),
        error => Failure::usage(
            error,
            "see RFC 7519 §4.1 for what the registered claims may hold",
        ),
    }
}

/// A NumericDate of whole seconds (RFC 7519 §2).
fn seconds(time: SystemTime) -> Value {
    Value::from(
        time.duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs(),
    )
}

fn random_id() -> Result<String, Failure> {
    let mut octets = [0; 16];
    bulla::backend()
        .random(&mut octets)
        .map_err(|_| bulla::jwk::KeyError::Backend)?;
    Ok(base64url::encode(octets))
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwt issue --key key.jwk --iss https://issuer.example --sub ada \\
    --aud api --exp +5m --jti auto
  bulla jwt issue --key key.jwk --claims claims.json --claim level=3 --exp +1h
  bulla jwt issue --key oct:env:SECRET --alg HS256 --sub ada --exp +60s"
);
