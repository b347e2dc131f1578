use bulla_core::trust::{PathRefused, TrustedPath, ValidatePath};

use super::PathPolicy;

/// So that the core can ask, where a header's `x5c` or `x5u` leads to a key.
impl ValidatePath for PathPolicy {
    fn validate(&self, chain: &[Vec<u8>]) -> Result<TrustedPath, PathRefused> {
        let path = self
            .validate(chain)
            .map_err(|error| PathRefused::new(error.code(), error.fault(), error))?;
        let anchor = path.anchor_subject().to_string();
        Ok(TrustedPath::new(path.into_jwk(), anchor))
    }
}
