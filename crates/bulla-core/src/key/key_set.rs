use std::collections::HashMap;
use std::sync::Arc;

use smallvec::SmallVec;

use super::bind::{Bindable as _, VerificationKey as _, fits};
use super::{Backend, Candidates, HeaderCache, KeyHint, Keys, SelectError, Verifier};
use crate::jwa::{HashAlg, MacAlg, SignatureAlg, Status};
use crate::jwk::{Jwk, JwkSet, KeyError, Members, PublicJwk, SecretJwk};
use crate::trust::{Trust, Trusted};

/// Which algorithms a set may be compiled for. The default is every registered one that is not legacy.
///
/// A key with `alg` compiles to that one row, if the policy allows it; a key without compiles to a row of
/// every allowed algorithm that its type, curve and size fit.
#[derive(Clone, Debug)]
pub struct KeySetPolicy {
    signatures: Vec<SignatureAlg>,
    macs: Vec<MacAlg>,
}

impl KeySetPolicy {
    /// Only these signature algorithms, and no MAC.
    ///
    /// ```
    /// use bulla_core::{jwa::SignatureAlg, key::KeySetPolicy};
    /// let policy = KeySetPolicy::signatures([SignatureAlg::Rs256, SignatureAlg::Es256]);
    /// # let _ = policy;
    /// ```
    #[must_use]
    pub fn signatures(algs: impl IntoIterator<Item = SignatureAlg>) -> Self {
        Self {
            signatures: algs.into_iter().collect(),
            macs: Vec::new(),
        }
    }

    /// Only these MAC algorithms, and no signature.
    #[must_use]
    pub fn macs(algs: impl IntoIterator<Item = MacAlg>) -> Self {
        Self {
            signatures: Vec::new(),
            macs: algs.into_iter().collect(),
        }
    }

    pub(crate) fn allows_signature(&self, alg: SignatureAlg) -> bool {
        self.signatures.contains(&alg)
    }

    pub(crate) fn allows_mac(&self, alg: MacAlg) -> bool {
        self.macs.contains(&alg)
    }

    /// Both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.signatures.extend(other.signatures);
        self.macs.extend(other.macs);
        self
    }
}

impl Default for KeySetPolicy {
    fn default() -> Self {
        let sound = |row: &&crate::jwa::SignatureFacts| row.status != Status::Legacy;
        Self::signatures(
            SignatureAlg::table()
                .iter()
                .filter(sound)
                .map(|row| row.alg),
        )
        .and(Self::macs(MacAlg::table().iter().map(|row| row.alg)))
    }
}

/// A JWK Set compiled under a policy before any token is seen: rows of keys, each bound to one algorithm.
///
/// A token with `kid` is verified only by keys of that `kid` that are bound to its `alg`; a token without, by
/// the keys of its certificate thumbprint, or else by every key bound to its `alg`, in order, as many as
/// [`Limits::keys_tried`](crate::Limits::keys_tried) allows.
#[derive(Debug)]
pub struct KeySet {
    rows: Vec<Row>,
    by_kid: HashMap<Box<str>, SmallVec<[usize; 2]>>,
    rejected: Vec<RejectedRow>,
    headers: HeaderCache,
}

/// A key of a set that no row was made of. It spoils nothing but itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedRow {
    /// The key's `kid`.
    pub kid: Option<String>,
    /// Why it cannot verify under the policy.
    pub error: KeyError,
}

#[derive(Debug)]
struct Row {
    verifier: Verifier,
    x5t: Option<[u8; 20]>,
    x5t_s256: Option<[u8; 32]>,
}

impl KeySet {
    /// Binds every key of the set to the algorithms that it and the policy allow. Of key pairs the public half is
    /// taken. What cannot be bound is listed in [`rejected`](Self::rejected).
    #[must_use]
    pub fn compile(set: &JwkSet, backend: &Arc<dyn Backend>, policy: &KeySetPolicy) -> Self {
        Self::compile_keys(set.keys(), backend, policy)
    }

