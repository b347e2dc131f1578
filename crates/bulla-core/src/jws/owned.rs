//! A JWS that outlives the text it was read from.

use std::borrow::Cow;

use super::{Jws, SignatureEntry};

impl<S> Jws<'_, S> {
    /// The same JWS, with a copy of what it borrowed from the token's text.
    ///
    /// ```
    /// # fn f(verifier: &bulla_core::key::Verifier) -> Result<(), bulla_core::jws::VerifyError> {
    /// use bulla_core::jws::{Jws, Verified};
    /// fn receive(token: String, verifier: &bulla_core::key::Verifier) -> Result<Jws<'static, Verified>, bulla_core::jws::VerifyError> {
    ///     Ok(Jws::parse_compact(&token)?.verify(verifier)?.into_owned())
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Jws<'static, S> {
        Jws {
            serialization: self.serialization,
            signatures: self
                .signatures
                .into_iter()
                .map(SignatureEntry::into_owned)
                .collect(),
            state: self.state,
            payload: self.payload.map(owned),
        }
    }
}

impl SignatureEntry<'_> {
    fn into_owned(self) -> SignatureEntry<'static> {
        SignatureEntry {
            segment: owned(self.segment),
            protected: self.protected,
            unprotected: self.unprotected,
            union: self.union,
            signature: owned(self.signature),
        }
    }
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}
