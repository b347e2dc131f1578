//! Keys made once a suite: one for each maker and algorithm.

use std::collections::BTreeMap;

use serde_json::Value;

use super::algorithm::Algorithm;
use super::party::{Party, generate, public};
use crate::Failure;

/// A key and the half that verifies.
#[derive(Debug, Clone)]
pub(super) struct KeyPair {
    pub(super) private: Value,
    pub(super) public: Value,
}

/// The keys made so far.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    made: BTreeMap<(&'static str, &'static str), KeyPair>,
}

impl Keyring {
    /// The key `maker` made for `row`.
    pub(super) fn of(
        &mut self,
        maker: &mut dyn Party,
        row: &'static Algorithm,
    ) -> Result<KeyPair, Failure> {
        let index = (maker.name(), row.name);
        if let Some(pair) = self.made.get(&index) {
            return Ok(pair.clone());
        }
        let private = generate(maker, row)?;
        let public = public(maker, row, &private)?;
        let pair = KeyPair { private, public };
        self.made.insert(index, pair.clone());
        Ok(pair)
    }
}
