//! The client's application, with the API beside it: the same paths as the demonstration that this one repeats.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use serde_json::json;

use bulla::oauth::Issuer;
use bulla::oauth::protect::{Authorized, NeededScopes, ProtectedResource};
use bulla::oauth::rotation::KeyEndpoints;

use super::client::Client;
use super::exchange::{Exchange, Token};
use super::overheard::Overheard;
use super::pages;
use super::world::Addresses;
use crate::error::Failure;

pub(super) fn router(
    addresses: &Addresses,
    issuer: &Issuer,
    client: &Client,
    keys: &KeyEndpoints,
    overheard: &Overheard,
) -> Result<Router, Failure> {
    let told = overheard.clone();
    let api = ProtectedResource::new(issuer, &addresses.audience)
        .on_refusal(move |refusal| told.tell(refusal.code()))
        .build()
        .map_err(Failure::bug)?;
    let protected = Router::new()
        .route("/api/invoices", get(invoices))
        .layer(api.layer());
    let client = Router::new()
        .route("/client", get(whole_flow))
        .with_state(Arc::new(client.clone()));
    Ok(Router::new()
        .merge(keys.jwks())
        // Nobody but this machine reaches it. Anywhere else it belongs behind a guard.
        .merge(keys.admin())
        .merge(client)
        .merge(protected)
        .merge(pages::router(addresses)))
}

struct ReadInvoices;

impl NeededScopes for ReadInvoices {
    const SCOPES: &'static str = super::client::SCOPE;
}

async fn invoices(access: Authorized<ReadInvoices>) -> Response {
    Json(json!({
        "invoices": [{"number": 1, "total": "12.00"}, {"number": 2, "total": "30.50"}],
        "client_id": access.client_id(),
        "scope": access.scopes(),
    }))
    .into_response()
}

/// What `/client` tells: every message, from the assertion to the API's answer.
#[derive(Serialize)]
struct WholeFlow {
    assertion: Token,
    token: Exchange,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<Token>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<Exchange>,
}

async fn whole_flow(State(client): State<Arc<Client>>) -> Response {
    match flow(&client).await {
        Ok(flow) => Json(flow).into_response(),
        Err(failure) => {
            let told =
                Json(json!({"error": failure.code(), "error_description": failure.to_string()}));
            (StatusCode::BAD_GATEWAY, told).into_response()
        }
    }
}

async fn flow(client: &Client) -> Result<WholeFlow, Failure> {
    let asked = client.ask().await?;
    let api = match &asked.access_token {
        Some(token) => Some(client.call(Some(&token.encoded)).await?),
        None => None,
    };
    Ok(WholeFlow {
        assertion: asked.assertion,
        token: asked.exchange,
        access_token: asked.access_token,
        api,
    })
}
