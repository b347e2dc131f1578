use super::table::lookups;
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
    /// The algorithm that this row describes.
    pub alg: MacAlg,
    /// The registered name.
    pub name: AlgName,
    /// The hash inside the HMAC; its length is also the least length of a key (RFC 7518 §3.2).
    pub hash: HashAlg,
    /// The section that defines it.
    pub rfc: &'static str,
    /// What we advise.
    pub status: Status,
}

/// The table. Nothing below it enumerates algorithms.
static TABLE: [MacFacts; 3] = {
    const fn row(alg: MacAlg, name: &'static str, hash: HashAlg) -> MacFacts {
        MacFacts {
            alg,
            name: AlgName::from_static(name),
            hash,
            rfc: "RFC 7518 §3.2",
            status: Status::Recommended,
        }
    }
    [
        row(MacAlg::Hs256, "HS256", HashAlg::Sha256),
        row(MacAlg::Hs384, "HS384", HashAlg::Sha384),
        row(MacAlg::Hs512, "HS512", HashAlg::Sha512),
    ]
};

lookups! {
    /// ```
    /// use bulla_core::jwa::MacAlg;
    /// assert_eq!(MacAlg::from_name("HS256"), Some(MacAlg::Hs256));
    /// assert_eq!(MacAlg::from_name("none"), None);
    /// ```
    MacAlg, MacFacts
}
