use std::path::{Path, PathBuf};

use clap::Args;

use bulla::Fault;
use bulla::jwa::{KeyManagementAlg, KeyManagementScheme, Status};
use bulla::jwe::DecryptError;
use bulla::jwk::{Jwk, JwkSet, KeyError};
use bulla::key::{Candidates, Decrypter, DecryptionKeySet, DecryptionKeys, KeyHint, SelectError};

use super::encrypt::own_or;
use super::load::not_found;
use super::mismatch::unbound_encryption;
use super::password::from_environment;
use super::{Loaded, Password, load, load_one, vault};
use crate::algorithm::{KeyManagement, LegacyArgs};
use crate::error::Failure;
use crate::input;
use crate::keyref::KeyRef;

/// The keys that a token may be decrypted with.
#[derive(Args, Clone, Debug)]
pub(crate) struct DecryptArgs {
    /// A key to decrypt with, whatever `kid` the token names; again for more
    ///
    /// PATH, PATH#KID of a set, - for standard input, env:NAME; pkcs11:.., awskms:.. or azurekv:.. for a key in a vault.
    #[arg(
        long,
        value_name = "KEYREF",
        required_unless_present_any = ["jwks", "password_file"],
        conflicts_with_all = ["jwks", "password_file"]
    )]
    key: Vec<String>,
    /// A set of keys to choose from by the token's `kid`
    #[arg(long, value_name = "REF", conflicts_with = "password_file")]
    jwks: Option<String>,
    /// The password of a token that was encrypted with one
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// An algorithm that is allowed, where the keys do not fix it; again for more
    #[arg(long)]
    alg: Vec<KeyManagement>,
    #[command(flatten)]
    legacy: LegacyArgs,
}

impl DecryptArgs {
    /// Reads the references, and no key yet.
    pub(crate) fn parse(&self) -> Result<DecryptRefs<'_>, Failure> {
        for KeyManagement(alg) in &self.alg {
            self.legacy.check(*alg)?;
        }
        let keys = self.key.iter().map(|text| KeyRef::parse(text));
        Ok(DecryptRefs {
            keys: keys.collect::<Result<_, _>>()?,
            set: self.jwks.as_deref().map(KeyRef::parse).transpose()?,
            args: self,
        })
    }
}

/// [`DecryptArgs`] whose references are understood.
#[derive(Debug)]
pub(crate) struct DecryptRefs<'a> {
    keys: Vec<KeyRef>,
    set: Option<KeyRef>,
    args: &'a DecryptArgs,
}

impl DecryptRefs<'_> {
    /// For [`input::stdin_once`].
    pub(crate) fn stdin(&self) -> Vec<(&'static str, bool)> {
        let keys = self.keys.iter().map(|keyref| ("--key", keyref.is_stdin()));
        let set = self.set.iter().map(|keyref| ("--jwks", keyref.is_stdin()));
        let password = self.args.password_file.as_deref() == Some(Path::new("-"));
        keys.chain(set)
            .chain([("--password-file", password)])
            .collect()
    }

    /// Reads the keys and binds them.
    pub(crate) fn bind(&self) -> Result<DecryptKeys, Failure> {
        let algs = &self.args.alg;
        if let Some(path) = &self.args.password_file {
            return passwords(&input::read_password(path)?, algs).map(DecryptKeys::Chosen);
        }
        // The one password flag is the token's; a key file's password comes from the environment.
        let password = from_environment();
        if let Some(keyref) = &self.set {
            return compile(keyref, password.as_ref(), algs, &self.args.legacy);
        }
        let mut decrypters = Vec::new();
        for keyref in &self.keys {
            decrypters.extend(chosen(keyref, password.as_ref(), algs, &self.args.legacy)?);
        }
        Ok(DecryptKeys::Chosen(decrypters))
    }
}

/// Reads a key and binds it for decrypting.
pub(crate) fn decrypter(
    keyref: &KeyRef,
    password: Option<&Password>,
    alg: Option<KeyManagement>,
    legacy: &LegacyArgs,
) -> Result<DecryptKeys, Failure> {
    let algs: Vec<KeyManagement> = alg.into_iter().collect();
    chosen(keyref, password, &algs, legacy).map(DecryptKeys::Chosen)
}

/// Keys bound for decrypting.
#[derive(Debug)]
pub(crate) enum DecryptKeys {
    /// Chosen by the caller: the token's `kid` does not matter.
    Chosen(Vec<Decrypter>),
    Set(DecryptionKeySet),
}

impl DecryptKeys {
    /// A password, for every algorithm that takes one.
    pub(crate) fn password(password: &Password) -> Result<Self, Failure> {
        passwords(password, &[]).map(Self::Chosen)
    }

