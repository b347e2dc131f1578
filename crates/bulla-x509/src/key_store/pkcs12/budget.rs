use super::super::KeyStoreError;

/// What deriving keys for one store may cost: each derivation, and all of them together.
#[derive(Debug)]
pub(super) struct Budget(u64);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(TOTAL)
    }

    /// Takes the cost of one derivation, of so many blocks, before it begins.
    pub(super) fn spend(&mut self, iterations: u32, blocks: u32) -> Result<(), KeyStoreError> {
        if !(1..=MOST).contains(&iterations) {
            return Err(KeyStoreError::LimitExceeded(
                "the number of iterations (1 to 1,000,000)",
            ));
        }
        self.0 = self
            .0
            .checked_sub(u64::from(iterations) * u64::from(blocks))
            .ok_or(KeyStoreError::LimitExceeded(
                "the number of iterations of all keys of the store",
            ))?;
        Ok(())
    }
}

/// Java writes 10,000, and once wrote 100,000.
const MOST: u32 = 1_000_000;
/// A thousand keys as Java writes them today. Takes about a second.
const TOTAL: u64 = 12_000_000;
