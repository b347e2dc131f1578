use core::fmt;
use core::ops::Deref;
use std::borrow::Cow;

use zeroize::{Zeroize as _, Zeroizing};

use super::PayloadError;

/// A payload that was written: octets, and whether they are a secret.
///
/// A secret is wiped when dropped, and no [`jws::Builder`](crate::jws::Builder) takes it: a signature hides nothing.
#[derive(Clone)]
pub struct Encoded<'v> {
    octets: Cow<'v, [u8]>,
    secret: bool,
}

impl<'v> Encoded<'v> {
    /// These octets.
    #[must_use]
    pub const fn borrowed(octets: &'v [u8]) -> Self {
        Self {
            octets: Cow::Borrowed(octets),
            secret: false,
        }
    }

    /// This text, which only an encrypted token may carry.
    #[must_use]
    pub fn secret(mut text: Zeroizing<String>) -> Self {
        Self {
            octets: Cow::Owned(core::mem::take(&mut *text).into_bytes()),
            secret: true,
        }
    }

    /// Whether only an encrypted token may carry it.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        self.secret
    }

    /// The octets, to be signed: not those of a secret.
    pub(crate) fn into_signed(mut self) -> Result<Cow<'v, [u8]>, PayloadError> {
        if self.secret {
            return Err(PayloadError::Secret);
        }
        Ok(core::mem::replace(&mut self.octets, Cow::Borrowed(&[])))
    }
}

impl From<Vec<u8>> for Encoded<'_> {
    fn from(octets: Vec<u8>) -> Self {
        Self {
            octets: Cow::Owned(octets),
            secret: false,
        }
    }
}

impl Deref for Encoded<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.octets
    }
}

impl AsRef<[u8]> for Encoded<'_> {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Drop for Encoded<'_> {
    fn drop(&mut self) {
        if let (true, Cow::Owned(octets)) = (self.secret, &mut self.octets) {
            octets.zeroize();
        }
    }
}

/// What is to be encrypted is not for logs.
impl fmt::Debug for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoded({} octets)", self.len())
    }
}
