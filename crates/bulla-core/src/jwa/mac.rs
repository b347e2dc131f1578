use core::fmt;

use super::{AlgName, HashAlg, Status};

/// An algorithm that authenticates with a shared secret (RFC 7518 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MacAlg {
    /// HMAC using SHA-256, [RFC 7518 §3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2).
    Hs256,
    /// HMAC using SHA-384, [RFC 7518 §3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2).
    Hs384,
    /// HMAC using SHA-512, [RFC 7518 §3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2).
    Hs512,
}

/// What there is to know about a [`MacAlg`]: one row of the table.
#[derive(Debug)]
#[non_exhaustive]
pub struct MacFacts {
    /// The registered name.
    pub name: AlgName,
    /// The hash inside the HMAC; its length is also the least length of a key (RFC 7518 §3.2).
    pub hash: HashAlg,
    /// The section that defines it.
    pub rfc: &'static str,
    /// What we advise.
    pub status: Status,
}

impl MacAlg {
    /// Every algorithm, in the order of the registry.
    pub const ALL: &'static [Self] = &[Self::Hs256, Self::Hs384, Self::Hs512];

    /// The row of the table.
    #[must_use]
    pub fn facts(self) -> &'static MacFacts {
        const fn row(name: &'static str, hash: HashAlg) -> MacFacts {
            MacFacts {
                name: AlgName::from_static(name),
                hash,
                rfc: "RFC 7518 §3.2",
                status: Status::Recommended,
            }
        }
        static HS256: MacFacts = row("HS256", HashAlg::Sha256);
        static HS384: MacFacts = row("HS384", HashAlg::Sha384);
        static HS512: MacFacts = row("HS512", HashAlg::Sha512);
        match self {
            Self::Hs256 => &HS256,
            Self::Hs384 => &HS384,
            Self::Hs512 => &HS512,
        }
    }

    /// The registered name.
    #[must_use]
    pub fn name(self) -> &'static AlgName {
        &self.facts().name
    }

    /// The algorithm of this exact name, if there is one.
    ///
    /// ```
    /// use bulla_core::jwa::MacAlg;
    /// assert_eq!(MacAlg::from_name("HS256"), Some(MacAlg::Hs256));
    /// assert_eq!(MacAlg::from_name("none"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|alg| alg.name().as_str() == name)
    }
}

impl fmt::Display for MacAlg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name().as_str())
    }
}
