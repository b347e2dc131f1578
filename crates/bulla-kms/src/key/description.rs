use bulla_core::jwa::{KeyManagementAlg, MacAlg, SignatureAlg};
use bulla_core::jwk::PublicJwk;

/// What a backend found out about a key when it opened it.
#[derive(Clone, Debug)]
pub struct Description {
    /// The kind of vault, for metrics and messages: `aws-kms`, `azure-key-vault`, `pkcs11`.
    pub provider: &'static str,
    /// The key's name in the vault, its version left out. It is not put into tokens.
    pub name: String,
    /// The one version that is used: an ARN, a version's identifier, a serial number. Never "the latest".
    pub version: String,
    /// The public half, if there is one: plain, with the names and octets that JOSE has.
    pub public: Option<PublicJwk>,
    /// What the key may be used for, as far as the vault says.
    pub permitted: Permitted,
}

/// The algorithms that a key in a vault may be used with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "there are these kinds of algorithms"
)]
pub struct Permitted {
    /// For signing.
    pub signatures: Vec<SignatureAlg>,
    /// For authentication codes.
    pub macs: Vec<MacAlg>,
    /// For decrypting, and for encrypting where the key has no public half.
    pub key_management: Vec<KeyManagementAlg>,
}
