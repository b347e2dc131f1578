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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use bulla::jwa::AlgName;
    use bulla::jwk::{JwkSet, PrivateJwk};
    use bulla::jws::{Builder, Jws, VerifyError};
    use bulla::key::{CheckError, KeySet, KeySetPolicy, Signer, SigningInput, Verify};
    use bulla::oauth::assertion::Profile;

    use super::*;

    /// A key of nobody's that counts how often it is tried.
    #[derive(Clone, Default)]
    struct Counted(Arc<AtomicUsize>);

    impl Verify for Counted {
        fn alg(&self) -> &AlgName {
            SignatureAlg::Es256.name()
        }

        fn verify(&self, _: &SigningInput<'_>, _: &[u8]) -> Result<(), CheckError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Err(CheckError::SignatureInvalid)
        }
    }

    fn key(kid: &str) -> PrivateJwk {
        let mut key = bulla::generate(SignatureAlg::Es256).expect("a key");
        key.members_mut().kid = Some(kid.to_owned());
        key
    }

    fn set(keys: &[&PrivateJwk]) -> KeySet {
        let set = JwkSet::new(keys.iter().map(|key| key.public()));
        let policy = KeySetPolicy::signatures([SignatureAlg::Es256]);
        KeySet::compile(&set, &bulla::backend(), &policy)
    }

    #[test]
    fn for_every_token_one_key_is_tried() {
        let (known, stranger) = (key("a"), key("b"));
        let of = |key: &PrivateJwk| {
            let signer = Signer::bind(&bulla::backend(), key).expect("a signer");
            Builder::new(&b"{}"[..])
                .sign_compact(&signer)
                .expect("a token")
        };
        let forged = |key: &PrivateJwk| {
            let other = of(&self::key(key.members().kid.as_deref().unwrap_or_default()));
            let signature = other
                .rsplit_once('.')
                .map_or("", |(_, last)| last)
                .to_owned();
            let token = of(key);
            let (signed, _) = token.rsplit_once('.').expect("a token");
            format!("{signed}.{signature}")
        };
        for (keys, token, tried) in [
            // The client's own key, and a wrong signature: it alone is tried.
            (set(&[&known]), forged(&known), 0),
            // A `kid` that the client does not have, and a client that has no keys at all.
            (set(&[&known]), of(&stranger), 1),
            (set(&[]), of(&stranger), 1),
        ] {
            let counted = Counted::default();
            let nobody = Nobody([Verifier::new(Arc::new(counted.clone()), None)].into());
            let keys = OrNobody::new(&keys, &nobody);
            let refused = Jws::parse_compact(&token).expect("a token").verify(&keys);
            assert!(matches!(refused, Err(VerifyError::SignatureInvalid)));
            assert_eq!(counted.0.load(Ordering::SeqCst), tried);
            assert_eq!(keys.missed().is_some(), tried == 1);
        }
    }

    #[test]
    fn there_is_a_key_for_every_algorithm_and_nobody_can_sign() {
        for profile in [Profile::Bis, Profile::Fapi2, Profile::Legacy] {
            let nobody = Nobody::new(&bulla::backend(), profile.algorithms()).expect("keys");
            for alg in profile.algorithms() {
                let hint = KeyHint::new(alg.name()).with_kid("any");
                assert!(nobody.select(&hint).is_ok(), "{profile} {alg:?}");
            }
        }
        let other = Nobody::new(&bulla::backend(), &[SignatureAlg::Es256]).expect("keys");
        assert!(
            other
                .select(&KeyHint::new(SignatureAlg::Rs256.name()))
                .is_err()
        );
    }
}
