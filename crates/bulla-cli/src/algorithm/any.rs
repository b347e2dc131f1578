//! `--alg` of `jwk generate`: whatever a key may be for.

use std::fmt;
use std::str::FromStr;

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg};

use super::{Algorithm, UnknownAlgorithm};

/// An algorithm that a JWK may name: one that signs, manages keys or encrypts content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnyAlgorithm {
    Signing(Algorithm),
    KeyManagement(KeyManagementAlg),
    ContentEncryption(ContentEncryptionAlg),
}

impl AnyAlgorithm {
    fn all() -> impl Iterator<Item = Self> {
        let keys = KeyManagementAlg::table()
            .iter()
            .map(|row| Self::KeyManagement(row.alg));
        let contents = ContentEncryptionAlg::table()
            .iter()
            .map(|row| Self::ContentEncryption(row.alg));
        Algorithm::all()
            .map(Self::Signing)
            .chain(keys)
            .chain(contents)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Signing(alg) => alg.name(),
            Self::KeyManagement(alg) => alg.name().as_str(),
            Self::ContentEncryption(alg) => alg.name().as_str(),
        }
    }
}

impl FromStr for AnyAlgorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        super::find(text, Self::all().map(|alg| (alg.name(), alg)))
    }
}

impl fmt::Display for AnyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
