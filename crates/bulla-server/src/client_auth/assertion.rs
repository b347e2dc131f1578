//! The client's assertion, checked in the order of [`AssertionPolicy`]; remembered last and in one step, so that one
//! that fails burns no `jti` and one that is good is used once.

use core::time::Duration;

use bulla::jwks::KeysUnavailable;
use bulla::key::Keys;
use bulla::oauth::assertion::{
    AssertionError, AssertionPolicy, AuthenticatedClient, ReceivedAssertion, RegisteredClient,
    VerifiedAssertion,
};
use bulla::oauth::message::{PresentedClient, ReceivedTokenRequest};

use super::missed::Missed;
use super::nobody::{Nobody, OrNobody};
use super::with_keys::{Denied, with_keys};
use crate::checks::{Part, Refusal};
use crate::endpoints::Trail;
use crate::server::{Client, Server};

/// Who asks.
pub(crate) async fn authenticate<'s>(
    server: &'s Server,
    nobody: &Nobody,
    request: &ReceivedTokenRequest,
    trail: &mut Trail,
) -> Result<(AuthenticatedClient, &'s Client), Refusal> {
    let (client_id, assertion) = presented(request)?;
    let received = server.assertions().read(assertion, client_id)?;
    let claimed = received.client_id().peek().clone();
    trail.claimed(&claimed, received.header());
    let client = server.clients().find(&claimed);
    let mut judge = Judge {
        policy: server.assertions(),
        nobody,
        client: client.map(Client::registered),
        again: (assertion, client_id),
        received: Some(received),
    };
    let verified = match client {
        // The keys of one that is switched off are not asked for, nor is it told whether they can be had.
        Some(client) if client.registered().is_enabled() => {
            with_keys(client.keys(), |keys| judge.run(keys)).await
        }
        Some(_) => judge.run(nobody).map_err(Denied::Refused),
        None => judge.run(nobody).map_err(Denied::Refused),
    };
    let verified = verified.map_err(refusal)?;
    trail.jti(verified.single_use().id());
    let recorded = server.record(verified.single_use()).await;
    let authenticated = verified.admit(recorded)?;
    match client {
        Some(client) => Ok((authenticated, client)),
        // `verify` refuses every assertion that has no client.
        None => Err(AssertionError::keys_unavailable().into()),
    }
}

/// Nothing but an assertion authenticates here.
fn presented(request: &ReceivedTokenRequest) -> Result<(Option<&str>, &str), Refusal> {
    match request.client() {
        PresentedClient::Assertion {
            client_id,
            assertion,
        } => Ok((client_id.as_deref(), assertion)),
        other => {
            let answer = other
                .refusal()
                .unwrap_or_else(|| AssertionError::keys_unavailable().response());
            Err(Refusal::new(
                Part::Client,
                "authentication",
                "oauth.authentication-missing",
                &answer,
            ))
        }
    }
}

/// Everything between reading an assertion and remembering it. It may run again with newer keys.
struct Judge<'a> {
    policy: &'a AssertionPolicy,
    nobody: &'a Nobody,
    client: Option<&'a RegisteredClient>,
    again: (&'a str, Option<&'a str>),
    received: Option<ReceivedAssertion<'a>>,
}

impl Judge<'_> {
    fn run(&mut self, keys: &dyn Keys) -> Result<VerifiedAssertion, Missed<AssertionError>> {
        let keys = OrNobody::new(keys, self.nobody);
        let received = match self.received.take() {
            Some(received) => Ok(received),
            None => self.policy.read(self.again.0, self.again.1),
        };
        let verified = received.and_then(|received| received.verify(self.client, &keys));
        verified.map_err(|refusal| Missed {
            // Only where the key decided: a client that is switched off makes nobody ask for its keys.
            missed: keys.missed().filter(|_| refusal.check() == "signature"),
            refusal,
        })
    }
}

fn refusal(denied: Denied<Missed<AssertionError>>) -> Refusal {
    match denied {
        Denied::Refused(missed) => Refusal::new(
            Part::Client,
            missed.refusal.check(),
            missed.code(AssertionError::code),
            &missed.refusal.response(),
        ),
        Denied::Unavailable(why) => {
            let error = AssertionError::keys_unavailable();
            let answer = error.response().retry_after(delay(why.as_deref()));
            Refusal::new(Part::Client, error.check(), error.code(), &answer)
        }
    }
}

/// When it is worth to ask again: whole seconds, and never none.
pub(crate) fn delay(why: Option<&KeysUnavailable>) -> Duration {
    let seconds = why
        .and_then(|why| why.retry_after)
        .map_or(5, |delay| delay.as_secs() + 1);
    Duration::from_secs(seconds.clamp(1, 60))
}
