//! `GET /.well-known/oauth-authorization-server` (RFC 8414).
//!
//! There is none at `openid-configuration`: OpenID Connect Discovery 1.0 §3 requires there what only an OpenID Provider
//! has, and whoever reads it would believe that there are ID tokens.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use bulla::jwa::SignatureAlg;
use bulla::oauth::message::GrantType;
use bulla::oauth::metadata::ServerMetadata;
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use http::{HeaderValue, Response};

use super::Gate;
use crate::server::{DpopUse, Server};

/// `HEAD` is this without the body.
pub(super) async fn answer(State(gate): State<Arc<Gate>>) -> Response<Body> {
    let mut response = gate.metadata.to_http().map(Body::from);
    // Public, as the keys are.
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// What the server says about itself.
pub(super) fn of(server: &Server) -> ServerMetadata {
    let mut metadata = ServerMetadata::new(server.issuer());
    metadata.token_endpoint = Some(server.token_endpoint());
    metadata.jwks_uri = Some(server.jwks_uri());
    metadata.grant_types_supported = Some(grants(server));
    metadata.token_endpoint_auth_methods_supported = Some(vec!["private_key_jwt".to_owned()]);
    metadata.token_endpoint_auth_signing_alg_values_supported =
        Some(names(server.assertions().allowed()));
    let mut clients = server.clients().iter();
    if clients.any(|client| client.dpop() != DpopUse::Never) {
        metadata.dpop_signing_alg_values_supported = Some(names(server.dpop().allowed()));
    }
    let scopes = scopes(server);
    if !scopes.is_empty() {
        metadata.scopes_supported = Some(scopes);
    }
    metadata
}

fn grants(server: &Server) -> Vec<String> {
    let mut grants = vec![GrantType::ClientCredentials];
    if !server.trusted_issuers().is_empty() {
        grants.push(GrantType::JwtBearer);
    }
    let names = grants.into_iter().map(GrantType::as_str);
    names.map(str::to_owned).collect()
}

fn names(algs: &[SignatureAlg]) -> Vec<String> {
    algs.iter().map(|alg| alg.name().to_string()).collect()
}

/// Those of all clients, in an order that does not change.
fn scopes(server: &Server) -> Vec<String> {
    let clients = server.clients().iter();
    let scopes: BTreeSet<&str> = clients.flat_map(|client| client.scopes().iter()).collect();
    scopes.into_iter().map(str::to_owned).collect()
}