    /// As [`compile`](Self::compile), for keys that are no JWK Set.
    #[must_use]
    pub fn compile_keys<'k>(
        keys: impl IntoIterator<Item = &'k Jwk>,
        backend: &Arc<dyn Backend>,
        policy: &KeySetPolicy,
    ) -> Self {
        let by_caller = |key| (key, &Trust::Caller);
        Self::compile_each(keys.into_iter().map(by_caller), backend, policy)
    }

    /// As [`compile`](Self::compile), for keys that are trusted for reasons of their own; each row keeps its own.
    #[must_use]
    pub fn compile_trusted<'k>(
        keys: impl IntoIterator<Item = &'k Trusted<Jwk>>,
        backend: &Arc<dyn Backend>,
        policy: &KeySetPolicy,
    ) -> Self {
        let with_reason = |key: &'k Trusted<Jwk>| (&**key, key.why());
        Self::compile_each(keys.into_iter().map(with_reason), backend, policy)
    }

    fn compile_each<'k>(
        keys: impl Iterator<Item = (&'k Jwk, &'k Trust)>,
        backend: &Arc<dyn Backend>,
        policy: &KeySetPolicy,
    ) -> Self {
        let mut compiled = Self {
            rows: Vec::new(),
            by_kid: HashMap::new(),
            rejected: Vec::new(),
            headers: HeaderCache::default(),
        };
        for (key, why) in keys {
            match key {
                Jwk::Public(key) => compiled.add_public(key, why, backend, policy),
                Jwk::Private(key) => compiled.add_public(&key.public(), why, backend, policy),
                Jwk::Secret(key) => compiled.add_secret(key, why, backend, policy),
            }
        }
        compiled
    }

    /// The compiled rows, in the order of the set.
    pub fn verifiers(&self) -> impl ExactSizeIterator<Item = &Verifier> {
        self.rows.iter().map(|row| &row.verifier)
    }

    /// The keys that no row was made of, each with its reason.
    #[must_use]
    pub fn rejected(&self) -> &[RejectedRow] {
        &self.rejected
    }

    fn add_public(
        &mut self,
        key: &PublicJwk,
        why: &Trust,
        backend: &Arc<dyn Backend>,
        policy: &KeySetPolicy,
    ) {
        let allowed = policy.signatures.iter().copied();
        let fitting: Vec<SignatureAlg> = match key.members().alg {
            Some(_) => match key.own_alg() {
                Ok(own) => allowed.filter(|alg| *alg == own).collect(),
                Err(error) => return self.reject(key.members(), error),
            },
            None => allowed
                .filter(|alg| fits(key.key(), alg.facts().scheme))
                .collect(),
        };
        let bind = |alg| {
            let verifier = key.bind_verifier(backend, alg)?;
            Ok(verifier.trusted_because(why.clone()))
        };
        self.add(
            key.members(),
            fitting.into_iter().map(bind),
            backend.as_ref(),
        );
    }

    fn add_secret(
        &mut self,
        key: &SecretJwk,
        why: &Trust,
        backend: &Arc<dyn Backend>,
        policy: &KeySetPolicy,
    ) {
        let allowed = policy.macs.iter().copied();
        let fitting: Vec<MacAlg> = match key.members().alg {
            Some(_) => match key.own_alg() {
                Ok(own) => allowed.filter(|alg| *alg == own).collect(),
                Err(error) => return self.reject(key.members(), error),
            },
            None => allowed.collect(),
        };
        let bind = |alg| {
            let verifier = key.bind_verifier(backend, alg)?;
            Ok(verifier.trusted_because(why.clone()))
        };
        self.add(
            key.members(),
            fitting.into_iter().map(bind),
            backend.as_ref(),
        );
    }

    fn add(
        &mut self,
        members: &Members,
        bound: impl Iterator<Item = Result<Verifier, KeyError>>,
        backend: &dyn Backend,
    ) {
        let certificate = members.x5c.as_ref().and_then(|chain| chain.first());
        let x5t = members
            .x5t
            .or_else(|| certificate.map(|der| backend.certificate_sha1(der)));
        let x5t_s256 = members.x5t_s256.or_else(|| {
            certificate.and_then(|der| HashAlg::Sha256.digest(der).as_ref().try_into().ok())
        });
        let before = self.rows.len();
        let mut first_error = None;
        for row in bound {
            match row {
                Ok(verifier) => self.rows.push(Row {
                    verifier,
                    x5t,
                    x5t_s256,
                }),
                Err(error) => {
                    first_error.get_or_insert(error);
                }
            }
        }
        if self.rows.len() == before {
            let not_allowed =
                KeyError::Unsupported("an algorithm of the key that the policy allows");
            self.reject(members, first_error.unwrap_or(not_allowed));
        } else if let Some(kid) = &members.kid {
            self.by_kid
                .entry(kid.as_str().into())
                .or_default()
                .extend(before..self.rows.len());
        }
    }

    fn reject(&mut self, members: &Members, error: KeyError) {
        self.rejected.push(RejectedRow {
            kid: members.kid.clone(),
            error,
        });
    }
}

impl Keys for KeySet {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        let with_alg = |row: &&Row| row.verifier.alg() == hint.alg;
        let found: Candidates<'_> = if let Some(kid) = hint.kid {
            let not_found = || SelectError::NotFound {
                kid: Some(kid.to_owned()),
            };
            let indices = self.by_kid.get(kid).ok_or_else(not_found)?;
            let rows = indices.iter().filter_map(|index| self.rows.get(*index));
            rows.filter(with_alg).map(|row| &row.verifier).collect()
        } else if hint.x5t.is_some() || hint.x5t_s256.is_some() {
            let of_certificate = |row: &&Row| {
                hint.x5t.is_none_or(|x5t| row.x5t.as_ref() == Some(x5t))
                    && hint
                        .x5t_s256
                        .is_none_or(|x5t| row.x5t_s256.as_ref() == Some(x5t))
            };
            let mut rows = self.rows.iter().filter(of_certificate).peekable();
            if rows.peek().is_none() {
                return Err(SelectError::NotFound { kid: None });
            }
            rows.filter(with_alg).map(|row| &row.verifier).collect()
        } else {
            self.rows
                .iter()
                .filter(with_alg)
                .map(|row| &row.verifier)
                .collect()
        };
        if found.0.is_empty() {
            return Err(SelectError::AlgorithmNotAllowed {
                alg: hint.alg.clone(),
            });
        }
        Ok(found)
    }

    fn header_cache(&self) -> Option<&HeaderCache> {
        Some(&self.headers)
    }
}
