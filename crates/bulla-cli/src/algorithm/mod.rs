//! `--alg`: a signature or MAC algorithm by its registered name.

mod any;
mod encryption;

pub(crate) use any::AnyAlgorithm;
pub(crate) use encryption::{ContentEncryption, KeyManagement, LegacyArgs};

use std::fmt;
use std::str::FromStr;

use bulla::jwa::{MacAlg, SignatureAlg, Status};

/// What `--alg` may name. The two kinds have no common parent in the library; here they meet as arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Signature(SignatureAlg),
    Mac(MacAlg),
}

impl Algorithm {
    /// Every algorithm, as the table has them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let macs = MacAlg::table().iter().map(|row| row.alg).map(Self::Mac);
        macs.chain(
            SignatureAlg::table()
                .iter()
                .map(|row| Self::Signature(row.alg)),
        )
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Signature(alg) => alg.name().as_str(),
            Self::Mac(alg) => alg.name().as_str(),
        }
    }

    pub(crate) fn status(self) -> Status {
        match self {
            Self::Signature(alg) => alg.facts().status,
            Self::Mac(alg) => alg.facts().status,
        }
    }

    pub(crate) fn rfc(self) -> &'static str {
        match self {
            Self::Signature(alg) => alg.facts().rfc,
            Self::Mac(alg) => alg.facts().rfc,
        }
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        find(text, Self::all().map(|alg| (alg.name(), alg)))
    }
}

/// The algorithm of exactly this name.
fn find<T>(
    text: &str,
    rows: impl Iterator<Item = (&'static str, T)>,
) -> Result<T, UnknownAlgorithm> {
    if text.eq_ignore_ascii_case("none") {
        return Err(UnknownAlgorithm::None);
    }
    let mut near = UnknownAlgorithm::Unknown;
    for (name, alg) in rows {
        if name == text {
            return Ok(alg);
        }
        if name.eq_ignore_ascii_case(text) {
            near = UnknownAlgorithm::Case(name);
        }
    }
    Err(near)
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a name is no algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownAlgorithm {
    /// `none`, in any case.
    None,
    /// Right but for its case.
    Case(&'static str),
    Unknown,
}

impl fmt::Display for UnknownAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("always refused, for signing too"),
            Self::Case(name) => write!(f, "unknown; names are case-sensitive: {name}"),
            Self::Unknown => f.write_str("unknown; `bulla alg` lists every algorithm"),
        }
    }
}

impl std::error::Error for UnknownAlgorithm {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exact_and_none_is_none() {
        assert_eq!("HS256".parse(), Ok(Algorithm::Mac(MacAlg::Hs256)));
        assert_eq!(
            "ES256".parse(),
            Ok(Algorithm::Signature(SignatureAlg::Es256))
        );
        assert_eq!(
            "es256".parse::<Algorithm>(),
            Err(UnknownAlgorithm::Case("ES256"))
        );
        assert_eq!("RS1".parse::<Algorithm>(), Err(UnknownAlgorithm::Unknown));
        for none in ["none", "None", "nOnE", "NONE"] {
            assert_eq!(none.parse::<Algorithm>(), Err(UnknownAlgorithm::None));
        }
    }
}
