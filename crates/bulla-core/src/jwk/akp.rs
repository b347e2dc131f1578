//! `kty: AKP`, algorithm key pairs (RFC 9964 §4): ML-DSA.

use crate::jwa::MlDsaParameters;
use crate::secret::SecretBytes;

/// The public key of an algorithm key pair. Its `alg` member is part of the key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AkpPublicKey {
    pub(crate) parameters: MlDsaParameters,
    /// Exactly `parameters.public_key_len()` octets.
    pub(crate) public: Box<[u8]>,
}

impl AkpPublicKey {
    /// The parameter set, from the required `alg` member.
    #[must_use]
    pub const fn parameters(&self) -> MlDsaParameters {
        self.parameters
    }

    /// The encoded public key, the member `pub`.
    #[must_use]
    pub fn public(&self) -> &[u8] {
        &self.public
    }
}

/// The seed of an algorithm key pair with its public half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AkpPrivateKey {
    pub(crate) public: AkpPublicKey,
    /// Exactly 32 octets.
    pub(crate) seed: SecretBytes,
}

impl AkpPrivateKey {
    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &AkpPublicKey {
        &self.public
    }

    /// The 32-octet seed, the member `priv`.
    #[must_use]
    pub const fn seed(&self) -> &SecretBytes {
        &self.seed
    }
}
