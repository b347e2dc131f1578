//! The layer and the extractor themselves.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jws::Headers;
use bulla_core::key::Verifier;
use bulla_jwks::publish::Published as Document;
use bulla_oauth::Issuer;
use bulla_oauth::dpop::{DpopKey, DpopProof, TargetUri};
use bulla_oauth::protect::{Authorized, DpopRules, ProtectedResource};
use http::header::AUTHORIZATION;
use serde_json::json;

use crate::site::{API, Api, Audit, Reconcile, Site, access_claims, audited, serve};
use crate::token::{ISSUER, backend, key, now, sign, signer, with, without};

fn issuer() -> Issuer {
    Issuer::parse(ISSUER).unwrap()
}

#[tokio::test]
async fn a_layer_needs_scopes_for_all_its_routes() {
    let pair = key("as-1");
    let verifier = Verifier::bind(&backend(), &pair.public()).unwrap();
    let builder = ProtectedResource::new(&issuer(), API)
        .keys(verifier)
        .clock(Arc::new(now()));
    let (builder, audit) = audited(builder);
    let api = builder.build().unwrap();
    assert!(api.layer().require("a  b").is_err());
    let router = Router::new()
        .route("/invoices", get(|| async { "ok" }))
        .layer(api.layer().require("invoices:read").unwrap())
        .merge(
            Router::new()
                .route("/reconcile", get(|| async { "ok" }))
                .layer(
                    api.layer()
                        .require("audit")
                        .unwrap()
                        .require_of::<Reconcile>()
                        .unwrap(),
                ),
        );
    let site = Site::serving(router, audit).await;
    let token = sign(
        &signer(&pair),
        Headers::new().typ("at+jwt"),
        &access_claims(),
    );
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", &*bearer)];
    assert_eq!(site.send("GET", "/invoices", &headers).await.status, 200);
    let answer = site.send("GET", "/reconcile", &headers).await;
    let challenge =
        r#"Bearer error="insufficient_scope", scope="audit invoices:read invoices:write""#;
    assert_eq!(answer.told(), (403, "oauth.scope-insufficient", challenge));
}

