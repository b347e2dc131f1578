use clap::Args;

use bulla::Fault;
use bulla::jwk::{Jwk, JwkSet, PublicJwk};

use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input;
use crate::keyref::KeyRef;
use crate::keys::{self, Loaded, PasswordArgs};
use crate::output;

/// Print the public half of a key.
///
/// `kid`, `alg`, `use` and certificates stay; `key_ops` become those of the public half.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Public {
    /// The key, or with --set the keys
    #[arg(value_name = "KEYREF")]
    key: String,
    #[command(flatten)]
    password: PasswordArgs,
    /// Print a JWK Set: the public halves of every key of a set, without symmetric keys
    #[arg(long)]
    set: bool,
}

impl Public {
    // The result is a JSON object with and without `--json`.
    pub(crate) fn run(self, _: &Globals) -> Result<(), Failure> {
        let keyref = KeyRef::parse(&self.key)?;
        input::stdin_once([("KEYREF", keyref.is_stdin()), self.password.stdin()])?;
        let password = self.password.read()?;
        if self.set {
            let set = match keys::load(&keyref, password.as_ref())? {
                Loaded::Set(set) => set,
                Loaded::Key(key) => JwkSet::new([*key]),
            };
            for rejected in set.rejected() {
                output::warn(&format!(
                    "key {} is left out: {}",
                    rejected.index, rejected.error
                ));
            }
            return output::line(&set.public().to_json());
        }
        let key = keys::load_one(&keyref, password.as_ref())?;
        let public = half(&key).ok_or_else(|| {
            Failure::new(
                "jwk.usage-mismatch",
                Fault::Key,
                format_args!("{keyref}: a symmetric key has no public half"),
            )
            .help("whoever verifies needs the key itself; keep it secret")
        })?;
        output::line(&public.to_json())
    }
}

/// The public half; a symmetric key has none.
pub(super) fn half(key: &Jwk) -> Option<PublicJwk> {
    match key {
        Jwk::Public(key) => Some(key.clone()),
        Jwk::Private(key) => Some(key.public()),
        _ => None,
    }
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwk public key.jwk > public.jwk
  bulla jwk public --set keys.jwks > published.jwks"
);
