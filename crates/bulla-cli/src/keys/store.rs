//! Keys of a PKCS#12 or JKS store: `pkcs12:PATH?alias=A`, `jks:PATH?alias=A`.

use bulla::Fault;
use bulla::jwk::JwkSet;
use bulla::x509::key_store::{KeyStoreError, Passwords, Rejected, StoredKeys, jks, pkcs12};

use super::{Loaded, Password};
use crate::error::Failure;
use crate::keyref::{Store, StoreKind};

/// The key of an alias, or every key of the store; then also what is left out.
pub(super) fn load(
    store: &Store,
    octets: &[u8],
    password: Option<&Password>,
) -> Result<(Loaded, Vec<Rejected>), Failure> {
    let passwords = match password {
        Some(password) => Passwords::new(text(password)?),
        None => Passwords::none(),
    };
    let backend = bulla::backend();
    let keys = match store.kind {
        StoreKind::Jks => jks::read(octets, &passwords, backend.as_ref()),
        StoreKind::Pkcs12 => pkcs12::read(octets, &passwords, backend.as_ref()),
    }?;
    match &store.alias {
        Some(alias) => {
            let entry = keys
                .named(alias)
                .map_err(|error| not_found(&keys, alias, error))?;
            Ok((Loaded::Key(Box::new(entry.key().clone())), Vec::new()))
        }
        None => all(keys),
    }
}

/// A password is text wherever a key store is involved.
pub(crate) fn text(password: &Password) -> Result<&str, Failure> {
    std::str::from_utf8(password).map_err(|_| {
        Failure::usage(
            "the password is not UTF-8",
            "key stores derive their keys from text",
        )
    })
}

fn all(keys: StoredKeys) -> Result<(Loaded, Vec<Rejected>), Failure> {
    if let ([], [only]) = (keys.entries(), keys.rejected()) {
        return Err(Failure::from(only.error.clone()).about(format_args!("{:?}", only.name)));
    }
    let rejected = keys.rejected().to_vec();
    let keys = keys
        .into_entries()
        .into_iter()
        .map(|entry| entry.into_key());
    Ok((Loaded::Set(JwkSet::new(keys)), rejected))
}

fn not_found(keys: &StoredKeys, alias: &str, error: KeyStoreError) -> Failure {
    const SHOWN: usize = 8;
    let failure = Failure::from(error.clone()).about(format_args!("the alias {alias:?}"));
    if error != KeyStoreError::NotFound {
        return failure;
    }
    let entries = keys.entries().iter().take(SHOWN);
    let names: Vec<String> = entries
        .map(|entry| format!("{:?}", entry.alias()))
        .collect();
    let more = if keys.entries().len() > SHOWN {
        ", ..."
    } else {
        ""
    };
    failure.help(match names.is_empty() {
        true => "the store has no keys".to_owned(),
        false => format!("the store has the aliases {}{more}", names.join(", ")),
    })
}

impl From<KeyStoreError> for Failure {
    fn from(error: KeyStoreError) -> Self {
        // As with any other key file.
        let fault = match error {
            KeyStoreError::PasswordMissing | KeyStoreError::PasswordWrong => Fault::Key,
            _ => error.fault(),
        };
        Self::new(error.code(), fault, &error)
    }
}
