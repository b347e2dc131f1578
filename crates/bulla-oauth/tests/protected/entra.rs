//! Row 57: tokens of Microsoft Entra. The client is told `invalid_token`, and the log why.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use bulla_core::jwa::SignatureAlg;
use bulla_core::jwk::PrivateJwk;
use bulla_core::jwt;
use bulla_core::key::{BoxFuture, KeySpec};
use bulla_jwks::entra;
use bulla_jwks::http::{Document, Fetch, FetchError, Request, Response, Unreachable};
use bulla_oauth::protect::{Authorized, NeededScopes, ProtectedResource};
use serde_json::{Value, json};

use crate::site::{Answer, Site, audited};
use crate::token::{backend, signer_for};

const CONTOSO: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const FABRIKAM: &str = "6babcaad-604b-40ac-a9d7-9fd97c0b779f";
const API: &str = "5c8e0e9a-54b3-4ae3-9d4f-4c0c6d1a1b9e";
const KEYS: &str = "https://login.microsoftonline.com/keys";

/// Making RSA keys takes a while.
static KEY: LazyLock<PrivateJwk> = LazyLock::new(|| rsa("nOo3ZDrODXEK1jKWhXslHR_KXEg"));
static OF_FABRIKAM: LazyLock<PrivateJwk> = LazyLock::new(|| rsa("oOo3ZDrODXEK1jKWhXslHR_KXEg"));

fn rsa(kid: &str) -> PrivateJwk {
    let mut key = PrivateJwk::new(backend().generate(KeySpec::Rsa { bits: 2048 }).unwrap());
    key.members_mut().kid = Some(kid.to_owned());
    key
}

#[derive(Debug)]
struct Documents(HashMap<String, String>);

impl Fetch for Documents {
    fn get<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, FetchError>> {
        let found = self.0.get(request.url.as_str()).cloned();
        Box::pin(std::future::ready(match found {
            Some(text) => Ok(Response::Document(Document::new(text))),
            None => Err(FetchError::Unavailable {
                why: Unreachable::Status { status: 404 },
                retry_after: None,
            }),
        }))
    }
}

fn published(key: &PrivateJwk, issuer: &str) -> Value {
    let mut public = key.public().to_value();
    public["use"] = json!("sig");
    public["issuer"] = json!(issuer);
    public["cloud_instance_name"] = json!("microsoftonline.com");
    public
}

fn v2(tenant: &str) -> String {
    format!("https://login.microsoftonline.com/{tenant}/v2.0")
}

struct Read;

impl NeededScopes for Read {
    const SCOPES: &'static str = "Invoices.Read";
}

async fn site() -> Site {
    let template = "https://login.microsoftonline.com/{tenantid}/v2.0";
    let keys = [
        published(&KEY, template),
        published(&OF_FABRIKAM, &v2(FABRIKAM)),
    ];
    let metadata = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration";
    let documents = Documents(HashMap::from([
        (
            metadata.to_owned(),
            json!({"issuer": template, "jwks_uri": KEYS}).to_string(),
        ),
        (KEYS.to_owned(), json!({ "keys": keys }).to_string()),
    ]));
    let entra = entra("common", API).client(documents).start().unwrap();
    let (builder, audit) = audited(ProtectedResource::entra(entra));
    let who = get(|access: Authorized<Read>| async move {
        let roles: Vec<String> = access.roles().map(str::to_owned).collect();
        format!("{:?} {roles:?}", access.client_id())
    });
    let api = builder.build();
    let role = Router::new()
        .route("/audit", get(|_: Authorized| async { "ok" }))
        .layer(api.layer().require_role("Invoices.Audit"));
    let router = Router::new()
        .route("/invoices", who)
        .layer(api.layer())
        .merge(role);
    Site::serving(router, audit).await
}

fn claims(tenant: &str) -> Value {
    json!({"ver": "2.0", "tid": tenant, "oid": "someone", "azp": "portal", "scp": "Invoices.Read", "roles": ["Invoices.Admin"]})
}

