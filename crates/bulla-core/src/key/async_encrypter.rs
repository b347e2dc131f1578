use core::fmt;
use std::sync::Arc;

use super::encrypter::EncrypterKind;
use super::{Backend, Encrypter, WrapAsync, WrapError};
use crate::jwa::AlgName;
use crate::secret::SecretBytes;

/// A key bound to one key management algorithm that may live far away, ready to encrypt to its holder.
///
/// It is for keys that have no public half, such as an AES key in a vault: to encrypt for the holder of a key pair takes the
/// public key alone, as an [`Encrypter`]. A local one becomes one of these by `From`, so that both stand side by side.
#[derive(Clone)]
pub struct AsyncEncrypter(Place);

#[derive(Clone)]
enum Place {
    Near(Encrypter),
    Far {
        wrap: Arc<dyn WrapAsync>,
        kid: Option<String>,
        backend: Arc<dyn Backend>,
    },
}

impl AsyncEncrypter {
    /// A key far away that wraps.
    #[must_use]
    pub fn from_wrap(
        backend: &Arc<dyn Backend>,
        wrap: Arc<dyn WrapAsync>,
        kid: Option<String>,
    ) -> Self {
        Self(Place::Far {
            wrap,
            kid,
            backend: Arc::clone(backend),
        })
    }

    /// The one algorithm.
    #[must_use]
    pub fn alg(&self) -> &AlgName {
        match &self.0 {
            Place::Near(near) => near.alg(),
            Place::Far { wrap, .. } => WrapAsync::alg(wrap.as_ref()),
        }
    }

    /// The `kid` that headers made with this encrypter carry, unless they set their own.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        match &self.0 {
            Place::Near(near) => near.kid(),
            Place::Far { kid, .. } => kid.as_deref(),
        }
    }

    pub(crate) fn backend(&self) -> &dyn Backend {
        match &self.0 {
            Place::Near(near) => near.0.backend.as_ref(),
            Place::Far { backend, .. } => backend.as_ref(),
        }
    }

    /// What encrypts under this content encryption key, with the key operation done: fit for one token.
    pub(crate) async fn ready(&self, cek: &SecretBytes) -> Result<Encrypter, WrapError> {
        match &self.0 {
            Place::Near(near) => Ok(near.clone()),
            Place::Far { wrap, kid, backend } => {
                let wrapped = wrap.wrap_async(cek).await?;
                let kind = EncrypterKind::Ready {
                    cek: cek.clone(),
                    wrapped,
                };
                let alg = WrapAsync::alg(wrap.as_ref()).clone();
                Ok(Encrypter::new(alg, kid.clone(), kind, backend))
            }
        }
    }
}

impl From<Encrypter> for AsyncEncrypter {
    fn from(near: Encrypter) -> Self {
        Self(Place::Near(near))
    }
}

impl fmt::Debug for AsyncEncrypter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncEncrypter")
            .field("alg", self.alg())
            .field("kid", &self.kid())
            .finish_non_exhaustive()
    }
}
