use std::path::PathBuf;

use clap::Args;

use bulla::jwe::{Jwe, Policy};
use bulla::jwk::{Jwk, JwkSet};

use crate::args::Globals;
use crate::cmd::jwe;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input::{self, Input};
use crate::keyref::KeyRef;
use crate::keys::{self, DecryptKeys};
use crate::output;

/// Decrypt a key or a set that was encrypted.
///
/// The content must be what the token's `cty` says: a JWK or a JWK Set.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Decrypt {
    /// The encrypted key: a file, - for standard input, or the token itself [default: -]
    input: Option<String>,
    /// The password it was encrypted with
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "key",
        conflicts_with = "key"
    )]
    password_file: Option<PathBuf>,
    /// The key it was encrypted to
    #[arg(long, value_name = "KEYREF")]
    key: Option<String>,
}

impl Decrypt {
    // The result is a JSON object with and without `--json`.
    pub(crate) fn run(self, _: &Globals) -> Result<(), Failure> {
        let key = self.key.as_deref().map(KeyRef::parse).transpose()?;
        let password = self.password_file.as_deref().map(Input::path);
        let input = Input::token(self.input.as_deref());
        input::stdin_once([
            ("--key", key.as_ref().is_some_and(KeyRef::is_stdin)),
            (
                "--password-file",
                password.as_ref().is_some_and(Input::is_stdin),
            ),
            ("INPUT", input.is_stdin()),
        ])?;

        let keys = match (&key, &self.password_file) {
            (Some(key), _) => {
                DecryptKeys::fitting(key, keys::password_from_environment().as_ref())?
            }
            (None, Some(path)) => DecryptKeys::password(&input::read_password(path)?)?,
            (None, None) => return Err(Failure::bug("neither --key nor --password-file")),
        };
        let token = input.read_encrypted()?;
        let decrypted = jwe::parse(&token, Policy::new())
            .and_then(|jwe| jwe.decrypt(&keys))
            .map_err(|error| DecryptKeys::refused(&error))?;
        print(&decrypted)
    }
}

/// Prints the key, after it was read as what `cty` says it is: nothing else is passed off as a key.
fn print(decrypted: &Jwe<'_, bulla::jwe::Decrypted>) -> Result<(), Failure> {
    let cty = decrypted.header().cty().map(str::to_ascii_lowercase);
    let text = match cty
        .as_deref()
        .map(|cty| cty.strip_prefix("application/").unwrap_or(cty))
    {
        Some("jwk-set+json") => JwkSet::parse(decrypted.plaintext())?.to_json(),
        Some("jwk+json") | None => Jwk::parse(decrypted.plaintext())?.to_json(),
        Some(other) => {
            return Err(Failure::malformed(
                "jwe.malformed",
                format_args!("the content is {other:?}, not a key"),
            )
            .help("`bulla jwe decrypt` decrypts any content"));
        }
    };
    output::line(&text)
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwk decrypt key.jwe --password-file pass > key.jwk
  bulla jwk decrypt --key backup-private.jwk < keys.jwe"
);
