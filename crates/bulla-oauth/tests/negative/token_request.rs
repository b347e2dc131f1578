//! Rows 1 to 6, 45 and 46: the request around the assertion.

use bulla_core::jws::Headers;
use bulla_oauth::assertion::Profile;
use bulla_oauth::message::CLIENT_ASSERTION_TYPE;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};

use crate::server::{Server, error, form, with_assertion};
use crate::token::*;

fn answer(change: impl FnOnce(&str) -> Request<Vec<u8>>) -> (u16, String) {
    let key = key("k-1");
    let server = Server::new(Profile::Bis, &key);
    let token = sign(&signer(&key), Headers::new(), &claims());
    error(&server.answer(&change(&token)))
}

/// A good request with more parameters.
fn with_more(token: &str, more: &[(&str, &str)]) -> Request<Vec<u8>> {
    let grant = more.iter().any(|(name, _)| *name == "grant_type");
    let all = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", CLIENT_ASSERTION_TYPE),
        ("client_assertion", token),
    ];
    form(&[&all[usize::from(grant)..], more].concat())
}

const REQUEST: &str = "invalid_request";

#[test]
fn row_01_no_assertion() {
    let refused = answer(|_| {
        form(&[
            ("grant_type", "client_credentials"),
            ("client_id", "billing"),
        ])
    });
    assert_eq!(refused, (401, "invalid_client".into()));
}

#[test]
fn row_02_no_assertion_type() {
    let refused = answer(|token| {
        form(&[
            ("grant_type", "client_credentials"),
            ("client_assertion", token),
        ])
    });
    assert_eq!(refused, (400, REQUEST.into()));
}

#[test]
fn row_03_unknown_assertion_type() {
    let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    let refused =
        answer(|token| form(&[("client_assertion_type", saml), ("client_assertion", token)]));
    assert_eq!(refused, (400, REQUEST.into()));
}

#[test]
fn row_04_a_type_without_assertion() {
    let refused = answer(|_| form(&[("client_assertion_type", CLIENT_ASSERTION_TYPE)]));
    assert_eq!(refused, (400, REQUEST.into()));
    let refused = answer(|_| {
        form(&[
            ("client_assertion_type", CLIENT_ASSERTION_TYPE),
            ("client_assertion", ""),
        ])
    });
    assert_eq!(refused, (400, REQUEST.into()));
}

#[test]
fn row_05_two_assertions() {
    let refused = answer(|token| with_more(token, &[("client_assertion", token)]));
    assert_eq!(refused, (400, REQUEST.into()));
    let refused = answer(|token| with_more(token, &[("scope", "a"), ("scope", "a")]));
    assert_eq!(refused, (400, REQUEST.into()));
}

#[test]
fn row_06_basic_and_an_assertion() {
    let refused = answer(|token| {
        let mut request = with_assertion(token);
        request
            .headers_mut()
            .insert(AUTHORIZATION, HeaderValue::from_static("Basic Yjpz"));
        request
    });
    assert_eq!(refused, (400, REQUEST.into()));
    let refused = answer(|token| with_more(token, &[("client_secret", "s")]));
    assert_eq!(refused, (400, REQUEST.into()));
}

#[test]
fn rfc6749_5_2_basic_alone_is_told_its_scheme() {
    let server = Server::new(Profile::Bis, &key("k-1"));
    let mut request = form(&[("grant_type", "client_credentials")]);
    request
        .headers_mut()
        .insert(AUTHORIZATION, HeaderValue::from_static("Basic Yjpz"));
    let answer = server.answer(&request);
    assert_eq!(error(&answer), (401, "invalid_client".into()));
    assert_eq!(answer.headers()["www-authenticate"], "Basic");
}

#[test]
fn row_45_get_and_json() {
    let server = Server::new(Profile::Bis, &key("k-1"));
    let mut request = form(&[]);
    *request.method_mut() = Method::GET;
    let answer = server.answer(&request);
    assert_eq!(error(&answer), (405, REQUEST.into()));
    assert_eq!(answer.headers()["allow"], "POST");
    for content_type in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
    ] {
        let mut request = form(&[]);
        request
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        assert_eq!(
            error(&server.answer(&request)),
            (400, REQUEST.into()),
            "{content_type}"
        );
    }
    let mut request = form(&[("grant_type", "x")]);
    request.headers_mut().remove(CONTENT_TYPE);
    assert_eq!(error(&server.answer(&request)), (400, REQUEST.into()));
}

#[test]
fn row_46_grants_scopes_and_resources() {
    let with =
        |more: &'static [(&'static str, &'static str)]| answer(move |token| with_more(token, more));
    assert_eq!(
        with(&[("grant_type", "password")]),
        (400, "unsupported_grant_type".into())
    );
    assert_eq!(with(&[("grant_type", "")]), (400, REQUEST.into()));
    let bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    assert_eq!(
        with(&[("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")]),
        (400, REQUEST.into())
    );
    let not_allowed =
        answer(|token| with_more(token, &[("grant_type", bearer), ("assertion", "x")]));
    assert_eq!(not_allowed, (400, "unauthorized_client".into()));
    assert_eq!(
        with(&[("scope", "invoices:read admin")]),
        (400, "invalid_scope".into())
    );
    assert_eq!(with(&[("scope", "a  b")]), (400, "invalid_scope".into()));
    assert_eq!(
        with(&[("resource", "https://other.example.com")]),
        (400, "invalid_target".into())
    );
    assert_eq!(
        with(&[("resource", "relative")]),
        (400, "invalid_target".into())
    );
    assert_eq!(
        with(&[
            ("resource", "https://api.example.com"),
            ("scope", "invoices:read")
        ]),
        (200, String::new())
    );
}

#[test]
fn a_body_that_is_too_large_or_no_form() {
    let server = Server::new(Profile::Bis, &key("k-1"));
    for body in [
        vec![b'a'; 64 * 1024 + 1],
        b"a=%zz".to_vec(),
        b"a=\xff".to_vec(),
    ] {
        let mut request = form(&[]);
        *request.body_mut() = body;
        assert_eq!(error(&server.answer(&request)), (400, REQUEST.into()));
    }
}
