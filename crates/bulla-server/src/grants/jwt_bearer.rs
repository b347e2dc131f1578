//! An issuer that we trust says of whom the token is to be (RFC 7521 §4.1, RFC 7523 §2.1 and §3).

use bulla::key::Keys;
use bulla::oauth::Recorded;
use bulla::oauth::grant::{GrantError, GrantPolicy, ReceivedGrant, VerifiedGrant};
use bulla::oauth::message::{ErrorCode, ErrorResponse};

use super::TrustedIssuer;
use crate::checks::{Part, Refusal};
use crate::client_auth::{Denied, Missed, Nobody, OrNobody, delay, with_keys};
use crate::server::{Client, Server};

pub(super) async fn subject(
    assertion: &str,
    client: &Client,
    server: &Server,
    nobody: &Nobody,
) -> Result<String, Refusal> {
    let received = server.grants().read(assertion)?;
    let trusted = issuer(received.issuer().peek(), client, server)?;
    let mut judge = Judge {
        policy: server.grants(),
        nobody,
        trusted,
        again: assertion,
        received: Some(received),
    };
    let verified = with_keys(trusted.keys(), |keys| judge.run(keys)).await;
    let verified = verified.map_err(refusal)?;
    let recorded = match verified.single_use() {
        Some(single_use) => server.record(single_use).await,
        None => Recorded::New,
    };
    let principal = verified.admit(recorded)?;
    let subject = format!("{}{}", trusted.subject_prefix(), principal.subject());
    check_is_no_client(&subject, server)?;
    Ok(subject)
}

fn issuer<'s>(
    claimed: &str,
    client: &Client,
    server: &'s Server,
) -> Result<&'s TrustedIssuer, Refusal> {
    let known = server.trusted_issuers().find(claimed);
    let known = known.filter(|issuer| issuer.admits(client.id()));
    known.ok_or_else(|| GrantError::issuer_unknown().into())
}

/// RFC 9068 §5: an issuer must not be able to name a subject that means one of our clients to a resource.
fn check_is_no_client(subject: &str, server: &Server) -> Result<(), Refusal> {
    if server.clients().find(subject).is_none() {
        return Ok(());
    }
    let answer =
        ErrorResponse::new(ErrorCode::InvalidGrant).description("the assertion is not acceptable");
    Err(Refusal::new(
        Part::Grant,
        "subject",
        "oauth.subject-is-client",
        &answer,
    ))
}

/// Everything between reading an assertion and remembering it. It may run again with newer keys.
struct Judge<'a> {
    policy: &'a GrantPolicy,
    nobody: &'a Nobody,
    trusted: &'a TrustedIssuer,
    again: &'a str,
    received: Option<ReceivedGrant<'a>>,
}

impl Judge<'_> {
    fn run(&mut self, keys: &dyn Keys) -> Result<VerifiedGrant, Missed<GrantError>> {
        let keys = OrNobody::new(keys, self.nobody);
        let received = match self.received.take() {
            Some(received) => Ok(received),
            None => self.policy.read(self.again),
        };
        let verified = received.and_then(|received| received.verify(self.trusted.issuer(), &keys));
        verified.map_err(|refusal| Missed {
            missed: keys.missed(),
            refusal,
        })
    }
}

fn refusal(denied: Denied<Missed<GrantError>>) -> Refusal {
    match denied {
        Denied::Refused(missed) => Refusal::new(
            Part::Grant,
            missed.refusal.check(),
            missed.code(GrantError::code),
            &missed.refusal.response(),
        ),
        Denied::Unavailable(why) => {
            let error = GrantError::keys_unavailable();
            let answer = error.response().retry_after(delay(why.as_deref()));
            Refusal::new(Part::Grant, error.check(), error.code(), &answer)
        }
    }
}
