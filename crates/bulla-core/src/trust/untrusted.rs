use super::{Trust, Trusted};

/// Something that came with a token, and that nobody has vouched for.
///
/// A key found in a header's `jwk` or `x5c` was chosen by whoever made the token. No operation takes an
/// `Untrusted` key. It becomes [`Trusted`] through what stands in [`trust`](crate::trust), or by
/// [`trust`](Self::trust), the one explicit way out, which shows in review.
///
/// ```compile_fail,E0277
/// # fn f(header_key: bulla_core::Untrusted<bulla_core::jwk::PublicJwk>, backend: std::sync::Arc<dyn bulla_core::key::Backend>) {
/// // a key from a header is not a key to verify with
/// let verifier = bulla_core::key::Verifier::bind(&backend, &header_key);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untrusted<T>(T);

impl<T> Untrusted<T> {
    /// Marks `value` as untrusted.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Looks at the value, for example to compute a thumbprint and search a store with it.
    #[must_use]
    pub const fn peek(&self) -> &T {
        &self.0
    }

    /// Declares that the caller has its own reason to trust the value ([`Trust::Caller`]).
    ///
    /// # Security
    ///
    /// A signature verified with a key from the token's own header proves only that the sender holds
    /// *some* key. Call this where that is what you want (ACME, DPoP), or after your own check.
    #[must_use]
    pub fn trust(self) -> Trusted<T> {
        Trusted::new(self.0, Trust::Caller)
    }

    /// Declares what the value is trusted for: for whoever implements a store, a resolver or a check of its own.
    ///
    /// # Security
    ///
    /// Nothing verifies the reason; it is what an audit will read.
    #[must_use]
    pub fn trusted_because(self, why: Trust) -> Trusted<T> {
        Trusted::new(self.0, why)
    }
}
