//! By what a token is asked for: the client for itself, or what an issuer that we trust says of somebody.

mod jwt_bearer;
mod trusted_issuer;
mod trusted_issuers;

pub use trusted_issuer::TrustedIssuer;
pub use trusted_issuers::{TrustedIssuers, TrustedIssuersError};

use bulla::oauth::message::Grant;

use crate::checks::Refusal;
use crate::client_auth::Nobody;
use crate::server::{Client, Server};

/// Whom a token is about (`sub`).
pub(crate) async fn subject(
    grant: &Grant,
    client: &Client,
    server: &Server,
    nobody: &Nobody,
) -> Result<String, Refusal> {
    match grant {
        Grant::JwtBearer { assertion } => {
            jwt_bearer::subject(assertion, client, server, nobody).await
        }
        // RFC 9068 §2.2: a client that asks for itself is the subject. No other grant passes the check before.
        _ => Ok(client.id().to_owned()),
    }
}
