use std::path::PathBuf;

use clap::Args;
use zeroize::Zeroizing;

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg};
use bulla::jwe::Builder;

use crate::algorithm::{ContentEncryption, KeyManagement, LegacyArgs};
use crate::args::Globals;
use crate::cmd::jwe::encrypt::failed;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input::{self, Input};
use crate::keyref::KeyRef;
use crate::keys::{self, Loaded};
use crate::output;

/// Encrypt a key or a set, with a password or to another key.
///
/// The result is a compact JWE whose `cty` says what is inside (RFC 7517 §7). The password of an encrypted
/// key file that is read comes from BULLA_PASSWORD.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Encrypt {
    /// The key, or the set, to encrypt
    #[arg(value_name = "KEYREF")]
    content: String,
    /// The password to encrypt with
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "key",
        conflicts_with = "key"
    )]
    password_file: Option<PathBuf>,
    /// The key to encrypt to
    #[arg(long, value_name = "KEYREF")]
    key: Option<String>,
    /// How the content key is encrypted [default with a password: PBES2-HS512+A256KW]
    #[arg(long)]
    alg: Option<KeyManagement>,
    /// How the content is encrypted [default: A256GCM]
    #[arg(long)]
    enc: Option<ContentEncryption>,
    #[command(flatten)]
    legacy: LegacyArgs,
}

impl Encrypt {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let content = KeyRef::parse(&self.content)?;
        let key = self.key.as_deref().map(KeyRef::parse).transpose()?;
        let password = self.password_file.as_deref().map(Input::path);
        input::stdin_once([
            ("KEYREF", content.is_stdin()),
            ("--key", key.as_ref().is_some_and(KeyRef::is_stdin)),
            (
                "--password-file",
                password.as_ref().is_some_and(Input::is_stdin),
            ),
        ])?;
        if let Some(KeyManagement(alg)) = self.alg {
            self.legacy.check(alg)?;
        }

        let key_password = keys::password_from_environment();
        let encrypter = match (&key, &self.password_file) {
            (Some(key), _) => keys::encrypter(key, key_password.as_ref(), self.alg, &self.legacy)?,
            (None, Some(path)) => {
                let alg = self
                    .alg
                    .map_or(KeyManagementAlg::Pbes2Hs512A256Kw, |alg| alg.0);
                bulla::password_encrypter(input::read_password(path)?.as_slice(), alg, ITERATIONS)?
            }
            (None, None) => return Err(Failure::bug("neither --key nor --password-file")),
        };
        let (json, cty): (Zeroizing<String>, _) = match keys::load(&content, key_password.as_ref())?
        {
            Loaded::Key(key) => (key.to_json(), "jwk+json"),
            Loaded::Set(set) => (set.to_json(), "jwk-set+json"),
        };
        let enc = self.enc.map(|enc| enc.0).or(encrypter.content_encryption());
        let token = Builder::new(json.as_str(), enc.unwrap_or(ContentEncryptionAlg::A256Gcm))
            .cty(cty)
            .encrypt_compact(&encrypter)
            .map_err(|error| failed(&error))?;
        match globals.json {
            true => output::json(&serde_json::json!({ "token": token })),
            false => output::line(&token),
        }
    }
}

const ITERATIONS: u32 = 600_000;

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwk encrypt key.jwk --password-file pass > key.jwe
  bulla jwk encrypt keys.jwks --key backup.jwk --alg ECDH-ES+A256KW > keys.jwe"
);
