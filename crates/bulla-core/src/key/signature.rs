use core::fmt;

use smallvec::SmallVec;

/// A signature or authentication code, in the form JOSE puts on the wire.
///
/// The signatures of ECDSA, EdDSA and HMAC need no allocation.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature(SmallVec<[u8; 132]>);

impl Signature {
    /// `len` octets of zero, to be written over.
    #[must_use]
    pub fn zeroed(len: usize) -> Self {
        Self(SmallVec::from_elem(0, len))
    }
}

impl From<&[u8]> for Signature {
    fn from(octets: &[u8]) -> Self {
        Self(SmallVec::from_slice(octets))
    }
}

impl From<Vec<u8>> for Signature {
    fn from(octets: Vec<u8>) -> Self {
        Self(SmallVec::from_vec(octets))
    }
}

impl AsRef<[u8]> for Signature {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl AsMut<[u8]> for Signature {
    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({} octets)", self.0.len())
    }
}
