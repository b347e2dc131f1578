use super::{TargetUri, Thumbprint};

/// The request that a proof is held against.
#[derive(Clone, Debug)]
pub struct DpopRequest<'a> {
    pub(super) method: &'a str,
    pub(super) url: &'a TargetUri,
    pub(super) access_token: Option<&'a str>,
    pub(super) bound_to: Option<Thumbprint>,
}

impl<'a> DpopRequest<'a> {
    /// A request to the token endpoint.
    #[must_use]
    pub const fn new(method: &'a str, url: &'a TargetUri) -> Self {
        Self {
            method,
            url,
            access_token: None,
            bound_to: None,
        }
    }

    /// The request presents this access token: the proof's `ath` has to be its hash.
    #[must_use]
    pub const fn access_token(mut self, token: &'a str) -> Self {
        self.access_token = Some(token);
        self
    }

    /// The proof has to be of this key: the `cnf.jkt` of the access token.
    #[must_use]
    pub const fn bound_to(mut self, key: Thumbprint) -> Self {
        self.bound_to = Some(key);
        self
    }
}
