use std::path::PathBuf;

use clap::{Args, ValueEnum};
use zeroize::Zeroizing;

use bulla::jwa::HashAlg;
use bulla::jwk::{Jwk, JwkSet, KeyError, PublicKeyUse, SecretJwk};
use bulla::key::KeySpec;

use super::plan::{Plan, PlanArgs, contradiction};
use crate::algorithm::AnyAlgorithm;
use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::keys;
use crate::output::{self, Secrecy};
use crate::progress;

/// Make a key.
///
/// The private key goes to standard output, or with --out to a file that its owner alone can read. A key
/// made for an algorithm records it in `alg`. RSA keys have 3072 bits unless --size says otherwise.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Generate {
    #[command(flatten)]
    plan: PlanArgs,
    /// The `kid`: a name, or `thumbprint` for the key's own (RFC 7638)
    #[arg(long, value_name = "ID|thumbprint")]
    kid: Option<String>,
    /// What the key is for
    #[arg(long = "use", value_name = "USE")]
    key_use: Option<Use>,
    /// Write the private key to this file, mode 0600
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the public key to this file
    #[arg(long, value_name = "FILE")]
    public_out: Option<PathBuf>,
    /// Make a JWK Set of one key
    #[arg(long)]
    set: bool,
    /// Overwrite files
    #[arg(long)]
    force: bool,
}

/// The values of `use`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Use {
    Sig,
    Enc,
}

impl Generate {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let plan = self.plan.plan()?;
        keys::check_kid(self.kid.as_deref())?;
        match (self.key_use, self.plan.alg) {
            (Some(Use::Enc), Some(AnyAlgorithm::Signing(_))) => {
                return Err(contradiction("--use enc", "an algorithm that signs"));
            }
            (
                Some(Use::Sig),
                Some(AnyAlgorithm::KeyManagement(_) | AnyAlgorithm::ContentEncryption(_)),
            ) => {
                return Err(contradiction("--use sig", "an algorithm that encrypts"));
            }
            _ => {}
        }
        if self.out.is_some() && self.out == self.public_out {
            return Err(contradiction("--out", "the same --public-out"));
        }
        if let (Plan::Secret { .. }, Some(_)) = (&plan, &self.public_out) {
            return Err(contradiction(
                "--public-out",
                "a symmetric key, which has no public half",
            ));
        }
        for path in self.out.iter().chain(&self.public_out) {
            output::check_free(path, self.force)?;
        }

        let mut key = make(&plan)?;
        let kid = match self.kid.as_deref() {
            Some("thumbprint") => Some(key.thumbprint(HashAlg::Sha256)),
            other => other.map(str::to_owned),
        };
        let members = key.members_mut();
        members.kid = kid;
        members.alg = self
            .plan
            .alg
            .map(|alg| bulla::jwa::AlgName::new(alg.name()));
        members.key_use = self.key_use.map(|key_use| match key_use {
            Use::Sig => PublicKeyUse::Signature,
            Use::Enc => PublicKeyUse::Encryption,
        });
        self.write(&key, globals)
    }

    fn write(&self, key: &Jwk, globals: &Globals) -> Result<(), Failure> {
        if let (Some(path), Some(public)) = (&self.public_out, super::public::half(key)) {
            let text = match self.set {
                true => JwkSet::new([public]).to_json(),
                false => Zeroizing::new(public.to_json()),
            };
            output::file(
                path,
                format!("{}\n", *text).as_bytes(),
                Secrecy::Public,
                self.force,
            )?;
        }
        let text = match self.set {
            true => JwkSet::new([key.clone()]).to_json(),
            false => key.to_json(),
        };
        let Some(path) = &self.out else {
            return output::line(&text);
        };
        let octets = Zeroizing::new(format!("{}\n", *text));
        output::file(path, octets.as_bytes(), Secrecy::Private, self.force)?;
        if globals.json {
            let name = |path: &PathBuf| path.display().to_string();
            output::json(&serde_json::json!({
                "kid": key.members().kid,
                "thumbprint": key.thumbprint(HashAlg::Sha256),
                "out": name(path),
                "public_out": self.public_out.as_ref().map(name),
            }))?;
        }
        Ok(())
    }
}

fn make(plan: &Plan) -> Result<Jwk, Failure> {
    match *plan {
        Plan::Pair(spec) => {
            let make = || bulla::generate_spec(spec);
            let pair = match spec {
                KeySpec::Rsa { bits } => {
                    progress::while_doing(&format!("making an RSA key of {bits} bits"), make)
                }
                _ => make(),
            };
            Ok(Jwk::Private(pair?))
        }
        Plan::Secret { bits } => {
            let mut octets = vec![0; bits / 8];
            bulla::backend()
                .random(&mut octets)
                .map_err(|_| KeyError::Backend)?;
            Ok(Jwk::Secret(SecretJwk::new(octets)))
        }
    }
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwk generate --alg ES256 --kid a --out key.jwk --public-out public.jwk
  bulla jwk generate --alg HS256 --kid thumbprint > secret.jwk
  bulla jwk generate --kty RSA --size 4096 --use sig --set --out keys.jwks"
);
