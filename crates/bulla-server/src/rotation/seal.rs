use core::fmt;
use std::sync::Arc;

use bulla::SecretBytes;
use bulla::jwa::{ContentEncryptionAlg, HashAlg, KeyManagementAlg};
use bulla::jwe::{Builder, Jwe};
use bulla::jwk::{KeyError, SecretJwk};
use bulla::key::{Backend, Decrypter, Encrypter};
use serde_json::Value;

/// Encrypts what is secret in the store: the private keys, and the secret of DPoP nonces.
///
/// Each is a compact JWE (`A256GCMKW`, `A256GCM`). Its header, which is authenticated, says whose it is (`iss`, the
/// issuer) and what (`sub`, a `kid` or a name): a row that is moved to another place in the store does not open there.
#[derive(Clone)]
pub struct KeyEncryption {
    encrypter: Encrypter,
    decrypter: Decrypter,
    old: Option<Decrypter>,
    /// Tells this key from others, and tells nothing of it.
    id: String,
}

/// What was sealed, opened.
pub(crate) struct Opened {
    pub(crate) secret: SecretBytes,
    /// It is sealed with the old key, and is to be sealed anew.
    pub(crate) by_old: bool,
}

impl KeyEncryption {
    /// With this key, of 32 octets.
    ///
    /// # Errors
    ///
    /// [`KeyError`] for a key of another length.
    pub fn new(backend: &Arc<dyn Backend>, key: &SecretBytes) -> Result<Self, KeyError> {
        let key = SecretJwk::new(key.expose());
        let mut id = key.thumbprint(HashAlg::Sha256);
        id.truncate(16);
        Ok(Self {
            encrypter: Encrypter::bind_to(backend, &key, ALG)?,
            decrypter: Decrypter::bind_to(backend, &key, ALG)?,
            old: None,
            id,
        })
    }

    /// Also opens what was encrypted with this key before. It is encrypted anew when it is read.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn replacing(
        mut self,
        backend: &Arc<dyn Backend>,
        old: &SecretBytes,
    ) -> Result<Self, KeyError> {
        let old = SecretJwk::new(old.expose());
        self.old = Some(Decrypter::bind_to(backend, &old, ALG)?);
        Ok(self)
    }

    /// A name for the key.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn seal(&self, realm: &str, name: &str, secret: &[u8]) -> Result<String, KeyError> {
        Builder::new(secret, ENC)
            .header("iss", realm)
            .header("sub", name)
            .encrypt_compact(&self.encrypter)
            .map_err(|_| KeyError::Backend)
    }

    /// `None` where it is not what was sealed for this place with this key.
    pub(crate) fn open(&self, realm: &str, name: &str, sealed: &str) -> Option<Opened> {
        let open = |decrypter| open(realm, name, sealed, decrypter);
        match open(&self.decrypter) {
            Some(secret) => Some(Opened {
                secret,
                by_old: false,
            }),
            None => Some(Opened {
                secret: self.old.as_ref().and_then(open)?,
                by_old: true,
            }),
        }
    }
}

fn open(realm: &str, name: &str, sealed: &str, decrypter: &Decrypter) -> Option<SecretBytes> {
    let jwe = Jwe::parse_compact(sealed).ok()?;
    let says = |member, expected: &str| {
        jwe.protected().get(member).and_then(Value::as_str) == Some(expected)
    };
    if !says("iss", realm) || !says("sub", name) {
        return None;
    }
    let opened = jwe.decrypt(decrypter).ok()?;
    Some(opened.into_plaintext().into())
}

const ALG: KeyManagementAlg = KeyManagementAlg::A256GcmKw;
const ENC: ContentEncryptionAlg = ContentEncryptionAlg::A256Gcm;

impl fmt::Debug for KeyEncryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyEncryption").finish_non_exhaustive()
    }
}
