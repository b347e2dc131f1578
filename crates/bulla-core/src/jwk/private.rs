use super::{AkpPrivateKey, EcPrivateKey, Members, OkpPrivateKey, RsaPrivateKey};

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

    /// The key itself.
    #[must_use]
    pub const fn key(&self) -> &PrivateKey {
        &self.key
    }
}

impl PrivateKey {
    /// The public half.
    #[must_use]
    pub fn public(&self) -> super::PublicKey {
        match self {
            Self::Akp(key) => super::PublicKey::Akp(key.public.clone()),
            Self::Ec(key) => super::PublicKey::Ec(key.public.clone()),
            Self::Okp(key) => super::PublicKey::Okp(key.public.clone()),
            Self::Rsa(key) => super::PublicKey::Rsa(key.public.clone()),
        }
    }
}
