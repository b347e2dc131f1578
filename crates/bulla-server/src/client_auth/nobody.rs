//! Keys that nobody holds, for what has no key: so that the work for a client that does not exist, or for a `kid` that
//! is not the client's, is that for a wrong signature, and its time tells nobody which clients there are.

use std::cell::OnceCell;
use std::sync::Arc;

use bulla::jwa::{SignatureAlg, SignatureScheme};
use bulla::jwk::{KeyError, PublicJwk, PublicKey, RsaPublicKey};
use bulla::key::{
    Backend, BackendError, Candidates, HeaderCache, KeyHint, KeySpec, Keys, SelectError, Verifier,
};

/// One key for each algorithm that clients may use.
#[derive(Clone, Debug)]
pub(crate) struct Nobody(Arc<[Verifier]>);

impl Nobody {
    /// Makes the keys, and forgets what would sign.
    pub(crate) fn new(backend: &Arc<dyn Backend>, algs: &[SignatureAlg]) -> Result<Self, KeyError> {
        let keys = algs.iter().map(|alg| {
            let key = PublicJwk::new(public(backend.as_ref(), *alg)?);
            Verifier::bind_to(backend, &key, *alg)
        });
        Ok(Self(keys.collect::<Result<_, _>>()?))
    }
}

impl Keys for Nobody {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        self.0.select(hint)
    }
}

/// Somebody's keys, and where none of them is for the token, nobody's.
pub(crate) struct OrNobody<'a, K: ?Sized> {
    keys: &'a K,
    nobody: &'a Nobody,
    missed: OnceCell<SelectError>,
}

impl<'a, K: Keys + ?Sized> OrNobody<'a, K> {
    pub(crate) const fn new(keys: &'a K, nobody: &'a Nobody) -> Self {
        Self {
            keys,
            nobody,
            missed: OnceCell::new(),
        }
    }

    /// Why there was no key for the token, where there was none.
    pub(crate) fn missed(self) -> Option<SelectError> {
        self.missed.into_inner()
    }
}

impl<K: Keys + ?Sized> Keys for OrNobody<'_, K> {
    fn select(&self, hint: &KeyHint<'_>) -> Result<Candidates<'_>, SelectError> {
        self.keys.select(hint).or_else(|missed| {
            let found = self.nobody.select(hint);
            // One token asks once.
            let _ = self.missed.set(missed);
            found
        })
    }

    fn header_cache(&self) -> Option<&HeaderCache> {
        self.keys.header_cache()
    }
}

fn public(backend: &dyn Backend, alg: SignatureAlg) -> Result<PublicKey, KeyError> {
    let spec = match alg.facts().scheme {
        SignatureScheme::Ecdsa(curve, _) => KeySpec::Ec(curve),
        SignatureScheme::EdDsa([curve, ..]) => KeySpec::Okp(*curve),
        SignatureScheme::MlDsa(parameters) => KeySpec::MlDsa(parameters),
        SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_) => {
            return random_modulus(backend).map(PublicKey::Rsa);
        }
        _ => return Err(KeyError::Unsupported("a key for this algorithm")),
    };
    Ok(backend.generate(spec)?.public())
}

/// Random octets instead of a product of two primes: nobody can factor them either, and making primes takes long.
fn random_modulus(backend: &dyn Backend) -> Result<RsaPublicKey, KeyError> {
    let mut octets = [0; 256];
    backend.random(&mut octets).map_err(|_: BackendError| {
        KeyError::Unsupported("random octets, which the backend does not give")
    })?;
    let [first, .., last] = &mut octets;
    *first |= 0x80;
    *last |= 1;
    RsaPublicKey::new(octets, [1, 0, 1])
}
