//! The token is for resources that the client is registered for (RFC 8707 §2). Where the request names none, it is for
//! the first of these, and where there are none, for the server itself: RFC 9068 §3 demands an audience.

use bulla::oauth::Issuer;
use bulla::oauth::message::{ReceivedTokenRequest, TokenRequestError};

use super::Refusal;
use crate::server::Client;

/// For whom a token is. Never empty.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) first: String,
    pub(crate) others: Vec<String>,
}

pub(crate) fn check(
    request: &ReceivedTokenRequest,
    client: &Client,
    issuer: &Issuer,
) -> Result<Target, Refusal> {
    let refused = |error: TokenRequestError| Refusal::request("target", &error);
    let wanted = request.resources().map_err(refused)?;
    if wanted.iter().any(|one| !client.resources().contains(one)) {
        return Err(refused(TokenRequestError::Target));
    }
    let mut named: Vec<String> = Vec::new();
    for resource in wanted.iter().map(|resource| resource.as_str().to_owned()) {
        if !named.contains(&resource) {
            named.push(resource);
        }
    }
    let mut named = named.into_iter();
    let own = || {
        client
            .resources()
            .first()
            .map(|own| own.as_str().to_owned())
    };
    let first = named.next().or_else(own);
    Ok(Target {
        first: first.unwrap_or_else(|| issuer.as_str().to_owned()),
        others: named.collect(),
    })
}

/// As the audit log has it.
impl core::fmt::Display for Target {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.first)?;
        self.others
            .iter()
            .try_for_each(|other| write!(f, " {other}"))
    }
}
