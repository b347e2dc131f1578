//! A file with keys in any of the forms that we read, told by its content.

use bulla_core::jwk::{Jwk, JwkSet, KeyError, pem};
use bulla_core::key::Backend;
use bulla_core::{Limits, json};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Entry, KeyStoreError, Passwords, Rejected, StoredKeys, jks, pkcs12};

/// The keys of a file. `stem` names those that have no name of their own.
pub(super) fn read(
    octets: &[u8],
    stem: &str,
    passwords: &Passwords,
    backend: &dyn Backend,
) -> Result<StoredKeys, KeyStoreError> {
    if jks::is_jks(octets) || pkcs12::is_pkcs12(octets) {
        return StoredKeys::read(octets, passwords, backend);
    }
    let entry = |key: Jwk| {
        let alias = key.members().kid.clone().unwrap_or_else(|| stem.to_owned());
        Entry::new(alias, None, key, backend)
    };
    if octets.trim_ascii_start().starts_with(b"{") {
        return match is_set(octets)? {
            false => Ok(StoredKeys::new(
                vec![entry(Jwk::parse(octets)?)],
                Vec::new(),
            )),
            true => {
                let set = JwkSet::parse(octets)?;
                let rejected = set.rejected().iter().map(|rejected| Rejected {
                    name: rejected
                        .kid
                        .clone()
                        .unwrap_or_else(|| rejected.index.to_string()),
                    error: rejected.error.clone().into(),
                });
                let rejected = rejected.collect();
                let entries = set.into_keys().into_iter().map(entry).collect();
                Ok(StoredKeys::new(entries, rejected))
            }
        };
    }
    if !pem::is_key_file(octets) {
        return Err(KeyStoreError::NotAKeyFile);
    }
    let password = passwords.entry(stem).map(str::as_bytes);
    let key = pem::read(octets, password, backend)?;
    Ok(StoredKeys::new(vec![entry(key)], Vec::new()))
}

/// A JWK Set is the object that has `keys`.
fn is_set(octets: &[u8]) -> Result<bool, KeyError> {
    #[derive(Deserialize)]
    struct Form {
        keys: Option<IgnoredAny>,
    }
    let form: Form =
        json::from_slice(octets, Limits::DEFAULT.json_depth).map_err(KeyError::Json)?;
    Ok(form.keys.is_some())
}
