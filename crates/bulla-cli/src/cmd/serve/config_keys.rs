use std::path::Path;

use bulla::jwa::SignatureAlg;
use bulla::jwk::Jwk;
use bulla::key::{BoxFuture, RotationKey};
use bulla::{Fault, SecretBytes, kms};
use bulla_server::config::{KeyRefError, KeyRefs, check_private};

use crate::error::Failure;
use crate::explanations;
use crate::keyref::{KeyRef, Source};
use crate::keys;

/// Opens what a KEYREF of the configuration names, by the grammar that every flag has.
#[derive(Debug)]
pub(super) struct ConfigKeys;

impl KeyRefs for ConfigKeys {
    fn signing_key<'a>(
        &'a self,
        keyref: &'a str,
        folder: &'a Path,
        alg: Option<SignatureAlg>,
    ) -> BoxFuture<'a, Result<RotationKey, KeyRefError>> {
        Box::pin(async move {
            match in_a_vault(keyref) {
                true => vault_key(keyref, alg).await,
                false => signing_key(keyref, folder, alg).map_err(told),
            }
        })
    }

    fn secret<'a>(
        &'a self,
        keyref: &'a str,
        folder: &'a Path,
    ) -> BoxFuture<'a, Result<SecretBytes, KeyRefError>> {
        Box::pin(async move { secret(keyref, folder).map_err(told) })
    }
}

const VAULTS: &[&str] = &["awskms:", "azurekv:", "gcpkms:", "pkcs11:", "vault:"];

fn in_a_vault(text: &str) -> bool {
    let begins = |scheme: &&str| {
        let start = text.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    VAULTS.iter().any(|scheme| begins(scheme))
}

/// A key that never leaves its vault. It is read and tried when it is opened.
async fn vault_key(text: &str, alg: Option<SignatureAlg>) -> Result<RotationKey, KeyRefError> {
    let handle = kms::open(text).await.map_err(|error| {
        let fix = explanations::help(error.code());
        KeyRefError::new(error.code(), error.fault(), format!("{text}: {error}"), fix)
    })?;
    let alg = match (alg, handle.permitted().signatures.as_slice()) {
        (Some(alg), _) => alg,
        (None, [only]) => *only,
        (None, permitted) => {
            let names: Vec<_> = permitted.iter().map(|alg| alg.name().as_str()).collect();
            return Err(KeyRefError::new(
                "jwk.ambiguous",
                Fault::Key,
                format!("{text}: the key may be used for {}", names.join(", ")),
                "name one as signing_alg",
            ));
        }
    };
    handle.rotation_key(alg).map_err(|error| {
        let fix = explanations::help(error.code());
        KeyRefError::new(error.code(), error.fault(), format!("{text}: {error}"), fix)
    })
}

fn signing_key(
    text: &str,
    folder: &Path,
    alg: Option<SignatureAlg>,
) -> Result<RotationKey, Failure> {
    let keyref = parse(text, folder)?;
    let password = keys::password_from_environment();
    let Jwk::Private(key) = keys::load_one(&keyref, password.as_ref())? else {
        return Err(Failure::new(
            "jwk.usage-mismatch",
            Fault::Key,
            format_args!("{keyref}: not a private key"),
        )
        .help("name a private key; access tokens are verified by others, with its public half"));
    };
    let alg = match alg {
        Some(alg) => alg,
        None => {
            let fixed = bulla::signer(&key).map_err(Failure::from)?;
            let fixed = SignatureAlg::from_name(fixed.alg().as_str());
            fixed.ok_or_else(|| Failure::bug("a private key signs with what is no signature"))?
        }
    };
    RotationKey::local(&bulla::backend(), &key, alg)
        .map_err(|error| Failure::from(error).about(keyref))
}

fn secret(text: &str, folder: &Path) -> Result<SecretBytes, Failure> {
    let keyref = parse(text, folder)?;
    match keys::load_one(&keyref, keys::password_from_environment().as_ref())? {
        Jwk::Secret(key) => Ok(key.k().clone()),
        _ => Err(Failure::new(
            "jwk.usage-mismatch",
            Fault::Key,
            format_args!("{keyref}: not a symmetric key"),
        )
        .help("name an oct JWK, or the octets as they are: oct:PATH")),
    }
}

/// A reference whose relative path begins at the folder of the configuration. A file is for its owner alone.
fn parse(text: &str, folder: &Path) -> Result<KeyRef, Failure> {
    let mut keyref = KeyRef::parse(text)?;
    if keyref.is_stdin() {
        return Err(Failure::usage(
            "standard input is not there for a server",
            "name a file, or env:NAME",
        ));
    }
    if let Source::File(path) = &mut keyref.source {
        *path = folder.join(&*path);
        if let Err(mode) = check_private(path) {
            let what = format!(
                "{} has mode {mode:04o}: others than its owner may use it",
                path.display()
            );
            let help = format!("chmod 600 {}", path.display());
            return Err(Failure::new("io.permissions-open", Fault::Caller, what).help(help));
        }
    }
    Ok(keyref)
}

fn told(failure: Failure) -> KeyRefError {
    let fix = failure.advice().to_owned();
    KeyRefError::new(failure.code(), Fault::Key, failure.to_string(), fix)
}
