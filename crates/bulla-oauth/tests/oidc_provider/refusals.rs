//! What the server refuses, by our names for it.

use bulla_core::jwa::SignatureAlg;
use bulla_core::key::{KeyRotation, RotationPolicy};
use bulla_oauth::assertion::ClientAssertion;
use bulla_oauth::client::{AuthorizationServer, OAuthClient};
use bulla_oauth::message::TokenRequest;
use bulla_oauth::rotation::NewKeys;
use bulla_oauth::{Resource, Scopes};

use crate::party::{Party, wanted};
use crate::peer::{Peer, transport};
use crate::{Outcome, Report, ensure};

pub(crate) async fn run(peer: &Peer, report: &mut Report) {
    let party = Party::new(peer, "refused", SignatureAlg::Es256).await;
    let scope = wanted().scopes(Scopes::parse("admin").expect("scopes"));
    let target = TokenRequest::client_credentials()
        .resource(Resource::parse("https://other.example.com").expect("a resource"));
    let cases = [
        (
            "another-key",
            stranger(peer, "refused"),
            wanted(),
            "oauth.client-refused",
        ),
        (
            "another-client",
            stranger(peer, "nobody"),
            wanted(),
            "oauth.client-refused",
        ),
        (
            "unknown-scope",
            party.client.clone(),
            scope,
            "oauth.scope-not-allowed",
        ),
        (
            "unknown-target",
            party.client,
            target,
            "oauth.target-not-allowed",
        ),
    ];
    for (name, client, request, code) in cases {
        report.tell(name, is_refused(&client, &request, code).await);
    }
}

async fn is_refused(client: &OAuthClient, request: &TokenRequest, code: &str) -> Outcome {
    let found = client.request(request).await.map_err(|error| error.code());
    let found = found.map(|_| "a token");
    ensure(found == Err(code), format_args!("{found:?}"))
}

/// A client whose key nobody published.
fn stranger(peer: &Peer, client_id: &str) -> OAuthClient {
    let backend = bulla_aws_lc::backend();
    let key = NewKeys::local(&backend, SignatureAlg::Es256)
        .generate()
        .expect("a key");
    let issuer = peer.issuer();
    let assertion = ClientAssertion::new(client_id, &issuer, &backend);
    let server = AuthorizationServer::discover(issuer, transport());
    OAuthClient::new(
        server,
        assertion,
        KeyRotation::new(key, RotationPolicy::new()),
    )
    .attempts(1)
}
