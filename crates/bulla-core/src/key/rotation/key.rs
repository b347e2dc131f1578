use std::sync::Arc;

use super::RotationError;
use crate::jwa::SignatureAlg;
use crate::jwk::{KeyError, PrivateJwk, PublicJwk, PublicKeyUse};
use crate::key::{AsyncSigner, Backend, Signer};

/// A key of a rotation: what signs, near or far, and what verifiers are told.
#[derive(Clone, Debug)]
pub struct RotationKey {
    pub(super) signer: AsyncSigner,
    pub(super) public: PublicJwk,
    pub(super) kid: String,
}

impl RotationKey {
    /// A key, with its public half. `use` and `alg` of the public half become what the signer does.
    ///
    /// # Errors
    ///
    /// [`RotationError::Kid`] where the signer has no `kid`, or the public half has another.
    pub fn new(
        signer: impl Into<AsyncSigner>,
        mut public: PublicJwk,
    ) -> Result<Self, RotationError> {
        let signer = signer.into();
        let kid = signer.kid().ok_or(RotationError::Kid)?.to_owned();
        let members = public.members_mut();
        if members.kid.get_or_insert_with(|| kid.clone()) != &kid {
            return Err(RotationError::Kid);
        }
        members.alg = Some(signer.alg().clone());
        members.key_use = Some(PublicKeyUse::Signature);
        Ok(Self {
            signer,
            public,
            kid,
        })
    }

    /// A local key bound to `alg`. One without a `kid` gets its thumbprint (RFC 7638, SHA-256).
    ///
    /// # Errors
    ///
    /// As for [`Signer::bind_to`].
    pub fn local(
        backend: &Arc<dyn Backend>,
        key: &PrivateJwk,
        alg: SignatureAlg,
    ) -> Result<Self, KeyError> {
        let mut key = key.clone();
        let mut public = key.public();
        let kid = match &key.members().kid {
            Some(kid) => kid.clone(),
            None => public.thumbprint(crate::jwa::HashAlg::Sha256),
        };
        key.members_mut().kid = Some(kid.clone());
        let signer = Signer::bind_to(backend, &key, alg)?;
        let members = public.members_mut();
        members.kid = Some(kid.clone());
        members.alg = Some(alg.name().clone());
        members.key_use = Some(PublicKeyUse::Signature);
        Ok(Self {
            signer: signer.into(),
            public,
            kid,
        })
    }

    /// The `kid`.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What verifiers are told.
    #[must_use]
    pub const fn public(&self) -> &PublicJwk {
        &self.public
    }

    /// What signs.
    #[must_use]
    pub const fn signer(&self) -> &AsyncSigner {
        &self.signer
    }
}