#[tokio::test]
async fn a_handler_without_a_layer_admits_nobody() {
    let router = Router::new().route("/invoices", get(|_: Authorized| async { "secret" }));
    let site = Site::serving(router, Audit::default()).await;
    let answer = site.get(&[("authorization", "Bearer x")]).await;
    assert_eq!(
        (answer.status, &*answer.body),
        (500, r#"{"error":"server_error"}"#)
    );
}

#[tokio::test]
async fn without_the_issuer_s_keys_it_is_503_and_not_the_token_s_fault() {
    let published = crate::site::Published::default();
    published.take_down();
    let builder = ProtectedResource::new(&issuer(), API)
        .keys(published.keys().await)
        .clock(Arc::new(now()));
    let (builder, audit) = audited(builder);
    let api = builder.build().unwrap();
    assert!(api.ready().await.is_err());
    let site = Site::of(&api, audit).await;
    let pair = key("as-1");
    let token = sign(
        &signer(&pair),
        Headers::new().typ("at+jwt"),
        &access_claims(),
    );
    let answer = site
        .get(&[("authorization", &format!("Bearer {token}"))])
        .await;
    assert_eq!(answer.told(), (503, "remote.unavailable", ""));
    assert_eq!(answer.body, r#"{"error":"server_error"}"#);
    let seconds: u64 = answer.retry_after.unwrap().parse().unwrap();
    // A second after the first failure, and not a number of our own.
    assert!((1..=3).contains(&seconds), "{seconds}");
    // What needs no key to be refused is refused all the same.
    assert_eq!(
        site.get(&[]).await.told(),
        (401, "oauth.token-missing", "Bearer")
    );
}

#[tokio::test]
async fn while_the_issuer_is_down_its_known_keys_verify() {
    let api = Api::new().await;
    let token = api.token(&access_claims());
    assert_eq!(api.bearer(&token).await.status, 200);
    api.published.take_down();
    assert_eq!(api.bearer(&token).await.status, 200);
    let unknown = sign(
        &signer(&key("as-9")),
        Headers::new().typ("at+jwt"),
        &access_claims(),
    );
    let answer = api.bearer(&unknown).await;
    assert_eq!(answer.told(), (503, "remote.unavailable", ""));
}

#[tokio::test]
async fn keys_are_found_by_the_issuer_s_metadata() {
    let pair = key("as-1");
    let set = bulla_core::jwk::JwkSet::new([pair.public()]);
    let jwks = String::from_utf8(Document::new(&set).body().to_vec()).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let metadata = json!({"issuer": issuer, "jwks_uri": format!("{issuer}/jwks")}).to_string();
    let router = Router::new().route("/jwks", get(|| async { jwks })).route(
        "/.well-known/oauth-authorization-server",
        get(|| async { metadata }),
    );
    tokio::spawn(async move { axum::serve(listener, router).await });
    let api = ProtectedResource::new(&Issuer::parse(issuer.clone()).unwrap(), API)
        .clock(Arc::new(now()))
        .build()
        .unwrap();
    api.ready().await.unwrap();
    let site = Site::of(&api, Audit::default()).await;
    let claims = with(access_claims(), "iss", issuer);
    let token = sign(&signer(&pair), Headers::new().typ("at+jwt"), &claims);
    assert_eq!(
        site.get(&[("authorization", &format!("Bearer {token}"))])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn tokens_of_servers_that_came_before_rfc_9068() {
    let pair = key("as-1");
    let verifier = Verifier::bind(&backend(), &pair.public()).unwrap();
    let builder = ProtectedResource::plain(&issuer(), API)
        .keys(verifier)
        .clock(Arc::new(now()));
    let (builder, audit) = audited(builder);
    let site = Site::of(&builder.build().unwrap(), audit).await;
    let claims = ["client_id", "iat", "jti"]
        .iter()
        .fold(access_claims(), |claims, name| without(claims, name));
    let claims = with(claims, "azp", "portal");
    for (headers, status) in [
        (Headers::new().typ("JWT"), 200),
        (Headers::new(), 200),
        (Headers::new().typ("at+jwt"), 200),
        (Headers::new().typ("logout+jwt"), 401),
        (Headers::new().typ("client-authentication+jwt"), 401),
    ] {
        let token = sign(&signer(&pair), headers, &claims);
        let answer = site
            .get(&[("authorization", &format!("Bearer {token}"))])
            .await;
        assert_eq!(answer.status, status);
        if status == 200 {
            assert_eq!(answer.body, "invoices for portal");
        }
    }
}

#[tokio::test]
async fn what_comes_after_the_layer_does_not_log_the_token() {
    let pair = key("as-1");
    let verifier = Verifier::bind(&backend(), &pair.public()).unwrap();
    let api = ProtectedResource::new(&issuer(), API)
        .keys(verifier)
        .clock(Arc::new(now()))
        .build()
        .unwrap();
    let shown = get(|access: Authorized, headers: http::HeaderMap| async move {
        format!("{access:?} {:?}", headers[AUTHORIZATION])
    });
    let url = serve(Router::new().route("/invoices", shown).layer(api.layer())).await;
    let token = sign(
        &signer(&pair),
        Headers::new().typ("at+jwt"),
        &access_claims(),
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{url}/invoices")).bearer_auth(&token);
    let body = request.send().await.unwrap().text().await.unwrap();
    assert!(
        body.contains("Sensitive") && body.contains("billing"),
        "{body}"
    );
    assert!(token.split('.').all(|part| !body.contains(part)), "{body}");
    assert!(!format!("{api:?}").contains(&token));
}

#[tokio::test]
async fn a_layer_within_a_layer_of_the_same_resource_uses_no_proof_up() {
    let pair = key("as-1");
    let verifier = Verifier::bind(&backend(), &pair.public()).unwrap();
    let builder = ProtectedResource::new(&issuer(), API)
        .keys(verifier)
        .dpop(DpopRules::required(API).unwrap())
        .clock(Arc::new(now()));
    let (builder, audit) = audited(builder);
    let api = builder.build().unwrap();
    let inner = |scope: &str| {
        Router::new()
            .route("/", get(|_: Authorized| async { "ok" }))
            .layer(api.layer().require(scope).unwrap())
    };
    let router = Router::new()
        .nest("/read", inner("invoices:read"))
        .nest("/write", inner("invoices:write"))
        .layer(api.layer());
    let site = Site::serving(router, audit).await;
    let dpop = DpopKey::generate(&backend(), SignatureAlg::Es256).unwrap();
    let jkt = json!({"jkt": dpop.thumbprint().to_string()});
    let claims = with(access_claims(), "cnf", jkt);
    let token = sign(&signer(&pair), Headers::new().typ("at+jwt"), &claims);
    let authorization = format!("DPoP {token}");
    for (path, status, reason) in [
        ("/read", 200, None),
        ("/write", 403, Some("oauth.scope-insufficient")),
    ] {
        let url = TargetUri::parse(&format!("{API}{path}")).unwrap();
        let proof = DpopProof::new("GET", &url)
            .access_token(&token)
            .clock(Arc::new(now()))
            .sign(&dpop)
            .unwrap();
        let headers = [("authorization", &*authorization), ("dpop", &*proof)];
        let answer = site.send("GET", path, &headers).await;
        assert_eq!((answer.status, answer.reason), (status, reason), "{path}");
        // It is used up all the same.
        let again = site.send("GET", path, &headers).await;
        assert_eq!((again.status, again.reason), (401, Some("oauth.replayed")));
    }
}
