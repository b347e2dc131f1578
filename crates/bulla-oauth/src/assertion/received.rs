use bulla_core::key::Keys;
use bulla_core::{Header, Untrusted};

use super::{
    AssertionError, AssertionPolicy, AssertionRefusal, ClientAuthMethod, RegisteredClient,
    VerifiedAssertion,
};
use crate::checks::form::Opened;

/// An assertion whose form is right, and that names a client. Anybody can have made it.
#[derive(Debug)]
pub struct ReceivedAssertion<'a> {
    pub(super) policy: &'a AssertionPolicy,
    pub(super) opened: Opened<'a>,
    pub(super) client_id: Untrusted<String>,
}

impl ReceivedAssertion<'_> {
    /// Whom the assertion says it is of: to look for the client with, and nothing else.
    #[must_use]
    pub const fn client_id(&self) -> &Untrusted<String> {
        &self.client_id
    }

    /// The header: to ask for the key of its `kid`. The keys and URLs in it are ignored.
    #[must_use]
    pub const fn header(&self) -> &Header {
        self.opened.jwt.header()
    }

    /// Checks what the client is registered for, the signature, and the claims.
    ///
    /// `client` is none where there is no client of that name. Then `keys` should be keys that nobody has, so that the
    /// answer takes as long as for a wrong signature; the refusal is the same to the sender.
    ///
    /// # Errors
    ///
    /// [`AssertionError`], which names the check for the audit log.
    pub fn verify(
        self,
        client: Option<&RegisteredClient>,
        keys: &(impl Keys + ?Sized),
    ) -> Result<VerifiedAssertion, AssertionError> {
        let Self {
            policy,
            opened,
            client_id,
        } = self;
        let registered = registered(&opened, client_id.peek(), client);
        // Whatever the record says, so that time does not tell it.
        let verified = opened.jwt.verify(keys);
        registered?;
        let jwt = verified.map_err(|error| AssertionError::new("signature", error))?;
        VerifiedAssertion::judge(policy, jwt, client_id.trust().into_inner())
    }
}

/// The checks on the client's record.
fn registered(
    opened: &Opened<'_>,
    claimed: &str,
    client: Option<&RegisteredClient>,
) -> Result<(), AssertionError> {
    let client = client
        .filter(|client| client.id == claimed)
        .ok_or_else(|| AssertionError::new("client", AssertionRefusal::ClientUnknown))?;
    if !client.enabled {
        return Err(AssertionError::new(
            "client",
            AssertionRefusal::ClientDisabled,
        ));
    }
    if client.method != ClientAuthMethod::PrivateKeyJwt {
        return Err(AssertionError::new("method", AssertionRefusal::Method));
    }
    if !client.algorithms.is_empty() && !client.algorithms.contains(&opened.alg) {
        let alg = opened.alg.name().clone();
        let error = bulla_core::jws::VerifyError::AlgorithmNotAllowed { alg };
        return Err(AssertionError::new(
            "client-algorithm",
            AssertionRefusal::Token(error.into()),
        ));
    }
    Ok(())
}
