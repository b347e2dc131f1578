use std::sync::Arc;

use super::{Backend, Candidates, Decrypter, KeyHint, SelectError};
use super::{DecryptionKey as _, KeyManagementKey as _};
use crate::jwa::{KeyManagementAlg, KeyManagementScheme, Status};
use crate::jwk::{Jwk, KeyError};
use crate::trust::{Trust, Trusted};

/// Where the keys to decrypt a token come from: one [`Decrypter`], several, a compiled [`DecryptionKeySet`].
pub trait DecryptionKeys {
    /// The keys to which a token whose header says `hint` may be encrypted, in the order in which to try them.
    /// Never empty.
    ///
    /// # Errors
    ///
    /// [`SelectError`] where there is none.
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_, Decrypter>, SelectError>;
}

impl DecryptionKeys for Decrypter {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_, Decrypter>, SelectError> {
        core::slice::from_ref(self).select(hint)
    }
}

/// Keys that the caller chose: the `alg` of the token matters, its `kid` says no more than where to begin.
impl DecryptionKeys for [Decrypter] {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_, Decrypter>, SelectError> {
        let mut fitting = with_alg(self.iter(), hint)?;
        // Only so many are tried: the one that is named must not be behind them.
        if hint.kid.is_some() {
            fitting.0.sort_by_key(|key| key.info().kid() != hint.kid);
        }
        Ok(fitting)
    }
}

impl DecryptionKeys for Vec<Decrypter> {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_, Decrypter>, SelectError> {
        self.as_slice().select(hint)
    }
}

impl<K: DecryptionKeys + ?Sized> DecryptionKeys for &K {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_, Decrypter>, SelectError> {
        (**self).select(hint)
    }
}

impl<K: DecryptionKeys + ?Sized> DecryptionKeys for Arc<K> {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_, Decrypter>, SelectError> {
        (**self).select(hint)
    }
}

/// Private and symmetric keys, each bound to the algorithms it fits, chosen by `kid` where the token has one.
#[derive(Debug, Default)]
pub struct DecryptionKeySet {
    rows: Vec<Decrypter>,
    rejected: Vec<(Option<String>, KeyError)>,
}

impl DecryptionKeySet {
    /// Binds every private and symmetric key to the algorithms of `allowed` that it fits; where the key names
    /// one, to that alone. What cannot be bound, public keys among it, is listed in [`rejected`](Self::rejected).
    #[must_use]
    pub fn compile<'k>(
        keys: impl IntoIterator<Item = &'k Jwk>,
        backend: &Arc<dyn Backend>,
        allowed: &[KeyManagementAlg],
    ) -> Self {
        let by_caller = |key| (key, &Trust::Caller);
        Self::compile_each(keys.into_iter().map(by_caller), backend, allowed)
    }

    /// As [`compile`](Self::compile), for keys that are trusted for reasons of their own; each row keeps its own.
    #[must_use]
    pub fn compile_trusted<'k>(
        keys: impl IntoIterator<Item = &'k Trusted<Jwk>>,
        backend: &Arc<dyn Backend>,
        allowed: &[KeyManagementAlg],
    ) -> Self {
        let with_reason = |key: &'k Trusted<Jwk>| (&**key, key.why());
        Self::compile_each(keys.into_iter().map(with_reason), backend, allowed)
    }

    fn compile_each<'k>(
        keys: impl Iterator<Item = (&'k Jwk, &'k Trust)>,
        backend: &Arc<dyn Backend>,
        allowed: &[KeyManagementAlg],
    ) -> Self {
        let mut set = Self::default();
        for (key, why) in keys {
            match key {
                Jwk::Private(key) => {
                    let bind = |alg| {
                        let decrypter = key.bind_decrypter(backend, alg)?;
                        Ok(decrypter.trusted_because(why.clone()))
                    };
                    set.add(
                        key.members().kid.as_deref(),
                        key.own_key_management(),
                        allowed,
                        bind,
                    );
                }
                Jwk::Secret(key) => {
                    let bind = |alg| {
                        let decrypter = key.bind_decrypter(backend, alg)?;
                        Ok(decrypter.trusted_because(why.clone()))
                    };
                    set.add(
                        key.members().kid.as_deref(),
                        key.own_key_management(),
                        allowed,
                        bind,
                    );
                }
                Jwk::Public(key) => set
                    .rejected
                    .push((key.members().kid.clone(), KeyError::NotFound)),
            }
        }
        set
    }

    /// Every algorithm that is neither legacy nor a password's: what a set is usually compiled for.
    pub fn sound() -> Vec<KeyManagementAlg> {
        KeyManagementAlg::table()
            .iter()
            .filter(|row| row.status != Status::Legacy)
            .filter(|row| !matches!(row.scheme, KeyManagementScheme::Pbes2 { .. }))
            .map(|row| row.alg)
            .collect()
    }

    /// The keys that nothing was bound to, by `kid`, each with its reason.
    #[must_use]
    pub fn rejected(&self) -> &[(Option<String>, KeyError)] {
        &self.rejected
    }

    fn add(
        &mut self,
        kid: Option<&str>,
        own: Result<KeyManagementAlg, KeyError>,
        allowed: &[KeyManagementAlg],
        bind: impl Fn(KeyManagementAlg) -> Result<Decrypter, KeyError>,
    ) {
        let before = self.rows.len();
        let mut error = None;
        let algs: Vec<KeyManagementAlg> = match own {
            Ok(own) => allowed.iter().copied().filter(|alg| *alg == own).collect(),
            Err(KeyError::Ambiguous) => allowed.to_vec(),
            Err(other) => {
                error = Some(other);
                Vec::new()
            }
        };
        for alg in algs {
            match bind(alg) {
                Ok(row) => self.rows.push(row),
                Err(other) => {
                    error.get_or_insert(other);
                }
            }
        }
        if self.rows.len() == before {
            let error = error.unwrap_or(KeyError::Unsupported(
                "an algorithm of the key that is allowed",
            ));
            self.rejected.push((kid.map(str::to_owned), error));
        }
    }
}

impl DecryptionKeys for DecryptionKeySet {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_, Decrypter>, SelectError> {
        let Some(kid) = hint.kid else {
            return with_alg(self.rows.iter(), hint);
        };
        let of_kid = || self.rows.iter().filter(|row| row.info().kid() == Some(kid));
        if of_kid().next().is_none() {
            return Err(SelectError::NotFound {
                kid: Some(kid.to_owned()),
            });
        }
        with_alg(of_kid(), hint)
    }
}

fn with_alg<'a>(
    rows: impl Iterator<Item = &'a Decrypter>,
    hint: &KeyHint<'_>,
) -> Result<Candidates<'a, Decrypter>, SelectError> {
    let fitting: Candidates<'_, Decrypter> = rows.filter(|row| row.alg() == hint.alg).collect();
    if fitting.0.is_empty() {
        return Err(SelectError::AlgorithmNotAllowed {
            alg: hint.alg.clone(),
        });
    }
    Ok(fitting)
}
