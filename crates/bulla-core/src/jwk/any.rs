use super::{Members, PrivateJwk, PublicJwk, PublicKey, SecretJwk};

/// A key of any kind: the sum that parsing returns.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Jwk {
    /// The public half of a key pair.
    Public(PublicJwk),
    /// A key pair.
    Private(PrivateJwk),
    /// A symmetric key.
    Secret(SecretJwk),
}

impl Jwk {
    /// What every JWK may carry: `kid`, `use`, `alg` and so on.
    #[must_use]
    pub const fn members(&self) -> &Members {
        match self {
            Self::Public(key) => key.members(),
            Self::Private(key) => key.members(),
            Self::Secret(key) => key.members(),
        }
    }

    /// The same, to be changed.
    #[must_use]
    pub const fn members_mut(&mut self) -> &mut Members {
        match self {
            Self::Public(key) => key.members_mut(),
            Self::Private(key) => key.members_mut(),
            Self::Secret(key) => key.members_mut(),
        }
    }

    /// The key itself of a public key or of a key pair's public half; none of a symmetric key, which has no such half.
    #[must_use]
    pub fn public_key(&self) -> Option<PublicKey> {
        match self {
            Self::Public(key) => Some(key.key().clone()),
            Self::Private(key) => Some(key.key().public()),
            Self::Secret(_) => None,
        }
    }

    /// What the key is, for people: `public EC P-256`, `private RSA`, `secret oct`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Public(_) => PUBLIC,
            Self::Private(_) => PRIVATE,
            Self::Secret(_) => SECRET,
        }
    }
}

pub(super) const PUBLIC: &str = "a public key";
pub(super) const PRIVATE: &str = "a private key";
pub(super) const SECRET: &str = "a symmetric key";
