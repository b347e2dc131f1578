use core::fmt;
use std::sync::Arc;

use bulla_core::key::{AsyncSigner, KeyRotation, Signer};

/// What signs at the moment. It is asked for each assertion, so that keys may follow one another while requests are made.
///
/// A [`Signer`] and an [`AsyncSigner`] are always themselves; a [`KeyRotation`] answers with the key that is active.
pub trait CurrentSigner: Send + Sync + fmt::Debug {
    /// What signs now.
    fn current(&self) -> AsyncSigner;
}

impl CurrentSigner for Signer {
    fn current(&self) -> AsyncSigner {
        self.clone().into()
    }
}

impl CurrentSigner for AsyncSigner {
    fn current(&self) -> AsyncSigner {
        self.clone()
    }
}

impl CurrentSigner for KeyRotation {
    fn current(&self) -> AsyncSigner {
        self.signer()
    }
}

impl<T: CurrentSigner + ?Sized> CurrentSigner for Arc<T> {
    fn current(&self) -> AsyncSigner {
        T::current(self)
    }
}
