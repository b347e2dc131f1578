//! A JWE that outlives the text it was read from.

use std::borrow::Cow;

use super::{Jwe, Recipient};

impl<S> Jwe<'_, S> {
    /// The same JWE, with a copy of what it borrowed from the token's text.
    #[must_use]
    pub fn into_owned(self) -> Jwe<'static, S> {
        Jwe {
            serialization: self.serialization,
            segment: owned(self.segment),
            protected: self.protected,
            recipients: self
                .recipients
                .into_iter()
                .map(Recipient::into_owned)
                .collect(),
            iv: owned(self.iv),
            ciphertext: owned(self.ciphertext),
            tag: owned(self.tag),
            aad: self.aad.map(owned),
            state: self.state,
        }
    }
}

impl Recipient<'_> {
    fn into_owned(self) -> Recipient<'static> {
        Recipient {
            header: self.header,
            parameters: self.parameters,
            encrypted_key: owned(self.encrypted_key),
        }
    }
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}