fn token(key: &PrivateJwk, issuer: &str, claims: &Value, headers: &[(&str, &str)]) -> String {
    let mut token = jwt::issue(issuer)
        .audience(API)
        .expires_in(Duration::from_secs(4_000))
        .claims(claims);
    for (name, value) in headers {
        token = token.header(*name, *value);
    }
    token.sign(&signer_for(key, SignatureAlg::Rs256)).unwrap()
}

async fn bearer(site: &Site, token: &str) -> Answer {
    site.get(&[("authorization", &format!("Bearer {token}"))])
        .await
}

async fn refused(token: &str, reason: &str) {
    let answer = bearer(&site().await, token).await;
    let challenge =
        r#"Bearer error="invalid_token", error_description="the access token is not valid here""#;
    assert_eq!(answer.told(), (401, reason, challenge));
}

#[tokio::test]
async fn a_token_of_any_tenant_is_admitted() {
    let site = site().await;
    for tenant in [CONTOSO, FABRIKAM] {
        let answer = bearer(&site, &token(&KEY, &v2(tenant), &claims(tenant), &[])).await;
        assert_eq!(
            (answer.status, &*answer.body),
            (200, r#"Some("portal") ["Invoices.Admin"]"#)
        );
    }
}

#[tokio::test]
async fn row_57_a_token_of_version_1() {
    let mut old = claims(CONTOSO);
    old["ver"] = json!("1.0");
    let issuer = format!("https://sts.windows.net/{CONTOSO}/");
    refused(&token(&KEY, &issuer, &old, &[]), "jwks.entra-version").await;
}

#[tokio::test]
async fn row_57_tid_is_no_guid() {
    refused(
        &token(&KEY, &v2("contoso.com"), &claims("contoso.com"), &[]),
        "jwks.entra-tenant",
    )
    .await;
}

#[tokio::test]
async fn row_57_iss_and_tid_disagree() {
    refused(
        &token(&KEY, &v2(FABRIKAM), &claims(CONTOSO), &[]),
        "jwt.issuer-mismatch",
    )
    .await;
}

#[tokio::test]
async fn row_57_a_key_of_another_tenant() {
    let token = token(&OF_FABRIKAM, &v2(CONTOSO), &claims(CONTOSO), &[]);
    refused(&token, "jwks.entra-key-issuer").await;
}

#[tokio::test]
async fn row_57_a_token_for_graph() {
    let token = token(
        &KEY,
        &v2(CONTOSO),
        &claims(CONTOSO),
        &[("nonce", "AQABAAAAAAD")],
    );
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let graph = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    let answer = bearer(&site().await, &graph).await;
    let challenge = r#"Bearer error="invalid_token", error_description="the access token is for an API of Microsoft and not for this one""#;
    assert_eq!(answer.told(), (401, "jwks.entra-nonce", challenge));
}

#[tokio::test]
async fn row_53_a_scope_of_entra_s() {
    let mut other = claims(CONTOSO);
    other["scp"] = json!("Invoices.Write");
    let answer = bearer(&site().await, &token(&KEY, &v2(CONTOSO), &other, &[])).await;
    let challenge = r#"Bearer error="insufficient_scope", scope="Invoices.Read""#;
    assert_eq!(answer.told(), (403, "oauth.scope-insufficient", challenge));
}

#[tokio::test]
async fn an_application_s_token_has_roles_in_place_of_scopes() {
    let mut own = claims(CONTOSO);
    own.as_object_mut().unwrap().remove("scp");
    let site = site().await;
    let issuer = v2(CONTOSO);
    let bearer = |claims: &Value| format!("Bearer {}", token(&KEY, &issuer, claims, &[]));
    let headers = bearer(&own);
    let answer = site
        .send("GET", "/audit", &[("authorization", &headers)])
        .await;
    let challenge =
        r#"Bearer error="insufficient_scope", error_description="the token lacks a role""#;
    assert_eq!(answer.told(), (403, "oauth.role-insufficient", challenge));
    own["roles"] = json!(["Invoices.Read", "Invoices.Audit"]);
    let headers = bearer(&own);
    let answer = site
        .send("GET", "/audit", &[("authorization", &headers)])
        .await;
    assert_eq!(answer.status, 200);
}
