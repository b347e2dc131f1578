use super::DecryptError;
use crate::limits::Limits;

/// What one token may cost, all its recipients and our keys together.
pub(super) struct Budget {
    /// Key operations: one for each recipient that a token may have.
    attempts: usize,
    /// Iterations of PBES2.
    least: u32,
    most: u32,
    left: u32,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            attempts: limits.signatures.max(limits.keys_tried),
            least: limits.p2c_min,
            most: limits.p2c_max,
            left: limits.p2c_max.saturating_mul(2),
        }
    }

    pub(super) fn attempt(&mut self) -> Result<(), DecryptError> {
        self.attempts = self
            .attempts
            .checked_sub(1)
            .ok_or(DecryptError::limit("the number of keys tried"))?;
        Ok(())
    }

    /// What `p2c` costs, if there is so much left.
    pub(super) fn spend(&mut self, p2c: u64) -> Result<u32, DecryptError> {
        let exceeded = DecryptError::limit("the number of iterations (p2c)");
        let Ok(p2c) = u32::try_from(p2c) else {
            return Err(exceeded);
        };
        if !(self.least..=self.most).contains(&p2c) {
            return Err(exceeded);
        }
        self.left = self.left.checked_sub(p2c).ok_or(exceeded)?;
        Ok(p2c)
    }
}
