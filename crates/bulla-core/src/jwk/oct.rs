//! `kty: oct` (RFC 7518 §6.4): a symmetric key.

use super::parse::Material;
use super::print::{Field, Fields};
use super::raw::{Name, Raw};
use super::{KeyError, Members};
use crate::secret::SecretBytes;

/// A symmetric key.
///
/// Its own type: a public key is never a `SecretJwk`, so no text of a public key can serve as an HMAC key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretJwk {
    pub(crate) members: Members,
    pub(crate) k: SecretBytes,
}

impl SecretJwk {
    /// A key of these octets.
    #[must_use]
    pub fn new(k: impl Into<SecretBytes>) -> Self {
        Self {
            members: Members::default(),
            k: k.into(),
        }
    }

    /// What every JWK may carry: `kid`, `use`, `alg` and so on.
    #[must_use]
    pub const fn members(&self) -> &Members {
        &self.members
    }

    /// The same, to be changed.
    #[must_use]
    pub const fn members_mut(&mut self) -> &mut Members {
        &mut self.members
    }

    /// The key value.
    #[must_use]
    pub const fn k(&self) -> &SecretBytes {
        &self.k
    }
}

pub(super) fn read(raw: &Raw<'_>) -> Result<Material, KeyError> {
    let k = SecretBytes::from(raw.required_octets(Name::K)?);
    if k.is_empty() {
        // Whoever computes a MAC with no key computes one that everybody can.
        return Err(KeyError::malformed("k", "is empty"));
    }
    Ok(Material::Secret(k))
}

impl SecretJwk {
    pub(super) fn key_fields<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push("kty", Field::Text("oct"));
        fields.push("k", Field::Octets(self.k.expose()));
    }
}
