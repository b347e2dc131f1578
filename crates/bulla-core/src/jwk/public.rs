use super::{AkpPublicKey, EcCurve, EcPublicKey, Members, OkpCurve, OkpPublicKey, RsaPublicKey};
use crate::jwa::MlDsaParameters;

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

impl PublicKey {
    /// What the key is, for people: `EC P-256`, `OKP Ed25519`, `RSA`, `AKP ML-DSA-44`.
    #[must_use]
    pub const fn describe(&self) -> &'static str {
        match self {
            Self::Akp(key) => match key.parameters() {
                MlDsaParameters::MlDsa44 => "AKP ML-DSA-44",
                MlDsaParameters::MlDsa65 => "AKP ML-DSA-65",
                MlDsaParameters::MlDsa87 => "AKP ML-DSA-87",
            },
            Self::Ec(key) => match key.curve() {
                EcCurve::P256 => "EC P-256",
                EcCurve::P384 => "EC P-384",
                EcCurve::P521 => "EC P-521",
                EcCurve::Secp256k1 => "EC secp256k1",
            },
            Self::Okp(key) => match key.curve() {
                OkpCurve::Ed25519 => "OKP Ed25519",
                OkpCurve::Ed448 => "OKP Ed448",
                OkpCurve::X25519 => "OKP X25519",
                OkpCurve::X448 => "OKP X448",
            },
            Self::Rsa(_) => "RSA",
        }
    }
}

impl PublicJwk {
    /// The key with no other members, except the `alg` that an AKP key cannot be without.
    #[must_use]
    pub fn new(key: PublicKey) -> Self {
        let alg = match &key {
            PublicKey::Akp(key) => Some(super::akp::alg_name(key.parameters()).clone()),
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

    /// The key itself.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    pub(crate) fn into_key(self) -> PublicKey {
        self.key
    }
}
