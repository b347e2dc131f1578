use super::VerifyError;
use crate::header::{Header, Kind, check_understood};
use crate::limits::Limits;

/// What the receiving application allows, beyond the keys: limits, and the critical parameters it understands.
///
/// ```
/// use bulla_core::{Limits, jws::Policy};
/// let policy = Policy::new().understood("http://example.com/purpose").limits(Limits {
///     token: 8 * 1024,
///     ..Limits::default()
/// });
/// # let _ = policy;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Policy {
    limits: Limits,
    understood: Vec<String>,
}

impl Policy {
    /// The default limits, and no critical parameter but `b64` understood.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            limits: Limits::DEFAULT,
            understood: Vec::new(),
        }
    }

    /// Says that the application understands *and processes* a parameter that `crit` may name.
    #[must_use]
    pub fn understood(mut self, name: impl Into<String>) -> Self {
        self.understood.push(name.into());
        self
    }

    /// Other limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    pub(crate) const fn bounds(&self) -> &Limits {
        &self.limits
    }

    /// What of a parsed header depends on the policy, and so is judged for every token anew.
    pub(crate) fn admit(&self, header: &Header) -> Result<(), VerifyError> {
        if header.kid().is_some_and(|kid| kid.len() > self.limits.kid) {
            return Err(VerifyError::limit("the kid"));
        }
        if header.x5c_len() > self.limits.x5c {
            return Err(VerifyError::limit("the x5c chain"));
        }
        Ok(check_understood(header, Kind::Jws, &self.understood)?)
    }
}
