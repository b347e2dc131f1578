use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;
use zeroize::Zeroizing;

use bulla::Fault;
use bulla::base64url;
use bulla::jwk::pem::{self, Encoded};
use bulla::jwk::{Jwk, JwkSet, KeyError, PrivateJwk, PrivateKey, PublicJwk};
use bulla::x509::key_store::{KeyStoreError, pkcs12};

use crate::args::Globals;
use crate::error::Failure;
use crate::exit::after_help;
use crate::input;
use crate::keyref::KeyRef;
use crate::keys::{self, Loaded, Password, PasswordArgs};
use crate::output::{self, Secrecy};

/// Write a key in another format.
///
/// The key may be a JWK, PEM, DER or certificate; its content tells. PEM formats lose `kid`, `alg` and the
/// like; PKCS#12 keeps the `kid` as alias, and the certificates of `x5c`. With --password-file, PKCS#8 is written encrypted; an encrypted key is read with the same
/// password, or with that in BULLA_PASSWORD, which encrypts nothing.
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Convert {
    /// The key; with `--to jwks` and `--to pkcs12` also a whole set
    #[arg(value_name = "KEYREF")]
    key: String,
    /// The format to write
    #[arg(long, value_name = "FORMAT")]
    to: Format,
    /// Write DER instead of PEM
    #[arg(long)]
    der: bool,
    #[command(flatten)]
    password: PasswordArgs,
    /// Write to this file; private keys with mode 0600
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Overwrite the file
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A JSON Web Key
    Jwk,
    /// A JWK Set
    Jwks,
    /// A private key, encrypted where there is a password
    Pkcs8,
    /// The public half
    Spki,
    /// An RSA key, as old programs want it
    Pkcs1,
    /// A private EC key, as old programs want it
    Sec1,
    /// A PKCS#12 key store of one key or a whole set, under the password of --password-file
    Pkcs12,
}

/// The key in its new form.
struct Converted {
    octets: Zeroizing<Vec<u8>>,
    secrecy: Secrecy,
    /// What `--json` calls it; JSON needs no name.
    member: Option<&'static str>,
}

impl Convert {
    pub(crate) fn run(self, globals: &Globals) -> Result<(), Failure> {
        let is_json = matches!(self.to, Format::Jwk | Format::Jwks);
        if self.der && is_json {
            return Err(Failure::usage(
                "--der does not go with a JSON format",
                "leave it out, or choose --to pkcs8, spki, pkcs1 or sec1",
            ));
        }
        let keyref = KeyRef::parse(&self.key)?;
        input::stdin_once([("KEYREF", keyref.is_stdin()), self.password.stdin()])?;
        if let Some(path) = &self.out {
            output::check_free(path, self.force)?;
        }
        let password = self.password.read()?;
        let converted = match self.to {
            Format::Jwk => jwk(&keys::load_one(&keyref, password.as_ref())?),
            Format::Jwks => jwks(keys::load(&keyref, password.as_ref())?),
            Format::Pkcs12 => self
                .pkcs12(keys::load(&keyref, password.as_ref())?, password.as_ref())
                .map_err(|failure| failure.about(&keyref))?,
            _ => {
                let key = keys::load_one(&keyref, password.as_ref())?;
                self.encoded(&key, password.as_ref())
                    .map_err(|failure| failure.about(&keyref))?
            }
        };
        match (&self.out, globals.json, converted.member) {
            (Some(path), _, _) => {
                output::file(path, &converted.octets, converted.secrecy, self.force)?;
                match globals.json {
                    true => output::json(&json!({ "out": path.display().to_string() })),
                    false => Ok(()),
                }
            }
            (None, true, Some("der")) => {
                output::json(&json!({ "der_base64url": base64url::encode(&converted.octets) }))
            }
            (None, true, Some(member)) => {
                output::json(&json!({ member: String::from_utf8_lossy(&converted.octets) }))
            }
            (None, _, _) => output::bytes(&converted.octets),
        }
    }

    fn encoded(&self, key: &Jwk, password: Option<&Password>) -> Result<Converted, Failure> {
        let encoded = match self.to {
            Format::Pkcs8 => self.pkcs8(private(key, "PKCS#8")?, password)?,
            Format::Sec1 => pem::write_sec1(&whole(private(key, "SEC 1")?)?)?,
            Format::Pkcs1 => match key {
                Jwk::Private(key) => pem::write_pkcs1(&whole(key)?)?,
                _ => pem::write_pkcs1_public(public(key, "PKCS#1")?.key())?,
            },
            _ => pem::write_spki(public(key, "SPKI")?.key())?,
        };
        let is_private = match self.to {
            Format::Pkcs1 => matches!(key, Jwk::Private(_)),
            to => to != Format::Spki,
        };
        let pem = || Zeroizing::new(encoded.to_pem().as_bytes().to_vec());
        let der = || Zeroizing::new(encoded.as_der().to_vec());
        Ok(Converted {
            octets: if self.der { der() } else { pem() },
            secrecy: if is_private {
                Secrecy::Private
            } else {
                Secrecy::Public
            },
            member: Some(if self.der { "der" } else { "pem" }),
        })
    }

