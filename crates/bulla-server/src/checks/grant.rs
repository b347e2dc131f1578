//! The grant is one that the server knows (RFC 6749 §5.2 `unsupported_grant_type`), and that the client may use
//! (`unauthorized_client`).

use bulla::oauth::message::{Grant, ReceivedTokenRequest, TokenRequestError};

use super::Refusal;
use crate::server::Client;

pub(crate) fn check(request: &ReceivedTokenRequest, client: &Client) -> Result<Grant, Refusal> {
    let refused = |error: TokenRequestError| Refusal::request("grant", &error);
    let grant = request.grant().map_err(refused)?;
    if client.grants().contains(&grant.kind()) {
        Ok(grant)
    } else {
        Err(refused(TokenRequestError::GrantNotAllowed))
    }
}
