//! Rows 1 to 6, 45 and 46: the request around the assertion.

use bulla::oauth::assertion::Profile;
use bulla::oauth::message::{CLIENT_ASSERTION_TYPE, JWT_BEARER};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};

use crate::support::*;

const REQUEST: &str = "invalid_request";

async fn answer(change: impl FnOnce(&str) -> Request<Vec<u8>>) -> (u16, String) {
    let case = Case::new(Profile::Bis).await;
    let token = case.token(&claims());
    error(&case.send(&change(&token)).await)
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

/// A good request with these parameters as well, and the check that refuses it.
async fn refused_more(more: &[(&str, &str)], check: &str) -> (u16, String) {
    let refused = answer(|token| with_more(token, more)).await;
    let decision = last_decision();
    assert_eq!(
        (decision.get("part"), decision.get("check")),
        (Some("request"), Some(check)),
        "{more:?}"
    );
    refused
}

#[tokio::test]
async fn row_01_no_assertion() {
    let own = [
        ("grant_type", "client_credentials"),
        ("client_id", "billing"),
    ];
    let refused = answer(|_| form(&own)).await;
    assert_eq!(refused, (401, "invalid_client".into()));
    let decision = last_decision();
    assert_eq!(decision.get("check"), Some("authentication"));
    assert_eq!(decision.get("code"), Some("oauth.authentication-missing"));
}

#[tokio::test]
async fn row_02_no_assertion_type() {
    let refused = answer(|token| {
        form(&[
            ("grant_type", "client_credentials"),
            ("client_assertion", token),
        ])
    });
    assert_eq!(refused.await, (400, REQUEST.into()));
}

#[tokio::test]
async fn row_03_unknown_assertion_type() {
    let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    let refused =
        answer(|token| form(&[("client_assertion_type", saml), ("client_assertion", token)]));
    assert_eq!(refused.await, (400, REQUEST.into()));
}

#[tokio::test]
async fn row_04_a_type_without_assertion() {
    let alone = [("client_assertion_type", CLIENT_ASSERTION_TYPE)];
    assert_eq!(answer(|_| form(&alone)).await, (400, REQUEST.into()));
    let empty = [alone[0], ("client_assertion", "")];
    assert_eq!(answer(|_| form(&empty)).await, (400, REQUEST.into()));
}

#[tokio::test]
async fn row_05_two_assertions() {
    let refused = answer(|token| with_more(token, &[("client_assertion", token)]));
    assert_eq!(refused.await, (400, REQUEST.into()));
    let twice = [("scope", "a"), ("scope", "a")];
    let refused = refused_more(&twice, "form").await;
    assert_eq!(refused, (400, REQUEST.into()));
}

fn with_basic(mut request: Request<Vec<u8>>) -> Request<Vec<u8>> {
    let basic = HeaderValue::from_static("Basic Yjpz");
    request.headers_mut().insert(AUTHORIZATION, basic);
    request
}

#[tokio::test]
async fn row_06_basic_and_an_assertion() {
    let refused = answer(|token| with_basic(with_assertion(token)));
    assert_eq!(refused.await, (400, REQUEST.into()));
    let secret = [("client_secret", "s")];
    let refused = refused_more(&secret, "form").await;
    assert_eq!(refused, (400, REQUEST.into()));
}

#[tokio::test]
async fn rfc6749_5_2_basic_alone_is_told_its_scheme() {
    let case = Case::new(Profile::Bis).await;
    let request = with_basic(form(&[("grant_type", "client_credentials")]));
    let answer = case.send(&request).await;
    assert_eq!(error(&answer), (401, "invalid_client".into()));
    assert_eq!(answer.headers()["www-authenticate"], "Basic");
}

#[tokio::test]
async fn row_45_other_methods_and_json() {
    let case = Case::new(Profile::Bis).await;
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let mut request = form(&[]);
        *request.method_mut() = method.clone();
        let answer = case.send(&request).await;
        assert_eq!(error(&answer), (405, REQUEST.into()), "{method}");
        assert_eq!(answer.headers()["allow"], "POST");
    }
    for content_type in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
    ] {
        let mut request = with_assertion(&case.token(&claims()));
        let content_type = HeaderValue::from_static(content_type);
        request
            .headers_mut()
            .insert(CONTENT_TYPE, content_type.clone());
        let refused = error(&case.send(&request).await);
        assert_eq!(refused, (400, REQUEST.into()), "{content_type:?}");
    }
    let mut request = with_assertion(&case.token(&claims()));
    request.headers_mut().remove(CONTENT_TYPE);
    let refused = error(&case.send(&request).await);
    assert_eq!(refused, (400, REQUEST.into()));
}

#[tokio::test]
async fn row_46_grants() {
    let unknown = refused_more(&[("grant_type", "password")], "grant").await;
    assert_eq!(unknown, (400, "unsupported_grant_type".into()));
    let empty = refused_more(&[("grant_type", "")], "grant").await;
    assert_eq!(empty, (400, REQUEST.into()));
    let lacking = refused_more(&[("grant_type", JWT_BEARER)], "grant").await;
    assert_eq!(lacking, (400, REQUEST.into()));
    let bearer = [("grant_type", JWT_BEARER), ("assertion", "x")];
    let not_allowed = refused_more(&bearer, "grant").await;
    assert_eq!(not_allowed, (400, "unauthorized_client".into()));
}

#[tokio::test]
async fn row_46_scopes() {
    for scope in ["invoices:read admin", "Invoices:read", "a  b", "\u{e9}"] {
        let refused = refused_more(&[("scope", scope)], "scope").await;
        assert_eq!(refused, (400, "invalid_scope".into()), "{scope}");
    }
}

#[tokio::test]
async fn row_46_resources() {
    for resource in [
        "https://other.example.com",
        "https://api.example.com/",
        "https://api.example.com#x",
        "relative",
    ] {
        let refused = refused_more(&[("resource", resource)], "target").await;
        assert_eq!(refused, (400, "invalid_target".into()), "{resource}");
    }
    let one_of_two = [("resource", API), ("resource", "https://other.example.com")];
    let refused = refused_more(&one_of_two, "target").await;
    assert_eq!(refused, (400, "invalid_target".into()));
    let good = [("resource", API), ("scope", "invoices:read")];
    let granted = answer(|token| with_more(token, &good)).await;
    assert_eq!(granted, (200, String::new()));
}

#[tokio::test]
async fn a_body_that_is_too_large_or_no_form() {
    let case = Case::new(Profile::Bis).await;
    for body in [
        vec![b'a'; 64 * 1024 + 1],
        b"a=%zz".to_vec(),
        b"a=\xff".to_vec(),
    ] {
        let mut request = form(&[]);
        *request.body_mut() = body;
        let refused = error(&case.send(&request).await);
        assert_eq!(refused, (400, REQUEST.into()));
    }
}
