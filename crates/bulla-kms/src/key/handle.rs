use core::fmt;
use std::sync::Arc;

use bulla_core::jwa::{HashAlg, KeyManagementAlg, KeyManagementScheme, MacAlg, SignatureAlg};
use bulla_core::jwk::PublicJwk;
use bulla_core::key::{
    AsyncDecrypter, AsyncEncrypter, AsyncSigner, Backend, Encrypter, RotationKey,
};

use super::wrap::VaultWrap;
use super::{Description, Permitted, probe};
use crate::rules::Calls;
use crate::{OpenError, Opener, VaultError, VaultKey};

/// A key in a vault: which one, in which version, what may be said about it, and what it may do. It never changes.
///
/// Cheap to clone; clones share the bound on calls that are on their way.
#[derive(Clone)]
pub struct KeyHandle(pub(super) Arc<Held>);

pub(super) struct Held {
    pub(super) description: Description,
    pub(super) kid: Option<String>,
    pub(super) key: Arc<dyn VaultKey>,
    pub(super) calls: Calls,
    pub(super) backend: Arc<dyn Backend>,
}

impl KeyHandle {
    /// A key that a backend has opened. Unless the opener says otherwise, the key is tried: a signature is made and
    /// verified here, or a secret encrypted here and decrypted there.
    ///
    /// # Errors
    ///
    /// [`OpenError::Vault`] where the vault fails, with [`VaultError::Integrity`] where its answer does not fit the public
    /// key; [`OpenError::Key`] for a public key that is unfit.
    pub async fn open(
        mut description: Description,
        key: Arc<dyn VaultKey>,
        opener: &Opener,
    ) -> Result<Self, OpenError> {
        let kid = match (&opener.kid, &description.public) {
            (Some(kid), _) => Some(kid.clone()),
            (None, Some(public)) => Some(public.thumbprint(HashAlg::Sha256)),
            (None, None) => None,
        };
        if let Some(public) = &mut description.public {
            public.members_mut().kid.clone_from(&kid);
        }
        let handle = Self(Arc::new(Held {
            calls: Calls::new(description.provider, opener.rules),
            description,
            kid,
            key,
            backend: Arc::clone(&opener.backend),
        }));
        if opener.probe {
            probe::probe(&handle).await?;
        }
        Ok(handle)
    }

    /// The kind of vault.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.0.description.provider
    }

    /// The key's name in the vault.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.description.name
    }

    /// The version that is used.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.0.description.version
    }

    /// The `kid` of what is made with it: the one that was asked for, or else the thumbprint of the public key (RFC 7638,
    /// SHA-256), so that no token tells where the key is.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.0.kid.as_deref()
    }

    /// The public half, with the `kid`, for whoever verifies or encrypts: locally, as with any other public key.
    #[must_use]
    pub fn public(&self) -> Option<&PublicJwk> {
        self.0.description.public.as_ref()
    }

    /// What the key may be used for.
    #[must_use]
    pub fn permitted(&self) -> &Permitted {
        &self.0.description.permitted
    }

    /// Signs with the key. Each signature is verified here with the public half, as the [`Rules`](crate::Rules) say.
    ///
    /// # Errors
    ///
    /// [`VaultError::Unsupported`] for an algorithm that is not [`permitted`](Self::permitted).
    pub fn signer(&self, alg: SignatureAlg) -> Result<AsyncSigner, VaultError> {
        let sign = self.sign(alg)?;
        Ok(AsyncSigner::unchecked(sign, self.0.kid.clone()))
    }

    /// Computes authentication codes with the key. What is authenticated is sent to the vault, and nothing can be verified
    /// here.
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer).
    pub fn mac_signer(&self, alg: MacAlg) -> Result<AsyncSigner, VaultError> {
        let mac = self.mac(alg)?;
        Ok(AsyncSigner::from_mac(mac, self.0.kid.clone()))
    }

    /// Decrypts with the key. Encrypting to it needs [`public`](Self::public) alone.
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer).
    pub fn decrypter(&self, alg: KeyManagementAlg) -> Result<AsyncDecrypter, VaultError> {
        let backend = &self.0.backend;
        match (alg.facts().scheme, self.public()) {
            (KeyManagementScheme::EcdhEs { .. }, Some(public)) => {
                AsyncDecrypter::from_agree(backend, self.agree(alg)?, public, alg)
                    .map_err(|error| VaultError::unsupported(error.to_string()))
            }
            (_, Some(public)) => {
                let unwrap = self.unwrap(alg)?;
                Ok(AsyncDecrypter::from_unwrap(backend, unwrap, public))
            }
            (_, None) => {
                let (unwrap, kid) = (self.unwrap(alg)?, self.0.kid.clone());
                Ok(AsyncDecrypter::from_secret(backend, unwrap, kid))
            }
        }
    }

    /// Encrypts for the holder of the key: here, with the public half, or in the vault where there is none.
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer).
    pub fn encrypter(&self, alg: KeyManagementAlg) -> Result<AsyncEncrypter, VaultError> {
        if !self.permitted().key_management.contains(&alg) {
            return Err(self.not_permitted(alg.name().as_str()));
        }
        let backend = &self.0.backend;
        let Some(public) = self.public() else {
            let wrap = Arc::new(VaultWrap::new(self, alg));
            return Ok(AsyncEncrypter::from_wrap(backend, wrap, self.0.kid.clone()));
        };
        let near = Encrypter::bind_to(backend, public, alg);
        near.map(AsyncEncrypter::from)
            .map_err(|error| VaultError::unsupported(error.to_string()))
    }

    /// The key as one of a [`KeyRotation`](bulla_core::key::KeyRotation).
    ///
    /// # Errors
    ///
    /// As for [`signer`](Self::signer), and for a key that has no public half.
    pub fn rotation_key(&self, alg: SignatureAlg) -> Result<RotationKey, VaultError> {
        let public = self.public().ok_or_else(|| {
            VaultError::unsupported("a key without a public half is not published")
        })?;
        RotationKey::new(self.signer(alg)?, public.clone())
            .map_err(|error| VaultError::unsupported(error.to_string()))
    }

    pub(super) fn not_permitted(&self, alg: &str) -> VaultError {
        let permitted = self.permitted();
        let signatures = permitted.signatures.iter().map(|alg| alg.name());
        let macs = permitted.macs.iter().map(|alg| alg.name());
        let management = permitted.key_management.iter().map(|alg| alg.name());
        let names: Vec<&str> = signatures
            .chain(macs)
            .chain(management)
            .map(|name| name.as_str())
            .collect();
        VaultError::unsupported(format!("{alg}; it is for {}", names.join(", ")))
    }
}

impl fmt::Debug for KeyHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyHandle")
            .field("provider", &self.provider())
            .field("name", &self.name())
            .field("version", &self.version())
            .field("kid", &self.kid())
            .field("permitted", self.permitted())
            .finish_non_exhaustive()
    }
}
