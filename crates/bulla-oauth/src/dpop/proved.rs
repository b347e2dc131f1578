use super::{DpopCheckError, DpopError, Thumbprint};
use crate::single_use::{Recorded, SingleUse};

/// A proof that is as it should be, and may have been used before.
#[derive(Debug)]
#[must_use = "nothing is proved until `admit` is called"]
pub struct VerifiedProof {
    pub(super) proved: ProvedKey,
    pub(super) single_use: SingleUse,
}

impl VerifiedProof {
    /// What the store has to insert, atomically, before the proof counts.
    pub const fn single_use(&self) -> &SingleUse {
        &self.single_use
    }

    /// The key, if the store says that the proof was not used before.
    ///
    /// # Errors
    ///
    /// [`DpopError::Replayed`], [`DpopError::ReplayUnknown`].
    pub fn admit(self, recorded: Recorded) -> Result<ProvedKey, DpopCheckError> {
        let error = match recorded {
            Recorded::New => return Ok(self.proved),
            Recorded::Before => DpopError::Replayed,
            Recorded::Unavailable => DpopError::ReplayUnknown,
        };
        Err(DpopCheckError::new("replay", error))
    }
}

/// A key that the sender of a request has proved to hold.
#[derive(Clone, Debug)]
pub struct ProvedKey {
    pub(super) thumbprint: Thumbprint,
    pub(super) next_nonce: Option<String>,
}

impl ProvedKey {
    /// What a token is to be bound to, or is.
    #[must_use]
    pub const fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }

    /// A nonce to send along with the answer (RFC 9449 §8.2), where there is a newer one.
    #[must_use]
    pub fn next_nonce(&self) -> Option<&str> {
        self.next_nonce.as_deref()
    }
}
