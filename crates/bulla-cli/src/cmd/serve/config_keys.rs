use std::path::Path;

use bulla::jwa::SignatureAlg;
use bulla::jwk::Jwk;
use bulla::key::{BoxFuture, RotationKey};
use bulla::kms::OpenError;
use bulla::{Fault, SecretBytes};
use bulla_server::config::{KeyRefError, KeyRefs, check_private};

use crate::error::Failure;
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
            let keyref = parse(keyref, folder).map_err(told)?;
            match keyref.vault() {
                Some(uri) => in_vault(uri, &keyref, alg).await.map_err(told),
                None => local(&keyref, alg).map_err(told),
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

/// A key that stays in its vault: opened and tried before the server starts, and asked for each signature.
async fn in_vault(
    uri: &str,
    keyref: &KeyRef,
    alg: Option<SignatureAlg>,
) -> Result<RotationKey, Failure> {
    let handle = bulla::kms::open(uri).await;
    let handle = handle.map_err(|error| Failure::from(error).about(keyref))?;
    let alg = match alg {
        Some(alg) => alg,
        None => keys::vault::own_alg(&handle).ok_or_else(|| {
            let permitted = handle.permitted().signatures.iter();
            let names: Vec<_> = permitted.map(|alg| alg.name().as_str()).collect();
            let what = format!("{keyref}: the key may be used for {}", names.join(", "));
            Failure::new("jwk.ambiguous", Fault::Key, what).help("name one as signing_alg")
        })?,
    };
    handle
        .rotation_key(alg)
        .map_err(|error| Failure::from(OpenError::Vault(error)).about(keyref))
}

fn local(keyref: &KeyRef, alg: Option<SignatureAlg>) -> Result<RotationKey, Failure> {
    let password = keys::password_from_environment();
    let Jwk::Private(key) = keys::load_one(keyref, password.as_ref())? else {
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
