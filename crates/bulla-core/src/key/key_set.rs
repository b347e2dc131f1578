use super::Verifier;
use crate::jwk::KeyError;

/// Which algorithms a set may be compiled for.
#[derive(Clone, Debug, Default)]
pub struct KeySetPolicy {}

/// A key set compiled under a policy.
#[derive(Debug)]
pub struct KeySet {
    rows: Vec<Verifier>,
    rejected: Vec<(usize, KeyError)>,
}

impl KeySet {
    /// The rows.
    #[must_use]
    pub fn verifiers(&self) -> &[Verifier] {
        &self.rows
    }

    /// Rejected.
    #[must_use]
    pub fn rejected(&self) -> &[(usize, KeyError)] {
        &self.rejected
    }
}
