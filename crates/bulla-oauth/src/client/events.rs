//! What operators see of a client: the metrics `bulla_oauth_client_*`, and the log. Never a token, an assertion or a
//! proof.

use core::time::Duration;

use metrics::{counter, histogram};

use super::{OAuthClient, TokenAnswer, TokenError};
use crate::message::GrantType;

/// One request to the token endpoint, with the one more that a nonce takes.
pub(super) fn asked(
    client: &OAuthClient,
    grant: GrantType,
    result: &Result<TokenAnswer, TokenError>,
    took: Duration,
) {
    let issuer = client.server().issuer().as_str();
    let outcome = result.as_ref().map_or_else(TokenError::code, |_| "granted");
    counter!(
        "bulla_oauth_client_requests_total",
        "issuer" => issuer.to_owned(), "client" => client.client_id().to_owned(),
        "grant" => grant.as_str(), "outcome" => outcome
    )
    .increment(1);
    histogram!("bulla_oauth_client_request_seconds", "issuer" => issuer.to_owned())
        .record(took.as_secs_f64());
    let client_id = client.client_id();
    match result {
        Ok(answer) => {
            let lifetime = answer.token().lifetime().map(|lifetime| lifetime.as_secs());
            tracing::debug!(issuer, client_id, lifetime, "token granted");
        }
        Err(error) => {
            tracing::warn!(issuer, client_id, code = error.code(), %error, "no token");
        }
    }
}

/// How a caller got its token.
#[derive(Clone, Copy, Debug)]
pub(super) enum Served {
    /// From memory.
    Kept,
    /// From memory, although the next one could not be had.
    Stale,
    /// After waiting for the server.
    Awaited,
    /// Not at all.
    Failed,
}

pub(super) fn served(client: &OAuthClient, how: Served) {
    let how = match how {
        Served::Kept => "kept",
        Served::Stale => "stale",
        Served::Awaited => "awaited",
        Served::Failed => "failed",
    };
    let issuer = client.server().issuer().as_str();
    counter!("bulla_oauth_client_tokens_total", "issuer" => issuer.to_owned(), "how" => how)
        .increment(1);
}
