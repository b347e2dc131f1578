use core::fmt;
use std::sync::Arc;

use super::bind_encryption::DecryptionKey;
use super::encrypter::{DirectKey, pbes2};
use super::{Agree, AgreeAsync, Backend, KeyInfo, Material, Unwrap, UnwrapAsync};
use crate::jwa::{AlgName, KeyManagementAlg, KeyManagementScheme};
use crate::jwk::{KeyError, PublicJwk};
use crate::secret::SecretBytes;
use crate::trust::Trust;

/// A private or shared key bound to one key management algorithm, ready to decrypt.
///
/// A token's `alg` is compared with the bound one and never consulted. Cheap to clone and to share.
#[derive(Clone)]
pub struct Decrypter(pub(crate) Arc<BoundDecrypter<dyn Unwrap, dyn Agree>>);

/// A key bound to one key management algorithm that may live far away.
///
/// A local [`Decrypter`] becomes one by `From`, so that both stand side by side.
#[derive(Clone)]
pub struct AsyncDecrypter(pub(crate) Arc<BoundDecrypter<dyn UnwrapAsync, dyn AgreeAsync>>);

/// `U` unwraps and `A` agrees, at once or later.
pub(crate) struct BoundDecrypter<U: ?Sized, A: ?Sized> {
    pub(crate) info: Arc<KeyInfo>,
    pub(crate) kind: DecrypterKind<U, A>,
    pub(crate) backend: Arc<dyn Backend>,
}

pub(crate) enum DecrypterKind<U: ?Sized, A: ?Sized> {
    Direct(Arc<DirectKey>),
    Agreed {
        agree: Arc<A>,
        wrap_len: Option<usize>,
    },
    Wrapped(Arc<U>),
}

impl Decrypter {
    /// Binds a key to the algorithm that the key itself names.
    ///
    /// # Errors
    ///
    /// As for [`bind_to`](Self::bind_to), and [`KeyError::Ambiguous`] where the key names none.
    pub fn bind<K: DecryptionKey>(backend: &Arc<dyn Backend>, key: &K) -> Result<Self, KeyError> {
        key.bind_decrypter(backend, key.own_key_management()?)
    }

    /// Binds a key to an algorithm.
    ///
    /// # Errors
    ///
    /// [`KeyError::UsageMismatch`] where type, curve, `alg`, `use` or `key_ops` do not fit,
    /// [`KeyError::TooWeak`] for RSA below 2048 bits, [`KeyError::Malformed`] for material that is wrong.
    ///
    /// # Security
    ///
    /// [`KeyManagementAlg::Rsa1_5`] is legacy: bind it only where a peer leaves no choice. Its padding is never
    /// told apart from a wrong tag here.
    pub fn bind_to<K: DecryptionKey>(
        backend: &Arc<dyn Backend>,
        key: &K,
        alg: KeyManagementAlg,
    ) -> Result<Self, KeyError> {
        key.bind_decrypter(backend, alg)
    }

    /// Binds a password to one of the PBES2 algorithms. A token's `p2c` is bounded by the policy's limits.
    ///
    /// # Errors
    ///
    /// [`KeyError::UsageMismatch`] for another algorithm, [`KeyError::Malformed`] for an empty password.
    pub fn password(
        backend: &Arc<dyn Backend>,
        password: impl Into<SecretBytes>,
        alg: KeyManagementAlg,
    ) -> Result<Self, KeyError> {
        let pbes2 = pbes2(
            backend,
            password.into(),
            alg,
            crate::Limits::DEFAULT.p2c_max,
        )?;
        let info = KeyInfo::new(alg.name().clone(), None, Material::Unknown);
        Ok(Self::new(
            info,
            DecrypterKind::Wrapped(Arc::new(pbes2)),
            backend,
        ))
    }

    /// A decrypter for a key operation of your own that unwraps.
    #[must_use]
    pub fn from_unwrap(
        backend: &Arc<dyn Backend>,
        unwrap: Arc<dyn Unwrap>,
        kid: Option<String>,
    ) -> Self {
        let alg = Unwrap::alg(unwrap.as_ref()).clone();
        Self::new(
            KeyInfo::new(alg, kid, Material::Unknown),
            DecrypterKind::Wrapped(unwrap),
            backend,
        )
    }

    /// A decrypter for a key operation of your own that agrees, for one of the ECDH-ES algorithms: `jwk` is its public half.
    ///
    /// # Errors
    ///
    /// [`KeyError::UsageMismatch`] for an algorithm that does not agree.
    pub fn from_agree(
        backend: &Arc<dyn Backend>,
        agree: Arc<dyn Agree>,
        jwk: &PublicJwk,
        alg: KeyManagementAlg,
    ) -> Result<Self, KeyError> {
        let wrap_len = agreed_wrap_len(alg)?;
        let material = Material::Public(jwk.key().clone());
        let info = KeyInfo::new(alg.name().clone(), jwk.members().kid.clone(), material);
        let kind = DecrypterKind::Agreed { agree, wrap_len };
        Ok(Self::new(info, kind, backend))
    }

    pub(crate) fn new(
        info: KeyInfo,
        kind: DecrypterKind<dyn Unwrap, dyn Agree>,
        backend: &Arc<dyn Backend>,
    ) -> Self {
        Self(Arc::new(BoundDecrypter {
            info: Arc::new(info),
            kind,
            backend: Arc::clone(backend),
        }))
    }

