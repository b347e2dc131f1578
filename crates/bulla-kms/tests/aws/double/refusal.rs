use axum::body::Body;
use axum::response::Response;
use serde_json::{Value, json};

/// An error of KMS: its name, and a sentence.
#[derive(Debug)]
pub(super) struct Refusal {
    name: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            message: message.into(),
        }
    }
}

/// All of these have the HTTP status 400.
impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        json(
            400,
            &json!({"__type": refusal.name, "message": refusal.message}),
        )
    }
}

pub(super) fn json(status: u16, value: &Value) -> Response {
    Response::builder()
        .status(status)
        .header("content-type", "application/x-amz-json-1.1")
        .body(Body::from(value.to_string()))
        .unwrap()
}
