//! What is given out: RFC 9068 tokens, what they are for, and what the audit log says of it.

use std::sync::Arc;

use bulla::jwa::{AlgName, SignatureAlg};
use bulla::jwk::JwkSet;
use bulla::key::{
    AsyncSigner, BoxFuture, KeySet, RotationKey, SignAsync, SignError, Signature, SigningInput,
    Verifier,
};
use bulla::oauth::access_token::{Access, AccessTokenPolicy, Presented};
use bulla::oauth::assertion::{Profile, RegisteredClient};
use bulla::oauth::message::CLIENT_ASSERTION_TYPE;
use bulla::oauth::{Issuer, Resource, Scopes};
use bulla_server::server::Client;
use serde_json::{Value, json};

use crate::support::*;

const OTHER: &str = "https://other.example.com";

/// A server whose client may have these resources.
async fn with_resources(resources: &[&str]) -> Case {
    let resources: Vec<_> = resources
        .iter()
        .map(|resource| Resource::parse(*resource).unwrap())
        .collect();
    with_client(|client| client.with_resources(resources)).await
}

async fn with_client(change: impl FnOnce(Client) -> Client) -> Case {
    let client = RegisteredClient::new("billing");
    Case::with(Profile::Bis, key("k-1"), client, |mut setup| {
        let client = setup.clients.remove(0);
        setup.client(change(client))
    })
    .await
}

