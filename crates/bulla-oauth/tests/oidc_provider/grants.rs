//! Each algorithm of an assertion, by keys that the server fetches from us; with and without DPoP.

use std::time::Duration;

use bulla_core::jwa::SignatureAlg;
use bulla_oauth::access_token::{AccessTokenPolicy, Presented};
use bulla_oauth::client::TokenSource;
use bulla_oauth::dpop::{DpopKey, Thumbprint};
use bulla_oauth::message::{TokenScheme, TokenType};
use serde_json::Value;

use crate::party::{API, Party, wanted};
use crate::peer::Peer;
use crate::{Outcome, Report, ensure};

const ALGORITHMS: [SignatureAlg; 6] = [
    SignatureAlg::Es256,
    SignatureAlg::Es384,
    SignatureAlg::Es512,
    SignatureAlg::Ps256,
    SignatureAlg::Rs256,
    SignatureAlg::Ed25519,
];

pub(crate) async fn run(peers: &[(&str, &Peer)], report: &mut Report) {
    for (kind, peer) in peers {
        for alg in ALGORITHMS {
            let name = alg.name().as_str();
            let party = Party::new(peer, &format!("client-{name}"), alg).await;
            report.tell(&format!("{name}-bearer-{kind}"), bearer(peer, &party).await);
            report.tell(
                &format!("{name}-dpop-{kind}"),
                bound(peer, &party, alg).await,
            );
        }
    }
}

async fn bearer(peer: &Peer, party: &Party) -> Outcome {
    let tokens = party.client.clone().tokens(wanted()).build();
    let token = tokens.token().await?;
    ensure(
        token.token_type() == TokenType::Bearer,
        "not a bearer token",
    )?;
    is_ours(peer, party, &tokens, None).await
}

async fn bound(peer: &Peer, party: &Party, alg: SignatureAlg) -> Outcome {
    // Proofs are made with the same kinds of keys as assertions; where a new RSA key would take long, with P-256.
    let alg = match alg {
        SignatureAlg::Ps256 | SignatureAlg::Rs256 => SignatureAlg::Es256,
        alg => alg,
    };
    let key = DpopKey::generate(&bulla_aws_lc::backend(), alg)?;
    let thumbprint = key.thumbprint();
    let client = party.client.clone().dpop(key);
    // A second request uses the nonce that came with the first.
    client.request(&wanted()).await?;
    let tokens = client.tokens(wanted()).build();
    is_ours(peer, party, &tokens, Some(thumbprint)).await
}

/// The token is for us, as our own policy for protected resources reads it.
async fn is_ours(
    peer: &Peer,
    party: &Party,
    tokens: &TokenSource,
    bound_to: Option<Thumbprint>,
) -> Outcome {
    let token = tokens.token().await?;
    let left = token.expires_in();
    ensure(
        left > Duration::from_secs(590) && left <= Duration::from_secs(600),
        format_args!("expires in {left:?}"),
    )?;
    let policy = AccessTokenPolicy::rfc9068(&peer.issuer(), API);
    let keys = peer.keys(policy.keys());
    let verified = keys
        .verify(|keys| policy.verify(token.as_str(), keys))
        .await?;
    ensure(verified.bound_to() == bound_to, "bound to another key")?;
    let presented = match &bound_to {
        None => Presented::Bearer,
        // The proof itself is tried where the API is.
        Some(_) => return ensure(token.token_type() == TokenType::Dpop, "not a DPoP token"),
    };
    let access = verified.presented(presented)?;
    let client_id = party.client.client_id();
    ensure(access.scheme() == TokenScheme::Bearer, "another scheme")?;
    ensure(access.client_id() == Some(client_id), "another client_id")?;
    ensure(access.subject() == Some(client_id), "another sub")?;
    ensure(
        access.scopes().to_string() == "invoices:read",
        "other scopes",
    )?;
    ensure(access.jwt_id().is_some(), "no jti")?;
    let claims: Value = access.claims()?;
    ensure(claims["aud"] == API, "another aud")?;
    ensure(claims["iss"] == peer.issuer().as_str(), "another iss")
}
