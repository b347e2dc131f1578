use std::collections::HashSet;

use bulla::Fault;
use bulla::jwa::HashAlg;
use bulla::jwk::{Jwk, JwkSet, PublicJwk};
use clap::Args;

use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input;
use crate::keyref::KeyRef;
use crate::keys::{self, Loaded, PasswordArgs};
use crate::output;
use crate::remote::RemoteArgs;

/// Make one key set of many keys and sets, to be published.
///
/// Of key pairs the public half is taken. A key that was there already is left out; so is one that has its `kid` and
/// its type, which nobody could tell from the first, with a warning. Symmetric keys are refused.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Merge {
    /// Keys and sets, in the order in which they are to stand
    #[arg(value_name = "KEYREF", required = true)]
    keys: Vec<String>,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    remote: RemoteArgs,
}

impl Merge {
    // The result is a JSON object with and without `--json`.
    pub(crate) fn run(self, _: &Globals) -> Result<(), Failure> {
        let keys: Vec<KeyRef> = self
            .keys
            .iter()
            .map(|text| Ok(KeyRef::parse(text)?.for_verifying(&self.remote)))
            .collect::<Result<_, Failure>>()?;
        let stdin = keys.iter().map(|keyref| ("KEYREF", keyref.is_stdin()));
        input::stdin_once(stdin.chain([self.password.stdin()]))?;
        let password = self.password.read()?;
        let mut merged = Merged::default();
        for keyref in &keys {
            let set = match keys::load(keyref, password.as_ref())? {
                Loaded::Key(key) => JwkSet::new([*key]),
                Loaded::Set(set) => set,
            };
            for rejected in set.rejected() {
                let (index, error) = (rejected.index, &rejected.error);
                output::warn(&format!("{keyref}: key {index} is left out: {error}"));
            }
            for key in set.into_keys() {
                merged.add(key, keyref)?;
            }
        }
        output::line(&JwkSet::new(merged.keys).to_json())
    }
}

#[derive(Default)]
struct Merged {
    keys: Vec<PublicJwk>,
    thumbprints: HashSet<String>,
    names: HashSet<(String, &'static str)>,
}

impl Merged {
    fn add(&mut self, key: Jwk, keyref: &KeyRef) -> Result<(), Failure> {
        let public = match key {
            Jwk::Public(key) => key,
            Jwk::Private(key) => key.public(),
            _ => {
                return Err(Failure::new(
                    "jwk.usage-mismatch",
                    Fault::Key,
                    format_args!("{keyref}: a symmetric key is not to be published"),
                )
                .help("leave it out; whoever verifies with it must be given it in secret"));
            }
        };
        if !self.thumbprints.insert(public.thumbprint(HashAlg::Sha256)) {
            return Ok(());
        }
        if let Some(kid) = public.members().kid.clone()
            && !self.names.insert((kid.clone(), public.key().describe()))
        {
            output::warn(&format!(
                "{keyref}: another key has the kid {kid:?} already; left out"
            ));
            return Ok(());
        }
        self.keys.push(public);
        Ok(())
    }
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwks merge current.jwk next.jwk > published.jwks
  bulla jwks merge https://a.example/jwks https://b.example/jwks"
);
