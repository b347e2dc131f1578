//! `GET /jwks`: the keys that access tokens are verified with (RFC 7517 §5, RFC 8414 §2).

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use http::header::IF_NONE_MATCH;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use super::Gate;

/// `HEAD` is this without the body.
pub(super) async fn answer(State(gate): State<Arc<Gate>>, headers: HeaderMap) -> Response<Body> {
    let snapshot = gate.server.signing().snapshot();
    let answer = snapshot.published().answer(known(&headers).as_deref());
    let mut response = Response::new(Body::from(Bytes::from_owner(answer.body)));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            let name = HeaderName::from_static(name);
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// `If-None-Match`; several fields are one list (RFC 9110 §5.3).
fn known(headers: &HeaderMap) -> Option<String> {
    let fields = headers.get_all(IF_NONE_MATCH).iter();
    let fields: Vec<&str> = fields.filter_map(|field| field.to_str().ok()).collect();
    (!fields.is_empty()).then(|| fields.join(", "))
}
