use core::fmt;
use std::sync::Arc;

use bulla_core::jwa::{SignatureAlg, SignatureScheme};
use bulla_core::jwk::{KeyError, PrivateJwk, PublicJwk};
use bulla_core::key::{AsyncSigner, Backend, KeySpec, Signer};

use super::Thumbprint;

/// The key pair of a client that its tokens are bound to, ready to make proofs. `S` is [`Signer`] for a local key and
/// [`AsyncSigner`] for one that may be far away.
#[derive(Clone)]
pub struct DpopKey<S = Signer> {
    pub(super) signer: S,
    pub(super) public: PublicJwk,
    pub(super) backend: Arc<dyn Backend>,
    thumbprint: Thumbprint,
}

impl DpopKey {
    /// A new key that lives as long as the value.
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] for an algorithm of RSA, which takes long to generate, and for what the backend lacks.
    pub fn generate(backend: &Arc<dyn Backend>, alg: SignatureAlg) -> Result<Self, KeyError> {
        let spec = match alg.facts().scheme {
            SignatureScheme::Ecdsa(curve, _) => KeySpec::Ec(curve),
            SignatureScheme::EdDsa([curve, ..]) => KeySpec::Okp(*curve),
            SignatureScheme::MlDsa(parameters) => KeySpec::MlDsa(parameters),
            _ => return Err(KeyError::Unsupported("a new RSA key for DPoP")),
        };
        let key = PrivateJwk::new(backend.generate(spec)?);
        let signer = Signer::bind_to(backend, &key, alg)?;
        Ok(Self::new(signer, &key.public(), backend))
    }
}

impl<S> DpopKey<S> {
    /// A key that the program has already. `public` is the public half of the signer's.
    pub fn new(signer: S, public: &PublicJwk, backend: &Arc<dyn Backend>) -> Self {
        Self {
            signer,
            // Only what makes the key: `kid`, certificates and the like are nobody's business.
            public: PublicJwk::new(public.key().clone()),
            backend: Arc::clone(backend),
            thumbprint: Thumbprint::of(public),
        }
    }

    /// What tokens are bound to.
    #[must_use]
    pub const fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }
}

impl From<DpopKey<Signer>> for DpopKey<AsyncSigner> {
    fn from(key: DpopKey<Signer>) -> Self {
        Self {
            signer: key.signer.into(),
            public: key.public,
            backend: key.backend,
            thumbprint: key.thumbprint,
        }
    }
}

impl<S> fmt::Debug for DpopKey<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DpopKey").field(&self.thumbprint).finish()
    }
}
