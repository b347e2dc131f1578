//! What [`HeaderKeys`] finds by a name that the application chose: to sign with, and to encrypt with.

use std::sync::Arc;

use super::header_keys::HeaderKeys;
use super::search::{because_of_resolver, because_of_store};
use super::{KeyName, ResolveError, Trusted};
use crate::jwa::{AlgName, KeyManagementAlg, MacAlg, SignatureAlg};
use crate::jwk::{Jwk, KeyError, UsageMismatch, Use, check_key_usage};
use crate::key::{
    Bindable as _, Encrypter, EncryptionKey as _, KeyManagementKey as _, Signer, SigningKey as _,
};

impl HeaderKeys {
    /// The keys of a name in the first store or resolver that has any, with why they are trusted.
    ///
    /// # Errors
    ///
    /// [`ResolveError::NotFound`], with the errors of resolvers that failed.
    pub async fn keys_named(
        &self,
        name: KeyName<'_>,
    ) -> Result<Vec<Arc<Trusted<Jwk>>>, ResolveError> {
        for store in &self.stores {
            let keys = store.get(name);
            if !keys.is_empty() {
                let because = |key: &Arc<Trusted<Jwk>>| Arc::new(because_of_store(key, name));
                return Ok(keys.iter().map(because).collect());
            }
        }
        let mut failures = Vec::new();
        for resolver in &self.resolvers {
            match resolver.resolve(name).await {
                Ok(keys) if keys.is_empty() => {}
                Ok(keys) => {
                    let because = |key: &Arc<Trusted<Jwk>>| {
                        Arc::new(because_of_resolver(key, name, resolver.name()))
                    };
                    return Ok(keys.iter().map(because).collect());
                }
                Err(error) => failures.push(error),
            }
        }
        let kid = match name {
            KeyName::Kid(kid) => Some(kid.to_owned()),
            _ => None,
        };
        failures.push(ResolveError::NotFound { kid });
        Err(ResolveError::several(failures))
    }

    /// The first private or symmetric key of a name that signs with `alg`, or, without `alg`, with the algorithm that
    /// the key itself fixes. Keys of PKCS#12 and JKS files fix none where they are RSA.
    ///
    /// # Errors
    ///
    /// As for [`keys_named`](Self::keys_named); [`ResolveError::AlgorithmNotAllowed`]; [`ResolveError::Key`] for a key that does not sign so.
    ///
    /// ```
    /// # async fn f(header_keys: &bulla_core::trust::HeaderKeys) -> Result<(), Box<dyn std::error::Error>> {
    /// use bulla_core::{jwa::SignatureAlg, jws::Builder, trust::KeyName};
    /// let alg = SignatureAlg::Ps256.name();
    /// let signer = header_keys.signer_for(KeyName::Kid("mine"), Some(alg)).await?;
    /// println!("{}", Builder::new("payload").sign_compact(&signer)?);
    /// # Ok(()) }
    /// ```
    pub async fn signer_for(
        &self,
        name: KeyName<'_>,
        alg: Option<&AlgName>,
    ) -> Result<Signer, ResolveError> {
        let keys = self.keys_named(name).await?;
        first(&keys, |key| self.bind_signer(key, alg))
    }

    /// The first public or symmetric key of a name that encrypts with `alg`, or, without `alg`, with the algorithm that
    /// the key itself names. Of key pairs the public half is taken.
    ///
    /// # Errors
    ///
    /// As for [`signer_for`](Self::signer_for).
    pub async fn encrypter_for(
        &self,
        name: KeyName<'_>,
        alg: Option<KeyManagementAlg>,
    ) -> Result<Encrypter, ResolveError> {
        let keys = self.keys_named(name).await?;
        first(&keys, |key| self.bind_encrypter(key, alg))
    }

    fn bind_signer(&self, key: &Jwk, alg: Option<&AlgName>) -> Result<Signer, ResolveError> {
        check_key_usage(key.members(), Use::Signatures)?;
        let not_allowed = |alg: &AlgName| ResolveError::AlgorithmNotAllowed {
            alg: alg.clone(),
            encrypted: false,
        };
        match key {
            Jwk::Private(key) => {
                let alg = match alg {
                    Some(name) => {
                        SignatureAlg::from_name(name.as_str()).ok_or_else(|| of_other_kind(name))?
                    }
                    None => key.own_alg()?,
                };
                if !self.policy.allows_signature(alg) {
                    return Err(not_allowed(alg.name()));
                }
                Ok(key.bind_signer(&self.backend, alg)?)
            }
            Jwk::Secret(key) => {
                let alg = match alg {
                    Some(name) => {
                        MacAlg::from_name(name.as_str()).ok_or_else(|| of_other_kind(name))?
                    }
                    None => key.own_alg()?,
                };
                if !self.policy.allows_mac(alg) {
                    return Err(not_allowed(alg.name()));
                }
                Ok(key.bind_signer(&self.backend, alg)?)
            }
            Jwk::Public(_) => Err(ResolveError::Key(KeyError::WrongKind {
                found: key.kind(),
                expected: "a private or symmetric key",
            })),
        }
    }

    fn bind_encrypter(
        &self,
        key: &Jwk,
        alg: Option<KeyManagementAlg>,
    ) -> Result<Encrypter, ResolveError> {
        check_key_usage(key.members(), Use::Encryption)?;
        let own = || match key {
            Jwk::Public(key) => key.own_key_management(),
            Jwk::Private(key) => key.own_key_management(),
            Jwk::Secret(key) => key.own_key_management(),
        };
        let alg = alg.map_or_else(own, Ok)?;
        if !self.key_management.contains(&alg) {
            return Err(ResolveError::AlgorithmNotAllowed {
                alg: alg.name().clone(),
                encrypted: true,
            });
        }
        Ok(match key {
            Jwk::Public(key) => key.bind_encrypter(&self.backend, alg)?,
            Jwk::Private(key) => key.public().bind_encrypter(&self.backend, alg)?,
            Jwk::Secret(key) => key.bind_encrypter(&self.backend, alg)?,
        })
    }
}

fn first<K>(
    keys: &[Arc<Trusted<Jwk>>],
    bind: impl Fn(&Jwk) -> Result<K, ResolveError>,
) -> Result<K, ResolveError> {
    let mut failures = Vec::new();
    for key in keys {
        match bind(key) {
            Ok(bound) => return Ok(bound),
            Err(error) => failures.push(error),
        }
    }
    Err(ResolveError::several(failures))
}

fn of_other_kind(alg: &AlgName) -> KeyError {
    KeyError::UsageMismatch(UsageMismatch::Operation(alg.clone()))
}
