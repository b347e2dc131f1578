//! Admitting calls, and sending them on.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bulla::oauth::protect::{Authorized, ProtectedResource};

use super::internal::Internal;

pub(crate) struct Gateway {
    upstream: String,
    internal: Internal,
    http: reqwest::Client,
}

impl Gateway {
    pub(crate) fn new(upstream: String, internal: Internal) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self {
            upstream: upstream.trim_end_matches('/').to_owned(),
            internal,
            http,
        })
    }

    /// Every path goes to what is behind, for calls that the resource admits.
    pub(crate) fn router(self, callers: &ProtectedResource) -> Router {
        Router::new()
            .fallback(forward)
            .with_state(Arc::new(self))
            .layer(callers.layer())
    }

    async fn send(&self, token: &str, request: Request) -> Result<Response, StatusCode> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, LONGEST).await;
        let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        let target = parts
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str());
        let answer = self
            .http
            .request(parts.method, format!("{}{target}", self.upstream))
            .headers(picked(&parts.headers))
            .bearer_auth(token)
            .body(body)
            .send()
            .await
            .map_err(|_| StatusCode::BAD_GATEWAY)?;
        let (status, headers) = (answer.status(), picked(answer.headers()));
        let body: Bytes = answer.bytes().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
        Ok((status, headers, body).into_response())
    }
}

async fn forward(
    State(gateway): State<Arc<Gateway>>,
    access: Authorized,
    request: Request,
) -> Result<Response, StatusCode> {
    let token = gateway.internal.token(&access).await.map_err(|error| {
        eprintln!("no token for what is behind: {error}");
        StatusCode::SERVICE_UNAVAILABLE
    })?;
    gateway.send(&token, request).await
}

/// What goes through. The caller's token and cookies are none of it.
fn picked(headers: &HeaderMap) -> HeaderMap {
    let pick = |name: &HeaderName| Some((name.clone(), headers.get(name)?.clone()));
    let picked = [ACCEPT, CONTENT_TYPE].iter().filter_map(pick);
    picked.collect::<HeaderMap<HeaderValue>>()
}

const LONGEST: usize = 1024 * 1024;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use axum::routing::get;
    use bulla::jwa::SignatureAlg;
    use bulla::oauth::access_token::AccessToken;
    use bulla::oauth::{Issuer, Scopes};
    use tokio::net::TcpListener;

    use super::*;

    async fn serve(listener: TcpListener, router: Router) -> String {
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    async fn listen() -> TcpListener {
        TcpListener::bind("127.0.0.1:0").await.unwrap()
    }

    /// What is behind: it takes tokens of the gateway, and tells what it saw.
    fn behind(internal_issuer: &str) -> Router {
        let issuer = Issuer::parse(internal_issuer).unwrap();
        let resource = ProtectedResource::new(&issuer, "internal").build().unwrap();
        let seen = |access: Authorized, headers: HeaderMap| async move {
            let lives = access
                .expires_at()
                .unwrap()
                .duration_since(std::time::SystemTime::now());
            assert!(lives.unwrap() <= Duration::from_secs(60));
            let (issuer, client) = (access.issuer().unwrap(), access.client_id().unwrap());
            format!(
                "{issuer} {client} {} {}",
                access.scopes(),
                headers.contains_key("cookie")
            )
        };
        Router::new()
            .route("/orders", get(seen))
            .layer(resource.layer())
    }

    #[tokio::test]
    async fn what_is_behind_sees_a_token_of_the_gateway_and_none_from_outside() {
        let inside = listen().await;
        let internal_issuer = format!("http://{}", inside.local_addr().unwrap());
        let internal = Internal::new(&internal_issuer, "internal".into()).unwrap();
        serve(inside, internal.router()).await;
        let upstream = serve(listen().await, behind(&internal_issuer)).await;

        let issuer = Issuer::parse("https://auth.example.com").unwrap();
        let key = bulla::generate(SignatureAlg::Es256).unwrap();
        let callers = ProtectedResource::new(&issuer, "https://api.example.com")
            .keys(bulla::verifier(&key.public()).unwrap())
            .build()
            .unwrap();
        let gateway = Gateway::new(upstream.clone(), internal).unwrap();
        let gateway = serve(listen().await, gateway.router(&callers)).await;

        let token = AccessToken::for_client(
            "billing",
            &issuer,
            "https://api.example.com",
            &bulla::backend(),
        )
        .scopes(Scopes::parse("orders:read").unwrap())
        .sign(&bulla::signer(&key).unwrap())
        .unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let call = |url: &str, token: Option<&str>| {
            let request = http.get(format!("{url}/orders")).header("cookie", "a=b");
            let request = match token {
                Some(token) => request.bearer_auth(token),
                None => request,
            };
            async move {
                let answer = request.send().await.unwrap();
                (answer.status().as_u16(), answer.text().await.unwrap())
            }
        };
        let told = format!("{internal_issuer} billing orders:read false");
        assert_eq!(call(&gateway, Some(&token)).await, (200, told));
        assert_eq!(call(&gateway, None).await.0, 401);
        // The caller's token is nothing to what is behind.
        assert_eq!(call(&upstream, Some(&token)).await.0, 401);
    }
}
