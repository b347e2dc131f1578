//! `--alg` and `--enc` of encryption.

use std::fmt;
use std::str::FromStr;

use bulla::jwa::{ContentEncryptionAlg, KeyManagementAlg, Status};

use super::UnknownAlgorithm;
use crate::error::Failure;

/// What `--alg` of `jwe` may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyManagement(pub(crate) KeyManagementAlg);

/// What `--enc` may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentEncryption(pub(crate) ContentEncryptionAlg);

impl FromStr for KeyManagement {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        let rows = KeyManagementAlg::table().iter();
        super::find(text, rows.map(|row| (row.name.as_str(), Self(row.alg))))
    }
}

impl FromStr for ContentEncryption {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        let rows = ContentEncryptionAlg::table().iter();
        super::find(text, rows.map(|row| (row.name.as_str(), Self(row.alg))))
    }
}

impl fmt::Display for KeyManagement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ContentEncryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The legacy algorithms that the caller allows by name.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct LegacyArgs {
    /// Allow a legacy algorithm (RSA1_5) by its name; again for more
    #[arg(long, value_name = "ALG")]
    pub(crate) allow_legacy: Vec<KeyManagement>,
}

impl LegacyArgs {
    /// Refuses a legacy algorithm that nobody allowed, wherever it was named.
    pub(crate) fn check(&self, alg: KeyManagementAlg) -> Result<(), Failure> {
        if alg.facts().status != Status::Legacy || self.allow_legacy.contains(&KeyManagement(alg)) {
            return Ok(());
        }
        Err(Failure::usage(
            format_args!("{alg} is a legacy algorithm with known weaknesses"),
            format!("use RSA-OAEP-256, or allow it with --allow-legacy {alg}"),
        ))
    }
}
