//! The routes, and which scopes each needs.

use axum::routing::get;
use axum::{Json, Router};
use bulla::oauth::protect::{Authorized, NeededScopes, ProtectedResource};
use serde::Serialize;

/// The layer admits requests with a valid token; each handler says in its signature what the token must allow.
pub(crate) fn router(api: &ProtectedResource) -> Router {
    let protected = Router::new()
        .route("/invoices", get(list).post(create))
        .layer(api.layer());
    Router::new()
        .route("/healthz", get(|| async { "ok" })) // for everybody
        .merge(protected)
}

pub(crate) struct ReadInvoices;

impl NeededScopes for ReadInvoices {
    const SCOPES: &'static str = "invoices:read";
}

pub(crate) struct WriteInvoices;

impl NeededScopes for WriteInvoices {
    const SCOPES: &'static str = "invoices:write";
}

#[derive(Serialize)]
pub(crate) struct Invoice {
    number: u32,
    for_client: String,
}

async fn list(access: Authorized<ReadInvoices>) -> Json<Vec<Invoice>> {
    Json(vec![invoice(1, &access), invoice(2, &access)])
}

async fn create(access: Authorized<WriteInvoices>) -> Json<Invoice> {
    Json(invoice(3, &access))
}

fn invoice<N>(number: u32, access: &Authorized<N>) -> Invoice {
    Invoice {
        number,
        for_client: access.client_id().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use bulla::jwa::SignatureAlg;
    use bulla::oauth::access_token::AccessToken;
    use bulla::oauth::{Issuer, Scopes};
    use tower_service::Service;

    use super::*;

    #[tokio::test]
    async fn a_token_may_do_what_its_scopes_say() {
        let issuer = Issuer::parse("https://auth.example.com").unwrap();
        let key = bulla::generate(SignatureAlg::Es256).unwrap();
        let token = AccessToken::for_client("billing", &issuer, "api", &bulla::backend())
            .scopes(Scopes::parse("invoices:read").unwrap())
            .sign(&bulla::signer(&key).unwrap())
            .unwrap();
        let api = ProtectedResource::new(&issuer, "api")
            .keys(bulla::verifier(&key.public()).unwrap())
            .build()
            .unwrap();
        let mut router = router(&api);
        let bearer = format!("Bearer {token}");
        for (method, path, authorization, status, body) in [
            ("GET", "/healthz", "", 200, "ok"),
            ("GET", "/invoices", "", 401, ""),
            (
                "GET",
                "/invoices",
                &bearer,
                200,
                r#""for_client":"billing""#,
            ),
            ("POST", "/invoices", &bearer, 403, "insufficient_scope"),
        ] {
            let request = Request::builder().method(method).uri(path);
            let request = request.header("authorization", authorization);
            let answer = router
                .call(request.body(Body::empty()).unwrap())
                .await
                .unwrap();
            assert_eq!(answer.status(), status, "{method} {path}");
            let octets = to_bytes(answer.into_body(), 4_096).await.unwrap();
            let text = String::from_utf8(octets.to_vec()).unwrap();
            assert!(text.contains(body), "{text}");
        }
    }
}
