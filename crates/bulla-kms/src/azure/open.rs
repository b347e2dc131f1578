use core::time::Duration;
use std::sync::Arc;
use std::time::SystemTime;

use azure_security_keyvault_keys::KeyClient;
use azure_security_keyvault_keys::models::{Key, KeyClientGetKeyOptions};
use bulla_core::SecretBytes;
use bulla_core::jwa::{KeyManagementAlg, MacAlg};

use super::PROVIDER;
use super::error::vault_error;
use super::identifier::Identifier;
use super::jwk::{self, Normalized};
use super::key::AzureKey;
use super::validity::Validity;
use crate::rules::Calls;
use crate::uri::{AzureKeyVaultUri, is_plain};
use crate::{Description, KeyHandle, OpenError, Opener, Permitted, VaultError, VaultKey};

/// The first request also asks somebody else for a token, or starts a program that does.
const OPENING: Duration = Duration::from_secs(30);

/// Opens a key with a client of one's own, made with the [`options`](super::options) of this module or others.
///
/// Without a version it is the newest that there is now; the handle stays with it. The caller needs the permissions `get`
/// and those of the operations: the role "Key Vault Crypto User" has them.
///
/// # Errors
///
/// [`OpenError::Vault`]: among others [`VaultError::Disabled`] for a version that is not enabled, and for one outside its
/// validity that could only sign; [`OpenError::Key`] for a public key that is unfit.
pub async fn open(
    client: impl Into<Arc<KeyClient>>,
    name: &str,
    version: Option<&str>,
    opener: &Opener,
) -> Result<KeyHandle, OpenError> {
    let client = client.into();
    if !is_plain(name) || !version.is_none_or(is_plain) {
        return Err(VaultError::NotFound {
            detail: "a key's name and version are letters, digits and hyphens".into(),
        }
        .into());
    }
    let calls = Calls::new(PROVIDER, opener.rules.at_least(OPENING));
    let found = calls.run("get", || get(&client, name, version)).await?;
    let (pinned, mut found, attributes) = {
        let Key {
            key, attributes, ..
        } = found;
        let jwk = key.ok_or(VaultError::Integrity {
            what: "the answer has no key",
        })?;
        let pinned = jwk.kid.as_deref().and_then(Identifier::parse);
        let pinned = pinned.filter(|kid| kid.is_of(name, version));
        let pinned = pinned.ok_or(VaultError::Integrity {
            what: "the answer is of another key or version",
        })?;
        (pinned, jwk::normalize(&jwk)?, attributes)
    };
    hold_to(
        Validity::of(attributes.as_ref(), SystemTime::now()),
        &mut found.permitted,
    )?;
    let key = AzureKey {
        client,
        name: name.to_owned(),
        pinned: pinned.clone(),
        unwraps: found.unwraps,
    };
    if found.public.is_none() && found.wraps && opener.probe {
        find_length(&key, &calls, opener, &mut found).await?;
    }
    let description = Description {
        provider: PROVIDER,
        name: pinned.key(),
        version: pinned.version().to_owned(),
        public: found.public,
        permitted: found.permitted,
    };
    KeyHandle::open(description, Arc::new(key), opener).await
}

/// Opens the key of a URI, with credentials from where Azure's own tools take them.
pub(crate) async fn open_uri(
    uri: &AzureKeyVaultUri,
    opener: &Opener,
) -> Result<KeyHandle, OpenError> {
    let client = opener.azure.of(uri, opener)?;
    open(client, uri.name(), uri.version(), opener).await
}

async fn get(client: &KeyClient, name: &str, version: Option<&str>) -> Result<Key, VaultError> {
    let options = KeyClientGetKeyOptions {
        key_version: version.map(str::to_owned),
        ..KeyClientGetKeyOptions::default()
    };
    let answer = client.get_key(name, Some(options)).await;
    answer
        .and_then(azure_core::http::Response::into_model)
        .map_err(|error| vault_error(&error))
}

fn hold_to(validity: Validity, permitted: &mut Permitted) -> Result<(), VaultError> {
    match validity {
        Validity::Valid => Ok(()),
        Validity::Disabled(error) => Err(error),
        Validity::DecryptsOnly(error) if permitted.key_management.is_empty() => Err(error),
        Validity::DecryptsOnly(_) => {
            permitted.signatures.clear();
            permitted.macs.clear();
            Ok(())
        }
    }
}

/// The length of a symmetric key, which stands nowhere: the one algorithm that it wraps with tells.
async fn find_length(
    key: &AzureKey,
    calls: &Calls,
    opener: &Opener,
    found: &mut Normalized,
) -> Result<(), OpenError> {
    let mut secret = vec![0; 32];
    opener
        .backend
        .random(&mut secret)
        .map_err(|error| OpenError::bug(&error))?;
    let secret = SecretBytes::from(secret);
    for alg in [
        KeyManagementAlg::A256Kw,
        KeyManagementAlg::A192Kw,
        KeyManagementAlg::A128Kw,
    ] {
        let wrapped = match calls.run("wrap", || key.wrap(alg, &secret)).await {
            Ok(wrapped) => wrapped,
            // Not of this length, or the vault does not have the algorithm.
            Err(VaultError::Unsupported { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        found.permitted.key_management.retain(|one| *one == alg);
        if alg != KeyManagementAlg::A256Kw {
            found.permitted.macs.retain(|mac| *mac != MacAlg::Hs256);
        }
        if found.permitted.key_management.is_empty() {
            return Ok(());
        }
        let back = calls.run("unwrap", || key.unwrap(alg, &wrapped)).await?;
        return if back == secret {
            Ok(())
        } else {
            Err(VaultError::Integrity {
                what: "what it unwraps is not what it wrapped",
            }
            .into())
        };
    }
    found.permitted.key_management.clear();
    Ok(())
}