    /// A store of every key, each under its kid. Only `--password-file` encrypts, as with PKCS#8.
    fn pkcs12(&self, loaded: Loaded, password: Option<&Password>) -> Result<Converted, Failure> {
        let password = password
            .filter(|_| self.password.password_file.is_some())
            .ok_or_else(|| {
                Failure::from(KeyStoreError::PasswordMissing)
                    .help("give the password of the new store with --password-file")
            })?;
        let set = match loaded {
            Loaded::Key(key) => JwkSet::new([*key]),
            Loaded::Set(set) => set,
        };
        warn_of_rejected(&set);
        let backend = bulla::backend();
        let mut builder = pkcs12::Builder::new(backend.as_ref());
        for (at, key) in set.keys().iter().enumerate() {
            let alias = key.members().kid.clone();
            let alias = alias.unwrap_or_else(|| (at + 1).to_string());
            builder = builder
                .key(&alias, key)
                .map_err(|error| Failure::from(error).about(format_args!("the key {alias:?}")))?;
        }
        Ok(Converted {
            octets: Zeroizing::new(builder.write(keys::store_password(password)?)?),
            secrecy: Secrecy::Private,
            member: Some("der"),
        })
    }

    /// Encrypted where `--password-file` says so. A password in the environment may be there for the input alone.
    fn pkcs8(&self, key: &PrivateJwk, password: Option<&Password>) -> Result<Encoded, KeyError> {
        let key = whole(key)?;
        match password.filter(|_| self.password.password_file.is_some()) {
            Some(password) => pem::write_pkcs8_encrypted(&key, password, bulla::backend().as_ref()),
            None => pem::write_pkcs8(&key),
        }
    }
}

/// With the primes that an RSA JWK may lack, and only if its two halves belong together.
fn whole(key: &PrivateJwk) -> Result<PrivateKey, KeyError> {
    key.key().complete(bulla::backend().as_ref())
}

fn jwk(key: &Jwk) -> Converted {
    json_text(&key.to_json(), matches!(key, Jwk::Public(_)))
}

fn jwks(loaded: Loaded) -> Converted {
    let set = match loaded {
        Loaded::Key(key) => JwkSet::new([*key]),
        Loaded::Set(set) => set,
    };
    warn_of_rejected(&set);
    json_text(
        &set.to_json(),
        set.keys().iter().all(|key| matches!(key, Jwk::Public(_))),
    )
}

fn warn_of_rejected(set: &JwkSet) {
    for rejected in set.rejected() {
        output::warn(&format!(
            "key {} is left out: {}",
            rejected.index, rejected.error
        ));
    }
}

fn json_text(text: &str, is_public: bool) -> Converted {
    Converted {
        octets: Zeroizing::new(format!("{text}\n").into_bytes()),
        secrecy: if is_public {
            Secrecy::Public
        } else {
            Secrecy::Private
        },
        member: None,
    }
}

fn private<'k>(key: &'k Jwk, format: &str) -> Result<&'k PrivateJwk, Failure> {
    match key {
        Jwk::Private(key) => Ok(key),
        other => Err(unfit(other, format, "private keys")),
    }
}

fn public(key: &Jwk, format: &str) -> Result<PublicJwk, Failure> {
    super::public::half(key).ok_or_else(|| unfit(key, format, "key pairs"))
}

fn unfit(key: &Jwk, format: &str, expected: &str) -> Failure {
    Failure::new(
        "jwk.usage-mismatch",
        Fault::Key,
        format_args!("{format} is for {expected}; this is {}", key.kind()),
    )
    .help("`--to jwk` writes any key, `--to spki` the public half of a pair")
}

const AFTER_HELP: &str = after_help!(
    "\
Examples:
  bulla jwk convert server.pem --to jwk
  bulla jwk convert key.jwk --to pkcs8 --password-file secret.txt --out key.pem
  bulla jwk convert jks:old.jks?alias=a --to jwk --password-file secret.txt
  bulla jwk convert key.jwk --to pkcs12 --password-file secret.txt --out a.p12
  bulla jwk convert certificate.pem --to spki --der > public.der"
);
