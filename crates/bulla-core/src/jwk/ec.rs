//! `kty: EC` (RFC 7518 §6.2, RFC 8812 §3.1).

use core::fmt;

use super::parse::Material;
use super::print::{Field, Fields};
use super::raw::{Name, Raw};
use super::{KeyError, PrivateKey, PublicKey};
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
    /// A point of these coordinates, big-endian and each exactly as long as the field (RFC 7518 §6.2.1.2).
    ///
    /// ```
    /// use bulla_core::jwk::{EcCurve, EcPublicKey};
    /// assert!(EcPublicKey::new(EcCurve::P256, vec![1; 32], vec![2; 32]).is_ok());
    /// assert!(EcPublicKey::new(EcCurve::P256, vec![1; 31], vec![2; 32]).is_err()); // zeros stay
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] for a coordinate of another length.
    pub fn new(
        curve: EcCurve,
        x: impl Into<Box<[u8]>>,
        y: impl Into<Box<[u8]>>,
    ) -> Result<Self, KeyError> {
        let (x, y) = (x.into(), y.into());
        check_field_len(curve, "x", &x)?;
        check_field_len(curve, "y", &y)?;
        Ok(Self { curve, x, y })
    }

    /// The point of SEC 1 §2.3.3, `04 ‖ x ‖ y`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] for a compressed point, [`KeyError::Malformed`] for any other text or length.
    pub fn from_uncompressed(curve: EcCurve, point: &[u8]) -> Result<Self, KeyError> {
        match point.split_first() {
            Some((4, coordinates)) if coordinates.len() == 2 * curve.field_len() => {
                let (x, y) = coordinates.split_at(curve.field_len());
                Self::new(curve, x, y)
            }
            Some((2 | 3, x)) if x.len() == curve.field_len() => {
                Err(KeyError::Unsupported("a compressed EC point"))
            }
            _ => Err(KeyError::malformed(
                "EC point",
                "is not 04 followed by two coordinates as long as the field of the curve",
            )),
        }
    }

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
    /// The scalar `d`, big-endian and exactly as long as the field, with its point. Whether the two belong
    /// together is checked when the key is bound.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] for a scalar of another length.
    pub fn new(public: EcPublicKey, d: impl Into<SecretBytes>) -> Result<Self, KeyError> {
        let d = d.into();
        check_field_len(public.curve, "d", d.expose())?;
        Ok(Self { public, d })
    }

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

pub(super) fn read(raw: &Raw<'_>) -> Result<Material, KeyError> {
    let name = raw.required_text(Name::Crv)?;
    let curve = EcCurve::from_name(name).ok_or_else(|| KeyError::unsupported_value("crv", name))?;
    let public = EcPublicKey::new(
        curve,
        raw.required_octets(Name::X)?,
        raw.required_octets(Name::Y)?,
    )?;
    Ok(match raw.octets(Name::D)? {
        None => Material::Public(PublicKey::Ec(public)),
        Some(d) => Material::Private(PrivateKey::Ec(EcPrivateKey::new(public, d)?)),
    })
}

impl EcPublicKey {
    pub(super) fn fields<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push("kty", Field::Text("EC"));
        fields.push("crv", Field::Text(self.curve.name()));
        fields.push("x", Field::Octets(&self.x));
        fields.push("y", Field::Octets(&self.y));
    }
}

impl EcPrivateKey {
    pub(super) fn fields<'a>(&'a self, fields: &mut Fields<'a>) {
        self.public.fields(fields);
        fields.push("d", Field::Octets(self.d.expose()));
    }
}

fn check_field_len(curve: EcCurve, member: &'static str, octets: &[u8]) -> Result<(), KeyError> {
    if octets.len() == curve.field_len() {
        return Ok(());
    }
    Err(KeyError::malformed(
        member,
        "is not exactly as long as the field of the curve (32, 48 or 66 octets, leading zeros kept)",
    ))
}
