use core::fmt;
use std::sync::{Arc, OnceLock};

use super::bind_encryption::EncryptionKey;
use super::symmetric_wrap::Pbes2;
use super::{Backend, BackendError, ContentKey, Wrap, WrappedKey};
use crate::jwa::{AlgName, ContentEncryptionAlg, KeyManagementAlg, KeyManagementScheme};
use crate::jwk::{KeyError, PublicKey};
use crate::secret::SecretBytes;

/// A public or shared key bound to one key management algorithm, ready to encrypt to its holder.
///
/// Cheap to clone and to share between threads.
#[derive(Clone)]
pub struct Encrypter(pub(crate) Arc<BoundEncrypter>);

pub(crate) struct BoundEncrypter {
    pub(crate) alg: AlgName,
    pub(crate) kid: Option<String>,
    pub(crate) kind: EncrypterKind,
    pub(crate) backend: Arc<dyn Backend>,
    /// The protected headers, base64url, that hold nothing but `alg`, `kid` and the content encryption.
    pub(crate) plain_headers: [OnceLock<Box<str>>; 6],
}

/// The three kinds of RFC 7516 §2: a direct one has no encrypted key and admits one recipient.
pub(crate) enum EncrypterKind {
    Direct(DirectKey),
    Agreed {
        peer: PublicKey,
        wrap_len: Option<usize>,
    },
    Wrapped(Arc<dyn Wrap>),
    /// A key far away has wrapped this content encryption key already, for one token.
    Ready {
        cek: SecretBytes,
        wrapped: WrappedKey,
    },
}

impl Encrypter {
    /// Binds a key to the algorithm that the key itself names.
    ///
    /// # Errors
    ///
    /// As for [`bind_to`](Self::bind_to), and [`KeyError::Ambiguous`] where the key names none.
    pub fn bind<K: EncryptionKey>(backend: &Arc<dyn Backend>, key: &K) -> Result<Self, KeyError> {
        key.bind_encrypter(backend, key.own_key_management()?)
    }

    /// Binds a key to an algorithm.
    ///
    /// # Errors
    ///
    /// [`KeyError::UsageMismatch`] where type, curve, `alg`, `use` or `key_ops` do not fit,
    /// [`KeyError::TooWeak`] for RSA below 2048 bits, [`KeyError::Malformed`] for material that is wrong.
    pub fn bind_to<K: EncryptionKey>(
        backend: &Arc<dyn Backend>,
        key: &K,
        alg: KeyManagementAlg,
    ) -> Result<Self, KeyError> {
        key.bind_encrypter(backend, alg)
    }

    /// Binds a password to one of the PBES2 algorithms, with 600,000 iterations.
    ///
    /// # Errors
    ///
    /// [`KeyError::UsageMismatch`] for another algorithm, [`KeyError::Malformed`] for an empty password.
    pub fn password(
        backend: &Arc<dyn Backend>,
        password: impl Into<SecretBytes>,
        alg: KeyManagementAlg,
    ) -> Result<Self, KeyError> {
        Self::password_with(backend, password, alg, DEFAULT_ITERATIONS)
    }

    /// As [`password`](Self::password) with other iterations, 1,000 to 600,000: many receivers take fewer than
    /// the default.
    ///
    /// # Errors
    ///
    /// As for [`password`](Self::password), and [`KeyError::LimitExceeded`] for iterations out of bounds.
    pub fn password_with(
        backend: &Arc<dyn Backend>,
        password: impl Into<SecretBytes>,
        alg: KeyManagementAlg,
        iterations: u32,
    ) -> Result<Self, KeyError> {
        let pbes2 = pbes2(backend, password.into(), alg, iterations)?;
        Ok(Self::new(
            alg.name().clone(),
            None,
            EncrypterKind::Wrapped(Arc::new(pbes2)),
            backend,
        ))
    }

    /// An encrypter for a key operation of your own: a custom algorithm that wraps.
    #[must_use]
    pub fn from_wrap(backend: &Arc<dyn Backend>, wrap: Arc<dyn Wrap>, kid: Option<String>) -> Self {
        let alg = Wrap::alg(wrap.as_ref()).clone();
        Self::new(alg, kid, EncrypterKind::Wrapped(wrap), backend)
    }