async fn granted(case: &Case, more: &[(&str, &str)]) -> Value {
    let token = case.token(&claims());
    let all = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", CLIENT_ASSERTION_TYPE),
        ("client_assertion", &token),
    ];
    let answer = case.send(&form(&[&all[..], more].concat())).await;
    assert_eq!(error(&answer), (200, String::new()), "{more:?}");
    serde_json::from_slice(answer.body()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn rfc9068_2_what_stands_in_a_token() {
    let case = Case::new(Profile::Bis).await;
    let body = granted(&case, &[("scope", "invoices:read")]).await;
    let token = text(&body["access_token"]);
    let expected = json!({
        "access_token": token, "token_type": "Bearer", "expires_in": 600, "scope": "invoices:read",
    });
    assert_eq!(body, expected);
    let header = json!({"alg": "ES256", "kid": "s-1", "typ": "at+jwt"});
    assert_eq!(header_of(token), header);
    let claims = claims_of(token);
    let expected = json!({
        "iss": ISSUER, "sub": "billing", "aud": API, "client_id": "billing", "scope": "invoices:read",
        "iat": NOW, "exp": NOW + 600, "jti": claims["jti"],
    });
    assert_eq!(claims, expected);
    assert_eq!(text(&claims["jti"]).len(), 22);
}

#[tokio::test]
async fn the_published_keys_verify_it() {
    let case = Case::new(Profile::Bis).await;
    let body = granted(&case, &[]).await;
    let keys = JwkSet::parse(get(case.address, "/jwks").await.body()).unwrap();
    let issuer = Issuer::parse(ISSUER).unwrap();
    let policy = AccessTokenPolicy::rfc9068(&issuer, API).clock(Arc::new(now()));
    let keys = KeySet::compile(&keys, &backend(), &policy.keys());
    let verified = policy.verify(text(&body["access_token"]), &keys).unwrap();
    let access: Access = verified.presented(Presented::Bearer).unwrap();
    let read = Scopes::parse("invoices:read").unwrap();
    access.require(&read).unwrap();
}

#[tokio::test]
async fn who_names_no_scope_gets_its_own() {
    let case = Case::new(Profile::Bis).await;
    for more in [&[][..], &[("scope", "")]] {
        let body = granted(&case, more).await;
        assert_eq!(body["scope"], "invoices:read invoices:write");
    }
}

#[tokio::test]
async fn a_client_without_scopes_gets_a_token_without() {
    let case = with_client(|client| client.with_scopes(Scopes::none())).await;
    let body = granted(&case, &[]).await;
    assert_eq!(body.get("scope"), None);
    let claims = claims_of(text(&body["access_token"]));
    assert_eq!(claims.get("scope"), None);
}

#[tokio::test]
async fn rfc8707_2_1_who_names_no_resource_gets_the_first() {
    let audience = |body: &Value| claims_of(text(&body["access_token"]))["aud"].clone();
    let case = with_resources(&[API, OTHER]).await;
    assert_eq!(audience(&granted(&case, &[]).await), API);
    let other = granted(&case, &[("resource", OTHER)]).await;
    assert_eq!(audience(&other), OTHER);
    let both = [("resource", OTHER), ("resource", API), ("resource", OTHER)];
    let both = granted(&case, &both).await;
    assert_eq!(audience(&both), json!([OTHER, API]));
    let case = with_resources(&[]).await;
    assert_eq!(audience(&granted(&case, &[]).await), ISSUER);
}

#[tokio::test]
async fn the_audit_log_has_one_line_a_decision_and_no_secret() {
    let case = Case::new(Profile::Bis).await;
    let sent = case.token(&with(claims(), "jti", "jti-of-the-assertion"));
    let answer = case.answer(&sent).await;
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    let decision = last_decision();
    for (name, value) in [
        ("endpoint", "token"),
        ("outcome", "granted"),
        ("code", "granted"),
        ("client", "billing"),
        ("subject", "billing"),
        ("grant", "client_credentials"),
        ("scope", "invoices:read invoices:write"),
        ("resource", API),
        ("alg", "ES256"),
        ("kid", "k-1"),
        ("signing_kid", "s-1"),
    ] {
        assert_eq!(decision.get(name), Some(value), "{name}");
    }
    let text = decision.text();
    for secret in [
        &*sent,
        body["access_token"].as_str().unwrap(),
        "jti-of-the-assertion",
    ] {
        assert!(!text.contains(secret), "{text}");
    }
    case.refused(&sent, "replay").await;
    let refused = last_decision();
    assert_eq!(refused.get("outcome"), Some("refused"));
    assert_eq!(refused.get("jti_hash"), decision.get("jti_hash"));
}

/// A signing key that is far away, and does this.
#[derive(Clone, Copy)]
enum Vault {
    /// Signs with a key that is not the published one.
    Confused,
    /// Has no time.
    Throttled,
    /// Fails.
    Broken,
}

impl SignAsync for Vault {
    fn alg(&self) -> &AlgName {
        SignatureAlg::Es256.name()
    }

    fn sign_async<'a>(
        &'a self,
        _: &'a SigningInput<'_>,
    ) -> BoxFuture<'a, Result<Signature, SignError>> {
        let answer = match self {
            Self::Confused => Ok(Signature::from(vec![1; 64])),
            Self::Throttled => Err(SignError::Remote {
                code: "remote.throttled",
                source: "as the test wants it".into(),
            }),
            Self::Broken => Err(SignError::Failed),
        };
        Box::pin(std::future::ready(answer))
    }
}

#[tokio::test]
async fn rows_73_and_74_what_cannot_be_signed_is_not_given_out() {
    for (vault, status, code) in [
        (Vault::Confused, 503, "remote.integrity"),
        (Vault::Throttled, 503, "remote.throttled"),
        (Vault::Broken, 500, "jws.signing-failed"),
    ] {
        let public = key("s-1").public();
        let check = Verifier::bind(&backend(), &public).unwrap();
        let signer = AsyncSigner::new(Arc::new(vault), Some("s-1".to_owned()), check);
        let client = RegisteredClient::new("billing");
        let case = Case::with(Profile::Bis, key("k-1"), client, |mut setup| {
            setup.signing = RotationKey::new(signer, public).unwrap();
            setup
        })
        .await;
        let answer = case.answer(&case.token(&claims())).await;
        assert_eq!(error(&answer), (status, "server_error".into()), "{code}");
        assert_eq!(answer.headers().contains_key("retry-after"), status == 503);
        let decision = last_decision();
        assert_eq!(decision.get("part"), Some("token"));
        assert_eq!(decision.get("code"), Some(code));
    }
}
