use clap::{Args, ValueEnum};
use serde_json::json;

use bulla::jwa::HashAlg;

use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input;
use crate::keyref::KeyRef;
use crate::keys::{self, PasswordArgs};
use crate::output;

/// Print the thumbprint of a key (RFC 7638).
///
/// It is that of the public half, so a private key and its public one have the same.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Thumbprint {
    /// The key
    #[arg(value_name = "KEYREF")]
    key: String,
    #[command(flatten)]
    password: PasswordArgs,
    /// The hash function
    #[arg(long, default_value = "sha256")]
    hash: Hash,
    /// Print it as a URI (RFC 9278)
    #[arg(long)]
    uri: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Thumbprint {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let keyref = KeyRef::parse(&self.key)?;
        input::stdin_once([("KEYREF", keyref.is_stdin()), self.password.stdin()])?;
        let key = keys::load_one(&keyref, self.password.read()?.as_ref())?;
        let (hash, name) = match self.hash {
            Hash::Sha256 => (HashAlg::Sha256, "sha256"),
            Hash::Sha384 => (HashAlg::Sha384, "sha384"),
            Hash::Sha512 => (HashAlg::Sha512, "sha512"),
        };
        let (plain, uri) = (key.thumbprint(hash), key.thumbprint_uri(hash));
        match (globals.json, self.uri) {
            (true, _) => output::json(&json!({ "thumbprint": plain, "hash": name, "uri": uri })),
            (false, true) => output::line(&uri),
            (false, false) => output::line(&plain),
        }
    }
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwk thumbprint key.jwk
  bulla jwk thumbprint key.pem --hash sha512 --uri"
);
