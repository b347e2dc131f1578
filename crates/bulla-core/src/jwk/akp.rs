//! `kty: AKP`, algorithm key pairs (RFC 9964 §4): ML-DSA.

use super::parse::Material;
use super::print::{Field, Fields};
use super::raw::{Name, Raw};
use super::{KeyError, PrivateKey, PublicKey};
use crate::jwa::{AlgName, MlDsaParameters, SignatureAlg, SignatureScheme};
use crate::secret::SecretBytes;

/// The public key of an algorithm key pair. Its `alg` member is part of the key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AkpPublicKey {
    pub(crate) parameters: MlDsaParameters,
    /// Exactly `parameters.public_key_len()` octets.
    pub(crate) public: Box<[u8]>,
}

impl AkpPublicKey {
    /// The encoded public key of FIPS 204: 1312, 1952 or 2592 octets.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] for another length than that of the parameter set.
    pub fn new(
        parameters: MlDsaParameters,
        public: impl Into<Box<[u8]>>,
    ) -> Result<Self, KeyError> {
        let public = public.into();
        if public.len() != parameters.public_key_len() {
            return Err(KeyError::malformed(
                "pub",
                "is not as long as a public key of its `alg` (1312, 1952 or 2592 octets)",
            ));
        }
        Ok(Self { parameters, public })
    }

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
    /// The 32-octet seed with its public half. Whether the two belong together is checked when the key is bound.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] for another length.
    pub fn new(public: AkpPublicKey, seed: impl Into<SecretBytes>) -> Result<Self, KeyError> {
        let seed = seed.into();
        if seed.len() != MlDsaParameters::SEED_LEN {
            return Err(KeyError::malformed(
                "priv",
                "is not a seed of 32 octets (RFC 9964 §4)",
            ));
        }
        Ok(Self { public, seed })
    }

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

pub(super) fn read(raw: &Raw<'_>) -> Result<Material, KeyError> {
    let name = raw.required_text(Name::Alg)?;
    let parameters = parameters_of(name).ok_or_else(|| KeyError::unsupported_value("alg", name))?;
    let public = AkpPublicKey::new(parameters, raw.required_octets(Name::Pub)?)?;
    Ok(match raw.octets(Name::Priv)? {
        None => Material::Public(PublicKey::Akp(public)),
        Some(seed) => Material::Private(PrivateKey::Akp(AkpPrivateKey::new(public, seed)?)),
    })
}

impl AkpPublicKey {
    pub(super) fn fields<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push("kty", Field::Text("AKP"));
        fields.push("alg", Field::Text(alg_name(self.parameters).as_str()));
        fields.push("pub", Field::Octets(&self.public));
    }
}

impl AkpPrivateKey {
    pub(super) fn fields<'a>(&'a self, fields: &mut Fields<'a>) {
        self.public.fields(fields);
        fields.push("priv", Field::Octets(self.seed.expose()));
    }
}

/// The `alg` of a parameter set: for `kty: AKP` it is part of the key.
pub(crate) fn alg_name(parameters: MlDsaParameters) -> &'static AlgName {
    SignatureAlg::table()
        .iter()
        .find(|row| row.scheme == SignatureScheme::MlDsa(parameters))
        .map_or(&NAMELESS, |row| &row.name)
}

/// Stands for a parameter set without a row in the table, of which there is none: a test goes through them.
static NAMELESS: AlgName = AlgName::from_static("");

/// The parameter set that `alg` names, if it is one of ours.
pub(crate) fn parameters_of(alg: &str) -> Option<MlDsaParameters> {
    match SignatureAlg::from_name(alg)?.facts().scheme {
        SignatureScheme::MlDsa(parameters) => Some(parameters),
        _ => None,
    }
}
