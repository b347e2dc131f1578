//! `kty: OKP` (RFC 8037 §2).

use core::fmt;

use super::parse::Material;
use super::print::{Field, Fields};
use super::raw::{Name, Raw};
use super::{KeyError, PrivateKey, PublicKey};
use crate::secret::SecretBytes;

/// A curve of `kty: OKP`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OkpCurve {
    /// Signatures, [RFC 8037 §3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1).
    Ed25519,
    /// Signatures, [RFC 8037 §3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1).
    Ed448,
    /// Key agreement, [RFC 8037 §3.2](https://www.rfc-editor.org/rfc/rfc8037#section-3.2).
    X25519,
    /// Key agreement, [RFC 8037 §3.2](https://www.rfc-editor.org/rfc/rfc8037#section-3.2).
    X448,
}

impl OkpCurve {
    /// Every curve.
    pub const ALL: &'static [Self] = &[Self::Ed25519, Self::Ed448, Self::X25519, Self::X448];

    /// The registered name, the value of `crv`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::Ed448 => "Ed448",
            Self::X25519 => "X25519",
            Self::X448 => "X448",
        }
    }

    /// The curve of this exact name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|curve| curve.name() == name)
    }

    /// The length in octets of a public key and of a private one.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Ed25519 | Self::X25519 => 32,
            Self::Ed448 => 57,
            Self::X448 => 56,
        }
    }
}

impl fmt::Display for OkpCurve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The public octets of an Edwards or Montgomery key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OkpPublicKey {
    pub(crate) curve: OkpCurve,
    /// Exactly `curve.key_len()` octets.
    pub(crate) x: Box<[u8]>,
}

impl OkpPublicKey {
    /// The public octets as RFC 8032 or RFC 7748 encode them: 32 for Ed25519 and X25519, 57 for Ed448, 56 for X448.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] for another length.
    pub fn new(curve: OkpCurve, x: impl Into<Box<[u8]>>) -> Result<Self, KeyError> {
        let x = x.into();
        check_key_len(curve, "x", &x)?;
        Ok(Self { curve, x })
    }

    /// The curve.
    #[must_use]
    pub const fn curve(&self) -> OkpCurve {
        self.curve
    }

    /// The public key.
    #[must_use]
    pub fn x(&self) -> &[u8] {
        &self.x
    }
}

/// A private key (the seed, for EdDSA) with its public half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OkpPrivateKey {
    pub(crate) public: OkpPublicKey,
    /// Exactly `curve.key_len()` octets.
    pub(crate) d: SecretBytes,
}

impl OkpPrivateKey {
    /// The private octets (the seed, for EdDSA), as long as the public ones, with their public half. Whether the
    /// two belong together is checked when the key is bound.
    ///
    /// # Errors
    ///
    /// [`KeyError::Malformed`] for another length.
    pub fn new(public: OkpPublicKey, d: impl Into<SecretBytes>) -> Result<Self, KeyError> {
        let d = d.into();
        check_key_len(public.curve, "d", d.expose())?;
        Ok(Self { public, d })
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &OkpPublicKey {
        &self.public
    }

    /// The private key.
    #[must_use]
    pub const fn d(&self) -> &SecretBytes {
        &self.d
    }
}

pub(super) fn read(raw: &Raw<'_>) -> Result<Material, KeyError> {
    let name = raw.required_text(Name::Crv)?;
    let curve =
        OkpCurve::from_name(name).ok_or_else(|| KeyError::unsupported_value("crv", name))?;
    let public = OkpPublicKey::new(curve, raw.required_octets(Name::X)?)?;
    Ok(match raw.octets(Name::D)? {
        None => Material::Public(PublicKey::Okp(public)),
        Some(d) => Material::Private(PrivateKey::Okp(OkpPrivateKey::new(public, d)?)),
    })
}

impl OkpPublicKey {
    pub(super) fn fields<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push("kty", Field::Text("OKP"));
        fields.push("crv", Field::Text(self.curve.name()));
        fields.push("x", Field::Octets(&self.x));
    }
}

impl OkpPrivateKey {
    pub(super) fn fields<'a>(&'a self, fields: &mut Fields<'a>) {
        self.public.fields(fields);
        fields.push("d", Field::Octets(self.d.expose()));
    }
}

fn check_key_len(curve: OkpCurve, member: &'static str, octets: &[u8]) -> Result<(), KeyError> {
    if octets.len() == curve.key_len() {
        return Ok(());
    }
    Err(KeyError::malformed(
        member,
        "is not as long as a key of the curve (32 octets for Ed25519 and X25519, 57 for Ed448, 56 for X448)",
    ))
}
