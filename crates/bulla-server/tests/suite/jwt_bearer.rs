//! The grant of RFC 7523 §2.1: what an issuer that the server trusts says of somebody.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bulla::jwk::PrivateJwk;
use bulla::jws::Headers;
use bulla::oauth::assertion::{Profile, RegisteredClient};
use bulla::oauth::message::{CLIENT_ASSERTION_TYPE, GrantType, JWT_BEARER};
use bulla_server::grants::{TrustedIssuer, TrustedIssuers};
use bulla_server::server::ClientKeys;
use serde_json::{Value, json};

use crate::support::*;

const IDP: &str = "https://idp.example.net";
const REFUSED_GRANT: &[u8] =
    br#"{"error":"invalid_grant","error_description":"the assertion is not acceptable"}"#;

struct Bearer {
    case: Case,
    idp: PrivateJwk,
}

/// What the issuer says of Alice.
fn grant_claims() -> Value {
    json!({"iss": IDP, "sub": "alice", "aud": ISSUER, "iat": NOW, "exp": NOW + 300, "jti": unique()})
}

impl Bearer {
    async fn new() -> Self {
        Self::with(|issuer| issuer).await
    }

    async fn with(change: impl FnOnce(TrustedIssuer) -> TrustedIssuer) -> Self {
        let idp = key("i-1");
        let public = idp.public();
        let both = [GrantType::ClientCredentials, GrantType::JwtBearer];
        let client = RegisteredClient::new("billing");
        let case = Case::with(Profile::Bis, key("k-1"), client, |mut setup| {
            let keys = ClientKeys::Fixed(Arc::new(setup.keys([public])));
            let issuer = change(TrustedIssuer::new(IDP, keys));
            setup.issuers = TrustedIssuers::new([issuer]).unwrap();
            let client = setup.clients.remove(0).with_grants(both);
            setup.client(client)
        });
        Self {
            case: case.await,
            idp,
        }
    }

    fn assertion(&self, claims: &Value) -> String {
        sign(&signer(&self.idp), Headers::new(), claims)
    }

    async fn answer(&self, assertion: &str) -> Answer {
        let client = self.case.token(&claims());
        let request = form(&[
            ("grant_type", JWT_BEARER),
            ("assertion", assertion),
            ("client_assertion_type", CLIENT_ASSERTION_TYPE),
            ("client_assertion", &client),
            ("scope", "invoices:read"),
        ]);
        self.case.send(&request).await
    }

    async fn refused(&self, assertion: &str, check: &str) {
        let answer = self.answer(assertion).await;
        let decision = last_decision();
        assert_eq!(
            (error(&answer), decision.get("check")),
            ((400, "invalid_grant".into()), Some(check)),
            "{assertion}"
        );
        assert_eq!(answer.body(), REFUSED_GRANT);
        assert_eq!(decision.get("part"), Some("grant"));
        // What is no token at all may stand in a hash.
        let is_told = assertion.len() > 20 && decision.text().contains(assertion);
        assert!(!is_told, "the log has the assertion");
    }

    async fn refused_claims(&self, claims: &Value, check: &str) {
        self.refused(&self.assertion(claims), check).await;
    }

    /// The claims of the token that is given out.
    async fn granted(&self, claims: &Value) -> Value {
        let answer = self.answer(&self.assertion(claims)).await;
        assert_eq!(error(&answer), (200, String::new()), "{claims}");
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        claims_of(body["access_token"].as_str().unwrap())
    }
}

#[tokio::test]
async fn rfc7523_2_1_a_token_about_a_principal() {
    let bearer = Bearer::new().await;
    let token = bearer.granted(&grant_claims()).await;
    assert_eq!(
        (&token["sub"], &token["client_id"]),
        (&json!("alice"), &json!("billing"))
    );
    assert_eq!(token["scope"], "invoices:read");
    let decision = last_decision();
    assert_eq!(decision.get("subject"), Some("alice"));
    assert_eq!(decision.get("grant"), Some(JWT_BEARER));
    // The endpoint is an audience as well, RFC 7523 §3 item 3.
    bearer.granted(&with(grant_claims(), "aud", ENDPOINT)).await;
}

#[tokio::test]
async fn the_grant_is_in_the_metadata_where_there_is_an_issuer() {
    let bearer = Bearer::new().await;
    let path = "/.well-known/oauth-authorization-server";
    let metadata = get(bearer.case.address, path).await;
    let metadata: Value = serde_json::from_slice(metadata.body()).unwrap();
    let grants = json!(["client_credentials", JWT_BEARER]);
    assert_eq!(metadata["grant_types_supported"], grants);
}

