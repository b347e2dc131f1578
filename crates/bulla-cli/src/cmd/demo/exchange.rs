//! What was said, kept to be shown: tokens with what they hold, requests with their answers.

use axum::http::{HeaderValue, Request, Response};
use serde::Serialize;
use serde_json::value::RawValue;

use bulla::base64url;
use bulla::oauth::message::Form;

use crate::error::Failure;
use crate::json::Members;

/// One step of the demonstration.
#[derive(Serialize)]
pub(super) struct Step {
    pub(super) title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) assertion: Option<Token>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) exchanges: Vec<Exchange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) access_token: Option<Token>,
    /// Why it was refused, as the log of whoever refused has it. The sender is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
}

impl Step {
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            note: None,
            assertion: None,
            exchanges: Vec::new(),
            access_token: None,
            reason: None,
        }
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub(super) fn exchange(mut self, exchange: Exchange) -> Self {
        self.exchanges.push(exchange);
        self
    }

    pub(super) fn reason(mut self, reason: Option<String>) -> Self {
        self.reason = reason;
        self
    }
}

/// A token, and what is in it.
#[derive(Clone, Serialize)]
pub(super) struct Token {
    pub(super) encoded: String,
    pub(super) header: Box<RawValue>,
    pub(super) claims: Box<RawValue>,
}

impl Token {
    pub(super) fn decode(encoded: &str) -> Result<Self, Failure> {
        let mut parts = encoded.split('.').map(part);
        match (parts.next(), parts.next()) {
            (Some(Some(header)), Some(Some(claims))) => Ok(Self {
                encoded: encoded.to_owned(),
                header,
                claims,
            }),
            _ => Err(Failure::bug("a token that cannot be shown")),
        }
    }
}

fn part(text: &str) -> Option<Box<RawValue>> {
    let octets = base64url::decode(text).ok()?;
    RawValue::from_string(String::from_utf8(octets).ok()?).ok()
}

/// A request and its answer.
#[derive(Clone, Serialize)]
pub(super) struct Exchange {
    pub(super) request: Sent,
    pub(super) response: Got,
}

#[derive(Clone, Serialize)]
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authorization: Option<String>,
    /// The form, decoded.
    #[serde(skip_serializing_if = "is_empty")]
    pub(super) form: Members,
}

#[derive(Clone, Serialize)]
pub(super) struct Got {
    pub(super) status: u16,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) www_authenticate: Vec<String>,
    /// JSON as it came; none where there is no body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Box<RawValue>>,
}

impl Exchange {
    pub(super) fn of(request: &Request<Vec<u8>>, response: &Response<Vec<u8>>) -> Self {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let challenges = response.headers().get_all("www-authenticate").iter();
        let body = String::from_utf8(response.body().clone()).ok();
        Self {
            request: Sent {
                method: request.method().to_string(),
                url: request.uri().to_string(),
                authorization: request.headers().get("authorization").map(text),
                form: form(request.body()),
            },
            response: Got {
                status: response.status().as_u16(),
                www_authenticate: challenges.map(text).collect(),
                body: body.and_then(|body| RawValue::from_string(body).ok()),
            },
        }
    }

    /// A parameter of the form that was sent.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut members = self.request.form.0.iter();
        let found = members.find(|(known, _)| known == name);
        found.and_then(|(_, value)| value.as_str())
    }

    /// A member of the JSON that came.
    pub(super) fn member(&self, name: &str) -> Option<String> {
        let members = Members::parse(self.response.body.as_ref()?.get().as_bytes()).ok()?;
        let found = members.0.into_iter().find(|(known, _)| known == name);
        found.and_then(|(_, value)| value.as_str().map(str::to_owned))
    }
}

fn form(body: &[u8]) -> Members {
    let Ok(form) = Form::parse(body) else {
        return Members::default();
    };
    let named = PARAMETERS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), form.get(name)?.into())));
    Members(named.collect())
}

/// Of a token request, in the order in which they are shown.
const PARAMETERS: &[&str] = &[
    "grant_type",
    "scope",
    "resource",
    "client_assertion_type",
    "client_assertion",
];

fn is_empty(form: &Members) -> bool {
    form.0.is_empty()
}
