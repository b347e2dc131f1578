//! `kty: EC` (RFC 7518 §6.2, RFC 8812 §3.1).

use core::fmt;

use crate::secret::SecretBytes;

/// A curve of `kty: EC`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EcCurve {
    /// `P-256`, [RFC 7518 §6.2.1.1](https://www.rfc-editor.org/rfc/rfc7518#section-6.2.1.1).
    P256,
    /// `P-384`, [RFC 7518 §6.2.1.1](https://www.rfc-editor.org/rfc/rfc7518#section-6.2.1.1).
    P384,
    /// `P-521`, [RFC 7518 §6.2.1.1](https://www.rfc-editor.org/rfc/rfc7518#section-6.2.1.1).
    P521,
    /// `secp256k1`, [RFC 8812 §3.1](https://www.rfc-editor.org/rfc/rfc8812#section-3.1).
    Secp256k1,
}

impl EcCurve {
    /// Every curve.
    pub const ALL: &'static [Self] = &[Self::P256, Self::P384, Self::P521, Self::Secp256k1];

    /// The registered name, the value of `crv`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
        }
    }

    /// The curve of this exact name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|curve| curve.name() == name)
    }

    /// The length in octets of a coordinate, of `d`, and of each of R and S.
    #[must_use]
    pub const fn field_len(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

impl fmt::Display for EcCurve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A point on a curve, as its two coordinates. Whether it lies on the curve is checked when it is bound.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EcPublicKey {
    pub(crate) curve: EcCurve,
    /// Both exactly `curve.field_len()` octets.
    pub(crate) x: Box<[u8]>,
    pub(crate) y: Box<[u8]>,
}

impl EcPublicKey {
    /// The curve.
    #[must_use]
    pub const fn curve(&self) -> EcCurve {
        self.curve
    }

    /// The x coordinate, big-endian, as long as the field.
    #[must_use]
    pub fn x(&self) -> &[u8] {
        &self.x
    }

    /// The y coordinate, big-endian, as long as the field.
    #[must_use]
    pub fn y(&self) -> &[u8] {
        &self.y
    }

    /// The uncompressed point of SEC 1 §2.3.3: `04 ‖ x ‖ y`.
    #[must_use]
    pub fn to_uncompressed(&self) -> Vec<u8> {
        [&[4], self.x(), self.y()].concat()
    }
}

/// A private scalar with its public point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EcPrivateKey {
    pub(crate) public: EcPublicKey,
    /// Exactly `curve.field_len()` octets.
    pub(crate) d: SecretBytes,
}

impl EcPrivateKey {
    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &EcPublicKey {
        &self.public
    }

    /// The scalar, big-endian, as long as the field.
    #[must_use]
    pub const fn d(&self) -> &SecretBytes {
        &self.d
    }
}