#[tokio::test]
async fn rfc7523_3_what_an_assertion_has_to_say() {
    let bearer = Bearer::new().await;
    for (claims, check) in [
        (without(grant_claims(), "iss"), "issuer"),
        (
            with(grant_claims(), "iss", "https://other.example.net"),
            "issuer",
        ),
        (with(grant_claims(), "iss", format!("{IDP}/")), "issuer"),
        (without(grant_claims(), "sub"), "subject"),
        (with(grant_claims(), "sub", ""), "subject"),
        (without(grant_claims(), "aud"), "audience"),
        (with(grant_claims(), "aud", API), "audience"),
        (without(grant_claims(), "exp"), "expiry"),
        (
            with(with(grant_claims(), "iat", NOW - 600), "exp", NOW - 300),
            "expiry",
        ),
        (with(grant_claims(), "nbf", NOW + 120), "not-before"),
        (with(grant_claims(), "exp", NOW + 86_400), "lifetime"),
        (with(grant_claims(), "jti", ""), "jti"),
    ] {
        bearer.refused_claims(&claims, check).await;
    }
    bearer.refused("x", "form").await;
    let long = with(grant_claims(), "x", "y".repeat(16 * 1024));
    bearer.refused_claims(&long, "size").await;
    let typed = Headers::new().typ("at+jwt");
    let access_token = sign(&signer(&bearer.idp), typed, &grant_claims());
    bearer.refused(&access_token, "type").await;
}

#[tokio::test]
async fn only_the_issuers_own_keys_sign() {
    let bearer = Bearer::new().await;
    // The client's own key is no issuer's.
    let own = sign(&signer(&bearer.case.key), Headers::new(), &grant_claims());
    bearer.refused(&own, "signature").await;
    assert_eq!(last_decision().get("code"), Some("jwk.not-found"));
    let forged = resigned(&bearer.assertion(&grant_claims()), |octets| octets[4] ^= 1);
    bearer.refused(&forged, "signature").await;
    assert_eq!(last_decision().get("code"), Some("jws.signature-invalid"));
}

#[tokio::test]
async fn an_assertion_with_a_jti_is_used_once() {
    let bearer = Bearer::new().await;
    let once = grant_claims();
    bearer.granted(&once).await;
    bearer.refused_claims(&once, "replay").await;
    let nameless = without(grant_claims(), "jti");
    bearer.granted(&nameless).await;
    bearer.granted(&nameless).await;
}

#[tokio::test]
async fn rfc9068_5_a_subject_is_never_a_client() {
    let bearer = Bearer::new().await;
    let claims = with(grant_claims(), "sub", "billing");
    bearer.refused_claims(&claims, "subject").await;
    assert_eq!(last_decision().get("code"), Some("oauth.subject-is-client"));
    let bearer = Bearer::with(|issuer| issuer.with_subject_prefix("idp:")).await;
    let token = bearer.granted(&claims).await;
    assert_eq!(token["sub"], "idp:billing");
}

#[tokio::test]
async fn an_issuer_may_be_for_some_clients_alone() {
    let bearer = Bearer::with(|issuer| issuer.with_clients(["gateway"])).await;
    bearer.refused_claims(&grant_claims(), "issuer").await;
    let bearer = Bearer::with(|issuer| issuer.with_clients(["billing"])).await;
    bearer.granted(&grant_claims()).await;
}

#[tokio::test]
async fn a_store_that_is_down_grants_nothing() {
    let bearer = Bearer::new().await;
    bearer.case.store.down.store(true, Ordering::SeqCst);
    let answer = bearer.answer(&bearer.assertion(&grant_claims())).await;
    assert_eq!(error(&answer), (503, "server_error".into()));
}

#[test]
fn two_issuers_cannot_speak_of_one_subject() {
    let keys = || ClientKeys::Fixed(Arc::new(Setup::new(Profile::Bis).keys([key("k").public()])));
    let trusted =
        |issuer: &str, prefix: &str| TrustedIssuer::new(issuer, keys()).with_subject_prefix(prefix);
    let both = |a, b| {
        TrustedIssuers::new([
            trusted("https://a.example", a),
            trusted("https://b.example", b),
        ])
    };
    for (a, b) in [
        ("", ""),
        ("", "b:"),
        ("a:", ""),
        ("a", "ab"),
        ("ab", "a"),
        ("a:", "a:"),
    ] {
        let error = both(a, b).unwrap_err();
        assert_eq!(error.code(), "oauth.trusted-issuers-overlap");
    }
    both("a:", "b:").unwrap();
    let twice = [
        trusted("https://a.example", "a:"),
        trusted("https://a.example", "b:"),
    ];
    assert!(TrustedIssuers::new(twice).is_err());
}
