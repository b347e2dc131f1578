use core::fmt;

/// The extension `keyUsage`: what the certified key may be used for
/// ([RFC 5280 §4.2.1.3](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3)).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// Takes the octets of the bit string, whose first bit is the most significant one of the first octet.
    pub(crate) fn from_octets(octets: &[u8]) -> Self {
        let octet = |at: usize| octets.get(at).copied().unwrap_or_default();
        Self(u16::from_be_bytes([octet(0), octet(1)]))
    }

    /// `digitalSignature`: signatures other than of certificates and revocation lists.
    #[must_use]
    pub const fn digital_signature(self) -> bool {
        self.has(0)
    }

    /// `contentCommitment`, also called `nonRepudiation`: signatures that commit their maker to the content.
    #[must_use]
    pub const fn content_commitment(self) -> bool {
        self.has(1)
    }

    /// `keyEncipherment`: encrypting keys, as RSA-OAEP does.
    #[must_use]
    pub const fn key_encipherment(self) -> bool {
        self.has(2)
    }

    /// `dataEncipherment`: encrypting data with the key itself, which nothing in JOSE does.
    #[must_use]
    pub const fn data_encipherment(self) -> bool {
        self.has(3)
    }

    /// `keyAgreement`: as ECDH-ES does.
    #[must_use]
    pub const fn key_agreement(self) -> bool {
        self.has(4)
    }

    /// `keyCertSign`: signing certificates.
    #[must_use]
    pub const fn key_cert_sign(self) -> bool {
        self.has(5)
    }

    /// `cRLSign`: signing revocation lists.
    #[must_use]
    pub const fn crl_sign(self) -> bool {
        self.has(6)
    }

    /// `encipherOnly`: with `keyAgreement`, the agreed key may only encipher.
    #[must_use]
    pub const fn encipher_only(self) -> bool {
        self.has(7)
    }

    /// `decipherOnly`: with `keyAgreement`, the agreed key may only decipher.
    #[must_use]
    pub const fn decipher_only(self) -> bool {
        self.has(8)
    }

    const fn has(self, bit: u8) -> bool {
        self.0 & 0x8000 >> bit != 0
    }
}

/// The names that RFC 5280 gives to the bits, with commas between them.
impl fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = NAMES
            .iter()
            .zip(0..)
            .filter(|(_, bit)| self.has(*bit))
            .map(|(name, _)| *name);
        f.write_str(&names.collect::<Vec<_>>().join(", "))
    }
}

impl fmt::Debug for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyUsage({self})")
    }
}

const NAMES: [&str; 9] = [
    "digitalSignature",
    "contentCommitment",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];
