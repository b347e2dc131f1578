//! Extended key usage: whether certificates are meant for what they are used for.

use super::{PathError, Position};
use crate::{Certificate, Oid};

/// Which purposes count.
#[derive(Clone, Debug, Default)]
pub(super) enum Purpose {
    /// Certificates that are restricted to no purpose.
    #[default]
    Unrestricted,
    /// Those that list one of these.
    Named(Vec<Oid>),
    /// All.
    Any,
}

impl Purpose {
    /// The leaf must name the purpose where one is asked for: `anyExtendedKeyUsage`, or no extension, is not it
    /// (RFC 5280 §4.2.1.12 leaves that to the application).
    pub(super) fn check_leaf(&self, leaf: &Certificate) -> Result<(), PathError> {
        let found = leaf.extended_key_usage();
        let fits = match self {
            Self::Unrestricted => found.is_none_or(has_any),
            Self::Named(named) => found.is_some_and(|found| has_one(found, named)),
            Self::Any => true,
        };
        refuse_unless(fits, Position::Chain(0), found)
    }

    /// An authority restricted to some purposes vouches for those alone, as everyone but RFC 5280 has it.
    pub(super) fn check_authority(
        &self,
        authority: &Certificate,
        position: Position,
    ) -> Result<(), PathError> {
        let found = authority.extended_key_usage();
        let fits = found.is_none_or(|found| match self {
            Self::Unrestricted => has_any(found),
            Self::Named(named) => has_any(found) || has_one(found, named),
            Self::Any => true,
        });
        refuse_unless(fits, position, found)
    }
}

fn has_any(found: &[Oid]) -> bool {
    found.contains(&Oid::any_extended_key_usage())
}

fn has_one(found: &[Oid], named: &[Oid]) -> bool {
    named.iter().any(|purpose| found.contains(purpose))
}

fn refuse_unless(fits: bool, position: Position, found: Option<&[Oid]>) -> Result<(), PathError> {
    if fits {
        return Ok(());
    }
    Err(PathError::ExtendedKeyUsage {
        position,
        found: found.unwrap_or_default().to_vec(),
    })
}
