use super::{
    AkpPrivateKey, EcPrivateKey, KeyError, Members, OkpPrivateKey, PublicJwk, PublicKey,
    RsaPrivateKey,
};
use crate::key::{Backend, PartialPrivateKey};

/// The key itself, without the members that describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrivateKey {
    /// `kty: AKP`
    Akp(AkpPrivateKey),
    /// `kty: EC`
    Ec(EcPrivateKey),
    /// `kty: OKP`
    Okp(OkpPrivateKey),
    /// `kty: RSA`
    Rsa(RsaPrivateKey),
}

/// The private half of a key pair with its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateJwk {
    pub(crate) members: Members,
    pub(crate) key: PrivateKey,
}

impl PrivateJwk {
    /// The key with no other members, except the `alg` that an AKP key cannot be without.
    #[must_use]
    pub fn new(key: PrivateKey) -> Self {
        let alg = match &key {
            PrivateKey::Akp(key) => Some(super::akp::alg_name(key.public().parameters()).clone()),
            _ => None,
        };
        Self {
            members: Members {
                alg,
                ..Members::default()
            },
            key,
        }
    }

    /// What every JWK may carry: `kid`, `use`, `alg` and so on.
    #[must_use]
    pub const fn members(&self) -> &Members {
        &self.members
    }

    /// The same, to be changed.
    #[must_use]
    pub const fn members_mut(&mut self) -> &mut Members {
        &mut self.members
    }

    /// The public half: the same `kid`, `use`, `alg` and certificate members, and `key_ops` turned into those of
    /// the other party (`sign` into `verify`, `decrypt` into `encrypt`, `unwrapKey` into `wrapKey`).
    ///
    /// Members that are not registered stay behind: nobody but their author knows whether they are secret.
    #[must_use]
    pub fn public(&self) -> PublicJwk {
        PublicJwk {
            members: self.members.public(),
            key: self.key.public(),
        }
    }

    /// The key itself.
    #[must_use]
    pub const fn key(&self) -> &PrivateKey {
        &self.key
    }
}

impl PrivateKey {
    /// The key with everything computed that it may lack (the primes of an RSA key that carries only `n`, `e`, `d`), after
    /// a check that its public half is its own.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] where private and public members do not belong together,
    /// [`KeyError::Unsupported`] for what the backend lacks.
    pub fn complete(&self, backend: &dyn Backend) -> Result<Self, KeyError> {
        if let Self::Rsa(key) = self {
            key.public.check_not_too_long()?;
        }
        backend.complete(match self {
            Self::Akp(key) => PartialPrivateKey::MlDsa {
                parameters: key.public.parameters,
                seed: key.seed.clone(),
                public: Some(key.public.public.to_vec()),
            },
            Self::Ec(key) => PartialPrivateKey::Ec {
                curve: key.public.curve,
                d: key.d.clone(),
                public: Some(key.public.to_uncompressed()),
            },
            Self::Okp(key) => PartialPrivateKey::Okp {
                curve: key.public.curve,
                d: key.d.clone(),
                public: Some(key.public.x.to_vec()),
            },
            Self::Rsa(key) => PartialPrivateKey::Rsa(key.clone()),
        })
    }

    /// What the key is, for people; the words of [`PublicKey::describe`].
    #[must_use]
    pub fn describe(&self) -> &'static str {
        self.public().describe()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        match self {
            Self::Akp(key) => PublicKey::Akp(key.public.clone()),
            Self::Ec(key) => PublicKey::Ec(key.public.clone()),
            Self::Okp(key) => PublicKey::Okp(key.public.clone()),
            Self::Rsa(key) => PublicKey::Rsa(key.public.clone()),
        }
    }
}
