use core::fmt;
use std::error::Error;
use std::sync::Arc;

use bulla_core::jwa::{SignatureAlg, SignatureScheme};
use bulla_core::jwk::{KeyError, PrivateJwk};
use bulla_core::key::{Backend, BoxFuture, KeySpec, RotationKey};

/// Makes the next key of a rotation. Ours is [`NewKeys`], whose keys live as long as the program; one of your own may
/// make them in a vault, or save them before they are used.
pub trait MakeKey: Send + Sync + fmt::Debug {
    /// A new key, with a `kid` that no key had before.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being made. It is logged, and not told to whoever asked for the rotation.
    fn make(&self) -> BoxFuture<'_, Result<RotationKey, Box<dyn Error + Send + Sync>>>;
}

/// Generates local keys for one algorithm, each named by its thumbprint (RFC 7638).
#[derive(Clone, Debug)]
pub struct NewKeys {
    backend: Arc<dyn Backend>,
    alg: SignatureAlg,
}

impl NewKeys {
    /// Keys for this algorithm; those of RSA have 3072 bits.
    #[must_use]
    pub fn local(backend: &Arc<dyn Backend>, alg: SignatureAlg) -> Self {
        Self {
            backend: Arc::clone(backend),
            alg,
        }
    }

    /// A new key, here and now: the first of a rotation. One of RSA takes a while.
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] for an algorithm that the backend lacks.
    pub fn generate(&self) -> Result<RotationKey, KeyError> {
        let spec = match self.alg.facts().scheme {
            SignatureScheme::Ecdsa(curve, _) => KeySpec::Ec(curve),
            SignatureScheme::EdDsa([curve, ..]) => KeySpec::Okp(*curve),
            SignatureScheme::MlDsa(parameters) => KeySpec::MlDsa(parameters),
            SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_) => {
                KeySpec::Rsa { bits: 3072 }
            }
            _ => return Err(KeyError::Unsupported("a new key for this algorithm")),
        };
        let key = PrivateJwk::new(self.backend.generate(spec)?);
        RotationKey::local(&self.backend, &key, self.alg)
    }
}

/// Where it disturbs nobody that waits.
impl MakeKey for NewKeys {
    fn make(&self) -> BoxFuture<'_, Result<RotationKey, Box<dyn Error + Send + Sync>>> {
        let new_keys = self.clone();
        Box::pin(
            async move { Ok(tokio::task::spawn_blocking(move || new_keys.generate()).await??) },
        )
    }
}
