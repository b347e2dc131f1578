//! The client asks for no scope that it is not registered for (RFC 6749 §3.3). Where it names none it gets all of its
//! own: the answer says which.

use bulla::oauth::Scopes;
use bulla::oauth::message::{ReceivedTokenRequest, TokenRequestError};

use super::Refusal;
use crate::server::Client;

pub(crate) fn check(request: &ReceivedTokenRequest, client: &Client) -> Result<Scopes, Refusal> {
    let refused = |error: TokenRequestError| Refusal::request("scope", &error);
    match request.scopes().map_err(refused)? {
        None => Ok(client.scopes().clone()),
        Some(wanted) if wanted.is_subset(client.scopes()) => Ok(wanted),
        Some(_) => Err(refused(TokenRequestError::Scope)),
    }
}