    pub(crate) fn new(
        alg: AlgName,
        kid: Option<String>,
        kind: EncrypterKind,
        backend: &Arc<dyn Backend>,
    ) -> Self {
        Self(Arc::new(BoundEncrypter {
            alg,
            kid,
            kind,
            backend: Arc::clone(backend),
            plain_headers: Default::default(),
        }))
    }

    /// The one algorithm.
    #[must_use]
    pub fn alg(&self) -> &AlgName {
        &self.0.alg
    }

    /// The `kid` that headers made with this encrypter carry, unless they set their own.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.0.kid.as_deref()
    }

    /// The one content encryption that the key itself is for: a `dir` key whose `alg` names it.
    #[must_use]
    pub fn content_encryption(&self) -> Option<ContentEncryptionAlg> {
        match &self.0.kind {
            EncrypterKind::Direct(key) => key.only,
            _ => None,
        }
    }
}

impl fmt::Debug for Encrypter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypter")
            .field("alg", self.alg())
            .field("kid", &self.kid())
            .finish_non_exhaustive()
    }
}

/// OWASP's advice of 2023 for PBKDF2 with HMAC SHA-256, and the most that we accept.
const DEFAULT_ITERATIONS: u32 = 600_000;

pub(crate) fn pbes2(
    backend: &Arc<dyn Backend>,
    password: SecretBytes,
    alg: KeyManagementAlg,
    iterations: u32,
) -> Result<Pbes2, KeyError> {
    let KeyManagementScheme::Pbes2 { hash, key_len } = alg.facts().scheme else {
        return Err(KeyError::UsageMismatch(crate::jwk::UsageMismatch::Type {
            found: "a password",
            expected: "another kind of key",
        }));
    };
    if password.is_empty() {
        return Err(KeyError::malformed("password", "is empty"));
    }
    if !(crate::Limits::DEFAULT.p2c_min..=crate::Limits::DEFAULT.p2c_max).contains(&iterations) {
        return Err(KeyError::LimitExceeded("the number of iterations (p2c)"));
    }
    let backend = Arc::clone(backend);
    Ok(Pbes2 {
        alg: alg.name().clone(),
        hash,
        key_len,
        password,
        iterations,
        backend,
    })
}

/// A shared key that encrypts content itself (`dir`), prepared at its first use for each content encryption.
pub(crate) struct DirectKey {
    key: SecretBytes,
    /// Where the key's `alg` names it (RFC 7520 §5.6).
    only: Option<ContentEncryptionAlg>,
    prepared: [OnceLock<Arc<dyn ContentKey>>; 6],
}

impl DirectKey {
    pub(crate) fn new(key: SecretBytes, alg: Option<&AlgName>) -> Result<Self, KeyError> {
        let only = alg.and_then(|alg| ContentEncryptionAlg::from_name(alg.as_str()));
        let fits = |enc: ContentEncryptionAlg| enc.facts().key_len == key.len();
        let all = ContentEncryptionAlg::table().iter().map(|row| row.alg);
        match only {
            Some(enc) if !fits(enc) => {
                return Err(KeyError::malformed(
                    "k",
                    "is not as long as its alg requires",
                ));
            }
            None if !all.clone().any(fits) => {
                return Err(KeyError::malformed(
                    "k",
                    "is not as long as any content encryption requires",
                ));
            }
            _ => {}
        }
        Ok(Self {
            key,
            only,
            prepared: Default::default(),
        })
    }

    /// The key, ready for `enc`; none where it is not of that length or is for another.
    pub(crate) fn content_key(
        &self,
        enc: ContentEncryptionAlg,
        backend: &dyn Backend,
    ) -> Result<Option<Arc<dyn ContentKey>>, BackendError> {
        if self.only.is_some_and(|only| only != enc) || self.key.len() != enc.facts().key_len {
            return Ok(None);
        }
        let Some(slot) = self.prepared.get(enc as usize) else {
            return Ok(None);
        };
        if let Some(ready) = slot.get() {
            return Ok(Some(Arc::clone(ready)));
        }
        let ready = backend.content_key(&self.key, enc)?;
        Ok(Some(Arc::clone(slot.get_or_init(|| ready))))
    }
}
