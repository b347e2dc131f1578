use core::fmt;
use std::borrow::Cow;

use smallvec::SmallVec;

use super::{HeaderCache, Verifier};
use crate::fault::Fault;
use crate::header::Header;
use crate::jwa::AlgName;
use crate::trust::ResolveError;

/// Where the keys for a token come from: one [`Verifier`], several, a compiled [`KeySet`](super::KeySet), a
/// snapshot of a remote set.
pub trait Keys {
    /// The keys that may have signed a token whose header says `hint`, in the order in which to try them.
    /// Never empty.
    ///
    /// # Errors
    ///
    /// [`SelectError`] where there is none.
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError>;

    /// The headers seen before with valid signatures of these keys; none unless a source keeps a memory of its own.
    ///
    /// # Security
    ///
    /// The key that verified a remembered header is tried again without asking [`select`](Self::select). So a source that
    /// lets through only some of another's keys must not hand out the other's memory.
    fn header_cache(&self) -> Option<&HeaderCache> {
        None
    }
}

/// What a header says about the key. It chooses among bound keys; it never makes one.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct KeyHint<'a> {
    /// The header's `alg`, compared with the bound one.
    pub alg: &'a AlgName,
    /// The header's `kid`.
    pub kid: Option<&'a str>,
    /// The header's `x5t`.
    pub x5t: Option<&'a [u8; 20]>,
    /// The header's `x5t#S256`.
    pub x5t_s256: Option<&'a [u8; 32]>,
    /// All of the header, for keys that were found by more of it than that.
    pub(crate) header: Option<&'a Header>,
}

impl<'a> KeyHint<'a> {
    /// What a header says that names an algorithm alone; for asking a set without a token.
    ///
    /// ```
    /// use bulla_core::{jwa::SignatureAlg, key::{KeyHint, KeySet, Keys as _}};
    /// # fn f(set: &KeySet) {
    /// let hint = KeyHint::new(SignatureAlg::Es256.name()).with_kid("2026-11");
    /// println!("known: {}", set.select(&hint).is_ok());
    /// # }
    /// ```
    #[must_use]
    pub const fn new(alg: &'a AlgName) -> Self {
        Self {
            alg,
            kid: None,
            x5t: None,
            x5t_s256: None,
            header: None,
        }
    }

    /// The same with a `kid`.
    #[must_use]
    pub const fn with_kid(mut self, kid: &'a str) -> Self {
        self.kid = Some(kid);
        self
    }
}

/// Keys to try, in order: to verify with, or [`Decrypter`](super::Decrypter)s.
#[derive(Debug)]
pub struct Candidates<'a, K = Verifier>(pub(crate) SmallVec<[&'a K; 4]>);

impl<'a, K> FromIterator<&'a K> for Candidates<'a, K> {
    fn from_iter<I: IntoIterator<Item = &'a K>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

impl Keys for Verifier {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        core::slice::from_ref(self).select(hint)
    }

    fn header_cache(&self) -> Option<&HeaderCache> {
        Some(&self.headers)
    }
}

/// Keys that the caller chose: the `alg` of the token matters, its `kid` says no more than where to begin.
impl Keys for [Verifier] {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        let mut fitting: Candidates<'_> = self.iter().filter(|key| key.alg() == hint.alg).collect();
        if fitting.0.is_empty() {
            return Err(SelectError::AlgorithmNotAllowed {
                alg: hint.alg.clone(),
            });
        }
        // Only so many are tried: the one that is named must not be behind them.
        if hint.kid.is_some() && fitting.0.len() > 1 {
            fitting.0.sort_by_key(|key| key.info().kid() != hint.kid);
        }
        Ok(fitting)
    }
}

impl Keys for Vec<Verifier> {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        self.as_slice().select(hint)
    }
}

impl<K: Keys + ?Sized> Keys for &K {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        (**self).select(hint)
    }

    fn header_cache(&self) -> Option<&HeaderCache> {
        (**self).header_cache()
    }
}

impl<K: Keys + ?Sized> Keys for std::sync::Arc<K> {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        (**self).select(hint)
    }

    fn header_cache(&self) -> Option<&HeaderCache> {
        (**self).header_cache()
    }
}

/// Why there is no key for a token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SelectError {
    /// No key is bound to the token's algorithm, or the key of its `kid` is bound to another.
    AlgorithmNotAllowed {
        /// The token's `alg`.
        alg: AlgName,
    },
    /// No key has the token's `kid` (or certificate thumbprint).
    NotFound {
        /// The token's `kid`, if it has one.
        kid: Option<String>,
    },
    /// The key was searched for by what the token says, and not found.
    Resolve(Box<ResolveError>),
}

impl SelectError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Resolve(error) => error.code(),
            Self::AlgorithmNotAllowed { .. } => "jws.algorithm-not-allowed",
            Self::NotFound { .. } => "jwk.not-found",
        }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Resolve(error) => error.fault(),
            Self::AlgorithmNotAllowed { .. } => Fault::Token,
            Self::NotFound { .. } => Fault::Key,
        }
    }
}

impl fmt::Display for SelectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlgorithmNotAllowed { alg } => {
                write!(
                    f,
                    "no key may be used with the algorithm {:?} that the token names",
                    alg.as_str()
                )
            }
            Self::NotFound { kid } => {
                let kid: Cow<'_, str> = kid
                    .as_ref()
                    .map_or("none".into(), |kid| format!("{kid:?}").into());
                write!(f, "no key in the set for the token (its kid: {kid})")
            }
            Self::Resolve(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SelectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Resolve(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}
