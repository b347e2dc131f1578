//! The request proves the key that its token is to be bound to, where the client's tokens are (RFC 9449 §5). The proof
//! is recorded last, as an assertion is.

use bulla::oauth::dpop::{DpopError, DpopRequest, ProvedKey, TargetUri};
use bulla::oauth::message::{ErrorCode, ErrorResponse, single_dpop};
use http::HeaderMap;

use super::{Part, Refusal};
use crate::server::{Client, DpopUse, Server};

pub(crate) async fn check(
    headers: &HeaderMap,
    client: &Client,
    server: &Server,
    url: &TargetUri,
) -> Result<Option<ProvedKey>, Refusal> {
    let proof = match (single_dpop(headers).map_err(refused)?, client.dpop()) {
        (None, DpopUse::Required) => return Err(refused(DpopError::Missing)),
        (None, _) => return Ok(None),
        (Some(_), DpopUse::Never) => return Err(not_bound()),
        (Some(proof), _) => proof,
    };
    let verified = server
        .dpop()
        .verify(proof, &DpopRequest::new("POST", url))?;
    let recorded = server.record(verified.single_use()).await;
    Ok(Some(verified.admit(recorded)?))
}

fn refused(error: DpopError) -> Refusal {
    Refusal::new(Part::Proof, "header", error.code(), &error.response())
}

/// Whoever sends a proof counts on a token that is bound; to leave the proof aside would be a downgrade.
fn not_bound() -> Refusal {
    let answer = ErrorResponse::new(ErrorCode::InvalidDpopProof)
        .description("the tokens of this client are not bound to keys");
    Refusal::new(Part::Proof, "header", "oauth.dpop-not-allowed", &answer)
}
