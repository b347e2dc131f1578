use core::fmt;
use core::hash::{Hash, Hasher};
use std::sync::Arc;

/// The value of an `alg` or `enc` member: any string, registered or not, with no behaviour.
///
/// A token's name is compared with the name of the key that is bound to an algorithm; nothing turns a
/// name that came with a token into an operation. `none` is therefore only ever an `AlgName`.
///
/// Names are case-sensitive (RFC 7515 §4.1.1).
///
/// ```
/// use bulla_core::jwa::{AlgName, SignatureAlg};
/// assert_eq!(AlgName::new("ES256"), *SignatureAlg::Es256.name());
/// assert_ne!(AlgName::new("es256"), *SignatureAlg::Es256.name());
/// ```
#[derive(Clone)]
pub struct AlgName(Repr);

#[derive(Clone)]
enum Repr {
    Static(&'static str),
    Shared(Arc<str>),
}

impl AlgName {
    /// A name as it stands on the wire.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(Repr::Shared(name.into()))
    }

    /// A name as it stands on the wire; a registered one costs no allocation.
    pub(crate) fn registered(name: &str) -> Self {
        let signature = super::SignatureAlg::from_name(name).map(super::SignatureAlg::name);
        let mac = || super::MacAlg::from_name(name).map(super::MacAlg::name);
        let wrap = || super::KeyManagementAlg::from_name(name).map(super::KeyManagementAlg::name);
        let content =
            || super::ContentEncryptionAlg::from_name(name).map(super::ContentEncryptionAlg::name);
        signature
            .or_else(mac)
            .or_else(wrap)
            .or_else(content)
            .cloned()
            .unwrap_or_else(|| Self::new(name))
    }

    /// A name known when the program is compiled; costs no allocation. For custom algorithms.
    #[must_use]
    pub const fn from_static(name: &'static str) -> Self {
        Self(Repr::Static(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Static(name) => name,
            Repr::Shared(name) => name,
        }
    }
}

impl PartialEq for AlgName {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for AlgName {}

impl PartialEq<str> for AlgName {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl Hash for AlgName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for AlgName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for AlgName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
