//! `GET /healthz`: whether requests can be answered, for whoever sends them here or elsewhere.

use std::sync::Arc;

use axum::extract::State;
use http::header::CACHE_CONTROL;
use http::{HeaderName, StatusCode};

use super::Gate;

/// 200, or 503 where the store does not answer. Why is in the log, and not for everybody.
pub(super) async fn answer(
    State(gate): State<Arc<Gate>>,
) -> (StatusCode, [(HeaderName, &'static str); 1], &'static str) {
    let (status, text) = match gate.server.healthy().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::warn!(code = error.code(), "not healthy: {error}");
            let text = "the store does not answer\n";
            (StatusCode::SERVICE_UNAVAILABLE, text)
        }
    };
    (status, [(CACHE_CONTROL, "no-store")], text)
}
