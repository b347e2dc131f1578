use sha2::Digest as _;
use smallvec::SmallVec;

/// A member of the SHA-2 family, as JOSE uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashAlg {
    /// SHA-256, 32 octets.
    Sha256,
    /// SHA-384, 48 octets.
    Sha384,
    /// SHA-512, 64 octets.
    Sha512,
}

impl HashAlg {
    /// The length of a digest in octets.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "no digest is empty")]
    pub const fn len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The name of the [IANA Named Information Hash Algorithm Registry][iana], as thumbprint URIs
    /// (RFC 9278 §3) spell it.
    ///
    /// [iana]: https://www.iana.org/assignments/named-information/named-information.xhtml
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

    /// Hashes `data` at once.
    ///
    /// ```
    /// use bulla_core::jwa::HashAlg;
    /// assert_eq!(HashAlg::Sha256.digest(b"abc").as_ref()[..4], [0xba, 0x78, 0x16, 0xbf]);
    /// ```
    #[must_use]
    pub fn digest(self, data: &[u8]) -> Digest {
        let mut hasher = self.hasher();
        hasher.update(data);
        hasher.finish()
    }

    pub(crate) fn hasher(self) -> Hasher {
        match self {
            Self::Sha256 => Hasher::Sha256(sha2::Sha256::new()),
            Self::Sha384 => Hasher::Sha384(sha2::Sha384::new()),
            Self::Sha512 => Hasher::Sha512(sha2::Sha512::new()),
        }
    }
}

/// The output of a [`HashAlg`]. A backend that hashes with code of its own makes one `From` its octets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Digest(SmallVec<[u8; 64]>);

impl From<&[u8]> for Digest {
    fn from(octets: &[u8]) -> Self {
        Self(SmallVec::from_slice(octets))
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A digest being computed over input that arrives in pieces.
pub(crate) enum Hasher {
    Sha256(sha2::Sha256),
    Sha384(sha2::Sha384),
    Sha512(sha2::Sha512),
}

impl Hasher {
    pub(crate) fn update(&mut self, data: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(data),
            Self::Sha384(hasher) => hasher.update(data),
            Self::Sha512(hasher) => hasher.update(data),
        }
    }

    pub(crate) fn finish(self) -> Digest {
        Digest(match self {
            Self::Sha256(hasher) => SmallVec::from_slice(&hasher.finalize()),
            Self::Sha384(hasher) => SmallVec::from_slice(&hasher.finalize()),
            Self::Sha512(hasher) => SmallVec::from_slice(&hasher.finalize()),
        })
    }
}
