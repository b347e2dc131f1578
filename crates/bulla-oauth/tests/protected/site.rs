//! An API on loopback that clients know as `https://api.example.com`, and the issuer of its tokens.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use bulla_core::jwk::{JwkSet, PrivateJwk};
use bulla_core::jws::Headers;
use bulla_jwks::RemoteKeys;
use bulla_jwks::http::HttpOptions;
use bulla_oauth::Issuer;
use bulla_oauth::protect::{
    Authorized, JwtTokens, NeededScopes, ProtectedResource, Refusal, ResourceBuilder,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::token::{ISSUER, NOW, key, now, sign, signer};

pub(crate) const API: &str = "https://api.example.com";
pub(crate) const ALGS: &str = "ES256 EdDSA Ed25519 PS256 ES384 ES512 PS384 PS512";

pub(crate) struct ReadInvoices;

impl NeededScopes for ReadInvoices {
    const SCOPES: &'static str = "invoices:read";
}

pub(crate) struct Reconcile;

impl NeededScopes for Reconcile {
    const SCOPES: &'static str = "invoices:read invoices:write";
}

/// What came of a request.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Every `WWW-Authenticate`.
    pub(crate) challenges: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) retry_after: Option<String>,
    pub(crate) cache_control: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: String,
    /// The code that the audit log was told.
    pub(crate) reason: Option<&'static str>,
}

impl Answer {
    /// Status, reason and the one challenge.
    pub(crate) fn told(&self) -> (u16, &str, &str) {
        assert!(self.challenges.len() < 2, "{:?}", self.challenges);
        let challenge = self.challenges.first().map_or("", String::as_str);
        (self.status, self.reason.unwrap_or(""), challenge)
    }
}

pub(crate) type Audit = Arc<Mutex<Option<&'static str>>>;

pub(crate) struct Site {
    url: String,
    client: reqwest::Client,
    audit: Audit,
}

/// With an audit log.
pub(crate) fn audited<T>(builder: ResourceBuilder<T>) -> (ResourceBuilder<T>, Audit) {
    let audit = Audit::default();
    let told = Arc::clone(&audit);
    let builder = builder.on_refusal(move |refusal: &Refusal| {
        *told.lock().unwrap() = Some(refusal.code());
    });
    (builder, audit)
}

async fn list(access: Authorized<ReadInvoices>) -> String {
    format!("invoices for {}", access.client_id().unwrap_or("nobody"))
}

async fn reconcile(access: Authorized<Reconcile>) -> String {
    format!("{:?}", access.scopes().to_string())
}

async fn whoami(access: Authorized) -> String {
    access.subject().unwrap_or_default().to_owned()
}

impl Site {
    pub(crate) async fn of(resource: &ProtectedResource, audit: Audit) -> Self {
        let inner = Router::new()
            .route("/invoices", get(list).post(list))
            .route("/reconcile", get(reconcile))
            .route("/me", get(whoami))
            .layer(resource.layer());
        let nested = Router::new()
            .route("/me", get(whoami))
            .layer(resource.layer());
        Self::serving(inner.nest("/v1", nested), audit).await
    }

    pub(crate) async fn serving(router: Router, audit: Audit) -> Self {
        Self {
            url: serve(router).await,
            client: client(),
            audit,
        }
    }

    pub(crate) async fn get(&self, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", "/invoices", headers).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        *self.audit.lock().unwrap() = None;
        let method = method.parse().unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let reason = self.audit.lock().unwrap().take();
        let text = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        let challenges = response.headers().get_all("www-authenticate").iter();
        Answer {
            status: response.status().as_u16(),
            challenges: challenges
                .map(|value| value.to_str().unwrap().to_owned())
                .collect(),
            nonce: text("dpop-nonce"),
            retry_after: text("retry-after"),
            cache_control: text("cache-control"),
            content_type: text("content-type"),
            reason,
            body: response.text().await.unwrap(),
        }
    }
}

/// Serves until the test ends.
pub(crate) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// What the issuer publishes, which may change.
#[derive(Clone, Default)]
pub(crate) struct Published(Arc<Mutex<Option<JwkSet>>>);

impl Published {
    pub(crate) fn put(&self, keys: &[&PrivateJwk]) {
        let set = JwkSet::new(keys.iter().map(|key| key.public()));
        *self.0.lock().unwrap() = Some(set);
    }

    pub(crate) fn take_down(&self) {
        *self.0.lock().unwrap() = None;
    }

    /// The keys over HTTP, cached as an API does.
    pub(crate) async fn keys(&self) -> RemoteKeys {
        let published = self.clone();
        let jwks = get(move || async move {
            match &*published.0.lock().unwrap() {
                Some(set) => (http::StatusCode::OK, set.to_json().to_string()),
                None => (http::StatusCode::INTERNAL_SERVER_ERROR, String::new()),
            }
        });
        let url = serve(Router::new().route("/jwks", jwks)).await;
        let client = HttpOptions::default()
            .allow_loopback_http()
            .no_proxy()
            .retries(0);
        bulla_jwks::https(format!("{url}/jwks"))
            .client(client.build().unwrap())
            .start()
            .unwrap()
    }
}

/// An API and its issuer.
pub(crate) struct Api {
    pub(crate) site: Site,
    pub(crate) issuer: PrivateJwk,
    pub(crate) published: Published,
    pub(crate) resource: ProtectedResource,
}

impl Api {
    pub(crate) async fn new() -> Self {
        Self::with(|resource| resource).await
    }

    pub(crate) async fn with(
        change: impl FnOnce(ResourceBuilder<JwtTokens>) -> ResourceBuilder<JwtTokens>,
    ) -> Self {
        let issuer = key("as-1");
        let published = Published::default();
        published.put(&[&issuer]);
        let builder = ProtectedResource::new(&Issuer::parse(ISSUER).unwrap(), API)
            .keys(published.keys().await)
            .clock(Arc::new(now()));
        let (builder, audit) = audited(change(builder));
        let resource = builder.build().unwrap();
        Self {
            site: Site::of(&resource, audit).await,
            issuer,
            published,
            resource,
        }
    }

    pub(crate) fn token(&self, claims: &Value) -> String {
        sign(&signer(&self.issuer), Headers::new().typ("at+jwt"), claims)
    }

    pub(crate) async fn bearer(&self, token: &str) -> Answer {
        self.site
            .get(&[("authorization", &format!("Bearer {token}"))])
            .await
    }
}

pub(crate) fn access_claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "billing", "client_id": "billing", "aud": API,
        "iat": NOW, "exp": NOW + 600, "jti": "a-1", "scope": "invoices:read",
    })
}
