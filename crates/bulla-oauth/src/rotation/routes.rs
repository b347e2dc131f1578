use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::routing::{get, post};
use bulla_core::key::RotationError;
use http::header::IF_NONE_MATCH;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri};
use serde::Serialize;

use super::same_site::is_foreign;
use super::status::Status;
use super::{KeyEndpoints, RotateError};
use crate::message::json_response;

pub(super) fn jwks(endpoints: KeyEndpoints) -> Router {
    Router::new()
        .route("/jwks", get(published))
        .with_state(endpoints)
}

pub(super) fn admin(endpoints: KeyEndpoints) -> Router {
    Router::new()
        .route("/keys", get(status))
        .route("/rotate", post(rotate))
        .with_state(endpoints)
}

async fn published(State(endpoints): State<KeyEndpoints>, headers: HeaderMap) -> Response<Body> {
    let known: Vec<&str> = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let known = (!known.is_empty()).then(|| known.join(","));
    let answer = endpoints.published().answer(known.as_deref());
    let mut response = Response::new(Body::from(answer.body.to_vec()));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(name), value);
        }
    }
    response
}

async fn status(State(endpoints): State<KeyEndpoints>) -> Response<Body> {
    json(StatusCode::OK, &Status::of(endpoints.keys()))
}

async fn rotate(
    State(endpoints): State<KeyEndpoints>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    if is_foreign(&uri, &headers) {
        let description = "a page of another site may not rotate keys";
        return refused(StatusCode::FORBIDDEN, "access_denied", description);
    }
    let Some(emergency) = is_emergency(query.as_deref()) else {
        // Who is in a hurry and mistypes must not be told that all is well.
        let description = "the query is `emergency=true`, or nothing";
        return refused(StatusCode::BAD_REQUEST, "invalid_request", description);
    };
    // In a task of its own: a vault that was asked for a key makes it, also for who hung up.
    let rotating = endpoints.clone();
    let rotating = tokio::spawn(async move {
        match emergency {
            true => rotating.replace().await,
            false => rotating.rotate().await,
        }
    });
    let done = rotating.await;
    match done.unwrap_or_else(|error| Err(RotateError::Make(error.into()))) {
        Ok(_) => json(StatusCode::OK, &Status::of(endpoints.keys())),
        Err(error @ RotateError::Rotation(RotationError::Pending { .. })) => {
            refused(StatusCode::CONFLICT, error.code(), &error.to_string())
        }
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(code = error.code(), %error, cause, "client key not rotated");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            refused(status, error.code(), "no key was rotated; the log says why")
        }
    }
}

fn is_emergency(query: Option<&str>) -> Option<bool> {
    match query {
        None | Some("" | "emergency=false") => Some(false),
        Some("emergency=true") => Some(true),
        Some(_) => None,
    }
}

#[derive(Serialize)]
struct Refused<'a> {
    error: &'a str,
    error_description: &'a str,
}

fn refused(status: StatusCode, error: &str, error_description: &str) -> Response<Body> {
    json(
        status,
        &Refused {
            error,
            error_description,
        },
    )
}

/// Never stored: it is true at one moment.
fn json(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    json_response(status, body).map(Body::from)
}