    /// Keeps the reason that the key is trusted for. Only for a decrypter that was bound just now, which nobody else
    /// has yet.
    pub(crate) fn trusted_because(mut self, why: Trust) -> Self {
        let bound = Arc::get_mut(&mut self.0);
        if let Some(info) = bound.and_then(|bound| Arc::get_mut(&mut bound.info)) {
            info.trusted_because(why);
        }
        self
    }

    /// The one algorithm.
    #[must_use]
    pub fn alg(&self) -> &AlgName {
        self.0.info.alg()
    }

    /// What may be said about the key.
    #[must_use]
    pub fn info(&self) -> &KeyInfo {
        &self.0.info
    }
}

impl AsyncDecrypter {
    /// A key far away that unwraps: `jwk` is its public half.
    #[must_use]
    pub fn from_unwrap(
        backend: &Arc<dyn Backend>,
        unwrap: Arc<dyn UnwrapAsync>,
        jwk: &PublicJwk,
    ) -> Self {
        let alg = UnwrapAsync::alg(unwrap.as_ref()).clone();
        Self::new(alg, jwk, DecrypterKind::Wrapped(unwrap), backend)
    }

    /// A key far away that unwraps and has no public half: AES key wrap.
    #[must_use]
    pub fn from_secret(
        backend: &Arc<dyn Backend>,
        unwrap: Arc<dyn UnwrapAsync>,
        kid: Option<String>,
    ) -> Self {
        let alg = UnwrapAsync::alg(unwrap.as_ref()).clone();
        let info = KeyInfo::new(alg, kid, Material::Unknown);
        Self::with(info, DecrypterKind::Wrapped(unwrap), backend)
    }

    /// A key far away that agrees, for one of the ECDH-ES algorithms: `jwk` is its public half.
    ///
    /// # Errors
    ///
    /// [`KeyError::UsageMismatch`] for an algorithm that does not agree.
    pub fn from_agree(
        backend: &Arc<dyn Backend>,
        agree: Arc<dyn AgreeAsync>,
        jwk: &PublicJwk,
        alg: KeyManagementAlg,
    ) -> Result<Self, KeyError> {
        let wrap_len = agreed_wrap_len(alg)?;
        Ok(Self::new(
            alg.name().clone(),
            jwk,
            DecrypterKind::Agreed { agree, wrap_len },
            backend,
        ))
    }

    fn new(
        alg: AlgName,
        jwk: &PublicJwk,
        kind: DecrypterKind<dyn UnwrapAsync, dyn AgreeAsync>,
        backend: &Arc<dyn Backend>,
    ) -> Self {
        let material = Material::Public(jwk.key().clone());
        let info = KeyInfo::new(alg, jwk.members().kid.clone(), material);
        Self::with(info, kind, backend)
    }

    fn with(
        info: KeyInfo,
        kind: DecrypterKind<dyn UnwrapAsync, dyn AgreeAsync>,
        backend: &Arc<dyn Backend>,
    ) -> Self {
        Self(Arc::new(BoundDecrypter {
            info: Arc::new(info),
            kind,
            backend: Arc::clone(backend),
        }))
    }

    /// The one algorithm.
    #[must_use]
    pub fn alg(&self) -> &AlgName {
        self.0.info.alg()
    }
}

/// What an algorithm of ECDH-ES does with the shared secret.
fn agreed_wrap_len(alg: KeyManagementAlg) -> Result<Option<usize>, KeyError> {
    match alg.facts().scheme {
        KeyManagementScheme::EcdhEs { wrap_len } => Ok(wrap_len),
        _ => Err(KeyError::UsageMismatch(crate::jwk::UsageMismatch::Type {
            found: "a key that agrees",
            expected: "another kind of key",
        })),
    }
}

impl From<Decrypter> for AsyncDecrypter {
    fn from(local: Decrypter) -> Self {
        /// `Arc<dyn Unwrap>` cannot become `Arc<dyn UnwrapAsync>` by itself; a struct that holds it can.
        struct LocalUnwrap(Arc<dyn Unwrap>);
        impl Unwrap for LocalUnwrap {
            fn alg(&self) -> &AlgName {
                Unwrap::alg(self.0.as_ref())
            }
            fn unwrap_key(
                &self,
                wrapped: &super::WrappedKey,
            ) -> Result<SecretBytes, super::UnwrapError> {
                self.0.unwrap_key(wrapped)
            }
        }
        struct LocalAgree(Arc<dyn Agree>);
        impl Agree for LocalAgree {
            fn agree(
                &self,
                ephemeral: &crate::jwk::PublicKey,
            ) -> Result<SecretBytes, super::UnwrapError> {
                self.0.agree(ephemeral)
            }
        }
        let kind = match &local.0.kind {
            DecrypterKind::Direct(key) => DecrypterKind::Direct(Arc::clone(key)),
            DecrypterKind::Agreed { agree, wrap_len } => {
                let agree: Arc<dyn AgreeAsync> = Arc::new(LocalAgree(Arc::clone(agree)));
                DecrypterKind::Agreed {
                    agree,
                    wrap_len: *wrap_len,
                }
            }
            DecrypterKind::Wrapped(unwrap) => DecrypterKind::Wrapped(Arc::new(LocalUnwrap(
                Arc::clone(unwrap),
            ))
                as Arc<dyn UnwrapAsync>),
        };
        Self(Arc::new(BoundDecrypter {
            info: Arc::clone(&local.0.info),
            kind,
            backend: Arc::clone(&local.0.backend),
        }))
    }
}

impl fmt::Debug for Decrypter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Decrypter").field(self.info()).finish()
    }
}

impl fmt::Debug for AsyncDecrypter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AsyncDecrypter").field(&self.0.info).finish()
    }
}
