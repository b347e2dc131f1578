use super::{AkpPublicKey, EcPublicKey, Members, OkpPublicKey, RsaPublicKey};

/// The key itself, without the members that describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey {
    /// `kty: AKP`
    Akp(AkpPublicKey),
    /// `kty: EC`
    Ec(EcPublicKey),
    /// `kty: OKP`
    Okp(OkpPublicKey),
    /// `kty: RSA`
    Rsa(RsaPublicKey),
}

/// The public half of a key pair with its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicJwk {
    pub(crate) members: Members,
    pub(crate) key: PublicKey,
}

impl PublicJwk {
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
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }
}
