use std::path::PathBuf;
use std::sync::Arc;

use bulla_core::jwk::PublicJwk;
use bulla_core::key::Backend;
use cryptoki::context::Pkcs11;
use cryptoki::object::ObjectClass;

use super::error::Failed;
use super::key::{Pkcs11Key, blocking};
use super::object::Wanted;
use super::operation::AesKeyWrap;
use super::permitted::{Inquiry, edwards};
use super::sessions::{Sessions, login};
use super::token::Identity;
use super::{PROVIDER, Pin, module, object, public_key, token};
use crate::{Description, KeyHandle, OpenError, Opener, Permitted, Pkcs11Uri, VaultError};

/// Opens a key with a module that the caller has loaded and initialised, for locking by the operating system
/// (`CKF_OS_LOCKING_OK`). Of the URI, `module-path` and `pin-source` are not looked at.
///
/// # Errors
///
/// [`OpenError::Vault`]: [`VaultError::NotFound`] and [`VaultError::Ambiguous`] where the URI names no token or key, or
/// several; [`VaultError::Denied`] for a PIN that is wrong; [`OpenError::Key`] for a public half that is unfit.
pub async fn open(
    module: Pkcs11,
    uri: &Pkcs11Uri,
    pin: Option<Pin>,
    opener: &Opener,
) -> Result<KeyHandle, OpenError> {
    let (uri, backend) = (uri.clone(), Arc::clone(&opener.backend));
    let probe = opener.probe;
    let found = blocking(move || find(module, &uri, pin, backend.as_ref(), probe)).await?;
    handle(found, opener).await
}

/// Opens the key that a URI names.
pub(crate) async fn open_uri(uri: &Pkcs11Uri, opener: &Opener) -> Result<KeyHandle, OpenError> {
    let (uri, backend) = (uri.clone(), Arc::clone(&opener.backend));
    let probe = opener.probe;
    let found = blocking(move || {
        let from_environment = || std::env::var_os("PKCS11_MODULE_PATH").map(PathBuf::from);
        let path = uri.module_path().map(PathBuf::from);
        let path = path.or_else(from_environment).ok_or_else(|| VaultError::NotFound {
            detail: "no module: name it with module-path, or in the environment variable PKCS11_MODULE_PATH".into(),
        })?;
        let pin = Pin::of(&uri)?;
        find(module::load(&path)?, &uri, pin, backend.as_ref(), probe)
    })
    .await?;
    handle(found, opener).await
}

async fn handle(found: Found, opener: &Opener) -> Result<KeyHandle, OpenError> {
    let public = found.description.public.as_ref();
    let curve = public.and_then(|public| edwards(public.key()));
    let threads = opener.rules.in_flight;
    let key = Pkcs11Key::new(found.sessions, threads, curve, found.aes);
    KeyHandle::open(found.description, Arc::new(key), opener).await
}

/// A key, and what was found out about it.
struct Found {
    sessions: Sessions,
    description: Description,
    aes: Option<AesKeyWrap>,
}

fn find(
    module: Pkcs11,
    uri: &Pkcs11Uri,
    pin: Option<Pin>,
    backend: &dyn Backend,
    probe: bool,
) -> Result<Found, OpenError> {
    let (slot, token) = token::find(&module, uri)?;
    let session = module.open_ro_session(slot).map_err(Failed::from)?;
    login(&module, slot, &session, pin.as_ref())?;
    let (key, wanted) = match object::find(&session, uri) {
        Err(Failed::Answered(VaultError::NotFound { .. }))
            if pin.is_none() && token.login_required() =>
        {
            return Err(OpenError::Vault(VaultError::Denied {
                detail: "without a PIN the token shows no such key: name the PIN's place with pin-source, or give it in the environment variable BULLA_PKCS11_PIN".into(),
            }));
        }
        found => found?,
    };
    let inquiry = Inquiry::new(&module, slot, &session, key, backend, probe)?;
    let (public, permitted, aes) = if wanted.class == ObjectClass::SECRET_KEY {
        let (permitted, aes) = inquiry.of_secret()?;
        (None, permitted, aes)
    } else {
        let public = public_key::read(&session, key, &wanted, backend)?;
        let permitted = inquiry.of_key_pair(&public)?;
        (Some(PublicJwk::new(public)), permitted, None)
    };
    if permitted == Permitted::default() {
        return Err(OpenError::Vault(VaultError::unsupported(
            "the token lets the key be used for none of the algorithms of JOSE",
        )));
    }
    let identity = Identity::of(&token);
    let description = Description {
        provider: PROVIDER,
        name: format!(
            "{}/{}",
            token.label(),
            String::from_utf8_lossy(&wanted.label)
        ),
        version: version(&identity.serial, &wanted),
        public,
        permitted,
    };
    let sessions = Sessions::new(module, (slot, identity), wanted, pin);
    // The login lasts while a session is open: the first connection takes it over.
    sessions.with(|_, _| Ok(()))?;
    Ok(Found {
        sessions,
        description,
        aes,
    })
}

/// The token's serial number and the key's id: together they name one key for good.
fn version(serial: &str, wanted: &Wanted) -> String {
    let id: String = wanted
        .id
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    format!("{serial}:{id}")
}