    /// A key for every algorithm that it fits and that is not legacy; for the one that it names, if it does.
    pub(crate) fn fitting(keyref: &KeyRef, password: Option<&Password>) -> Result<Self, Failure> {
        if let Some(uri) = keyref.vault() {
            return vault::every_decrypter(uri, keyref).map(Self::Chosen);
        }
        let key = load_one(keyref, password)?;
        let set = DecryptionKeySet::compile([&key], &bulla::backend(), &DecryptionKeySet::sound());
        match set.rejected().first() {
            Some((_, error)) => Err(Failure::from(error.clone()).about(keyref)),
            None => Ok(Self::Set(set)),
        }
    }

    /// A refusal.
    pub(crate) fn refused(error: &DecryptError) -> Failure {
        Failure::new(error.code(), error.fault(), error)
    }
}

impl DecryptionKeys for DecryptKeys {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_, Decrypter>, SelectError> {
        match self {
            Self::Chosen(decrypters) => decrypters.select(hint),
            Self::Set(set) => set.select(hint),
        }
    }
}

fn passwords(password: &Password, algs: &[KeyManagement]) -> Result<Vec<Decrypter>, Failure> {
    let takes_password =
        |alg: &KeyManagementAlg| matches!(alg.facts().scheme, KeyManagementScheme::Pbes2 { .. });
    let algs: Vec<KeyManagementAlg> = match algs {
        [] => KeyManagementAlg::table()
            .iter()
            .map(|row| row.alg)
            .filter(takes_password)
            .collect(),
        some => some.iter().map(|alg| alg.0).collect(),
    };
    algs.into_iter()
        .map(|alg| Ok(bulla::password_decrypter(password.as_slice(), alg)?))
        .collect()
}

/// Binds a key that the caller chose to those of the algorithms allowed that it fits.
fn chosen(
    keyref: &KeyRef,
    password: Option<&Password>,
    algs: &[KeyManagement],
    legacy: &LegacyArgs,
) -> Result<Vec<Decrypter>, Failure> {
    if let Some(uri) = keyref.vault() {
        return vault::decrypters(uri, keyref, algs, legacy);
    }
    let key = &load_one(keyref, password)?;
    let bind = |alg| match key {
        Jwk::Private(key) => bulla::decrypter_for(key, alg),
        Jwk::Secret(key) => bulla::decrypter_for(key, alg),
        _ => Err(KeyError::Unsupported("this kind of key")),
    };
    if let Jwk::Public(_) = key {
        return Err(Failure::new(
            "jwk.usage-mismatch",
            Fault::Key,
            format_args!("{keyref}: a public key cannot decrypt"),
        )
        .help("decrypt with the private key; `bulla jwk inspect` tells which one a file holds"));
    }
    if algs.is_empty() {
        let own = own_or(key, None).map_err(|error| unbound_encryption(error, key, keyref))?;
        legacy.check(own)?;
        let bound = bind(own).map_err(|error| Failure::from(error).about(keyref))?;
        return Ok(vec![bound]);
    }
    let (bound, mut errors): (Vec<_>, Vec<_>) =
        algs.iter().map(|alg| bind(alg.0)).partition(Result::is_ok);
    let bound: Vec<Decrypter> = bound.into_iter().filter_map(Result::ok).collect();
    match (bound.is_empty(), errors.pop()) {
        (true, Some(Err(error))) => Err(Failure::from(error).about(keyref)),
        _ => Ok(bound),
    }
}

/// Binds a set. Keys that name no algorithm need `--alg`; if there are no others, its absence is a usage error.
fn compile(
    keyref: &KeyRef,
    password: Option<&Password>,
    algs: &[KeyManagement],
    legacy: &LegacyArgs,
) -> Result<DecryptKeys, Failure> {
    let set = match load(keyref, password)? {
        Loaded::Key(key) => JwkSet::new([*key]),
        Loaded::Set(set) => set,
    };
    let allowed: Vec<KeyManagementAlg> = match algs {
        [] => KeyManagementAlg::table()
            .iter()
            .filter(|row| row.status != Status::Legacy || legacy.check(row.alg).is_ok())
            .map(|row| row.alg)
            .collect(),
        some => some.iter().map(|alg| alg.0).collect(),
    };
    let names_alg = |key: &&Jwk| !algs.is_empty() || own_or(key, None) != Err(KeyError::Ambiguous);
    let (named, unnamed): (Vec<&Jwk>, Vec<&Jwk>) = set.keys().iter().partition(names_alg);
    let count = named.len();
    let compiled = DecryptionKeySet::compile(named, &bulla::backend(), &allowed);
    if compiled.rejected().len() < count {
        return Ok(DecryptKeys::Set(compiled));
    }
    Err(match (unnamed.first(), compiled.rejected().first()) {
        (Some(key), _) => unbound_encryption(KeyError::Ambiguous, key, keyref),
        (None, Some((_, error))) => Failure::from(error.clone()).about(keyref),
        (None, None) => not_found(format_args!("{keyref}: the set holds no keys")),
    })
}
