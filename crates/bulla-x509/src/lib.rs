//! X.509 for JOSE: whether the certificates in a token's `x5c` lead to someone you trust, and what stands in them.
//!
//! A key that arrives in a header is [`Untrusted`](bulla_core::Untrusted). A [`PathPolicy`] is one way to trust it: it
//! says which [`TrustAnchors`] count, at which time, for which purpose and under which revocation lists, and gives a
//! [`ValidatedPath`] or a [`PathError`] that names the rule and the certificate.
//!
//! ```
//! use bulla_x509::{PathPolicy, TrustAnchors};
//! # fn now() -> std::time::SystemTime { std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_800_000_000) }
//! # let root = include_bytes!("../tests/fixtures/root.pem");
//! # let x5c = vec![
//! #     include_bytes!("../tests/fixtures/leaf.der").to_vec(),
//! #     include_bytes!("../tests/fixtures/intermediate.der").to_vec(),
//! # ];
//! let policy = PathPolicy::new(TrustAnchors::read(root)?).at(now());
//! let path = policy.validate(&x5c)?;
//! // A path proves who vouches for the key, not that its subject is the one you deal with: that is yours to compare.
//! assert_eq!(path.leaf().subject().to_string(), "CN=leaf,O=Bulla");
//! let key = path.jwk(); // with `use`, `x5c`, `x5t` and `x5t#S256`
//! # assert_eq!(key.members().x5c.as_deref(), Some(&x5c[..]));
//!
//! // From another authority, and nothing else is different.
//! # let other = include_bytes!("../tests/fixtures/other-root.pem");
//! let policy = PathPolicy::new(TrustAnchors::read(other)?).at(now());
//! assert_eq!(policy.validate(&x5c).unwrap_err().code(), "x509.untrusted-issuer");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | Item | What it is for |
//! |---|---|
//! | [`PathPolicy`], [`ValidatedPath`] | deciding whether a chain is to be trusted |
//! | [`TrustAnchors`], [`RevocationLists`] | what the decision rests on |
//! | [`Certificate`] | looking at one, trusted or not |
//! | [`FileUrls`] | documents for `jku` and `x5u` that are files of this machine |
//! | [`certifiers`] | who signed what in a heap of certificates |
//! | [`certify`] | sending a chain along with one's own key |
//! | [`key_store`] | PKCS#12 and JKS files, and directories of keys |
//!
//! # What is checked
//!
//! Number and size of the certificates, before anything is parsed; that each certifies the one before it (RFC 7515
//! §4.1.6: nothing is sorted, nothing is skipped), by name and by signature; dates; basic constraints and path length;
//! key usage of authorities and of the leaf; extended key usage; name constraints; that every critical extension is
//! understood; revocation, where lists are given. [`PathPolicy`] has the rules one by one.
//!
//! Not offered: fetching anything (OCSP, lists, missing certificates), certificate policies (a critical
//! `policyConstraints` is refused), indirect and delta revocation lists.

mod anchors;
mod certificate;
mod certifiers;
mod files;
pub mod key_store;
mod oid;
mod path;
mod revocation;

pub use anchors::TrustAnchors;
pub use certificate::{
    AlternativeName, Certificate, CertificateError, DistinguishedName, KeyUsage, SignatureMismatch,
};
pub use certifiers::certifiers;
pub use files::FileUrls;
pub use oid::Oid;
pub use path::{PathError, PathPolicy, Position, ValidatedPath, certify};
pub use revocation::RevocationLists;
