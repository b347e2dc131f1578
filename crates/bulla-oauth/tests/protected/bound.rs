//! Row 54: tokens that are bound to a key or a certificate.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use bulla_core::SecretBytes;
use bulla_core::base64url;
use bulla_core::jwa::SignatureAlg;
use bulla_core::key::BoxFuture;
use bulla_oauth::dpop::{DpopKey, DpopProof, Nonces, TargetUri};
use bulla_oauth::protect::{
    Authorized, ClientCertificate, DpopRules, MemoryReplay, ProtectedResource, ReplayStore,
};
use bulla_oauth::{Issuer, Recorded, SingleUse};
use http::Request;
use serde_json::json;

use crate::site::{ALGS, API, Answer, Api, Site, access_claims, audited};
use crate::token::{ISSUER, backend, key, now, with};

fn optional() -> DpopRules {
    DpopRules::optional(API).unwrap()
}

fn dpop_key() -> DpopKey {
    DpopKey::generate(&backend(), SignatureAlg::Es256).unwrap()
}

fn bound(api: &Api, key: &DpopKey) -> String {
    let jkt = json!({"jkt": key.thumbprint().to_string()});
    api.token(&with(access_claims(), "cnf", jkt))
}

fn proof(key: &DpopKey, token: &str, path: &str) -> DpopProof {
    let _ = key;
    let url = TargetUri::parse(&format!("{API}{path}")).unwrap();
    DpopProof::new("GET", &url)
        .access_token(token)
        .clock(Arc::new(now()))
}

async fn with_proof(api: &Api, token: &str, proof: &str) -> Answer {
    let authorization = format!("DPoP {token}");
    api.site
        .get(&[("authorization", &authorization), ("dpop", proof)])
        .await
}

#[tokio::test]
async fn a_bound_token_with_its_proof_is_admitted_in_any_case_of_the_scheme() {
    let api = Api::with(|resource| resource.dpop(optional())).await;
    let key = dpop_key();
    let token = bound(&api, &key);
    for scheme in ["DPoP", "dpop", "DPOP"] {
        let authorization = format!("{scheme} {token}");
        let proof = proof(&key, &token, "/invoices").sign(&key).unwrap();
        let answer = api
            .site
            .get(&[("authorization", &authorization), ("dpop", &proof)])
            .await;
        assert_eq!((answer.status, answer.nonce), (200, None), "{scheme}");
    }
}

#[tokio::test]
async fn the_path_of_a_nested_router_is_that_of_the_client() {
    let api = Api::with(|resource| resource.dpop(optional())).await;
    let key = dpop_key();
    let token = bound(&api, &key);
    let authorization = format!("DPoP {token}");
    let proof = proof(&key, &token, "/v1/me").sign(&key).unwrap();
    let headers = [("authorization", &*authorization), ("dpop", &*proof)];
    assert_eq!(
        api.site.send("GET", "/v1/me?a=b", &headers).await.status,
        200
    );
}

#[tokio::test]
async fn row_49_both_schemes_are_offered_where_both_are_taken() {
    let api = Api::with(|resource| resource.dpop(optional())).await;
    let answer = api.site.get(&[]).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.challenges,
        ["Bearer".to_owned(), format!("DPoP algs=\"{ALGS}\"")]
    );
    let required = DpopRules::required(API).unwrap();
    let api = Api::with(|resource| resource.dpop(required)).await;
    assert_eq!(
        api.site.get(&[]).await.challenges,
        [format!("DPoP algs=\"{ALGS}\"")]
    );
}

#[tokio::test]
async fn row_54_a_bound_token_as_bearer() {
    let api = Api::with(|resource| resource.dpop(optional())).await;
    let key = dpop_key();
    let token = bound(&api, &key);
    let authorization = format!("Bearer {token}");
    let proof = proof(&key, &token, "/invoices").sign(&key).unwrap();
    let challenge = format!(
        "DPoP error=\"invalid_token\", error_description=\"the token is bound to a key and needs a proof of it\", algs=\"{ALGS}\""
    );
    for headers in [
        &[("authorization", &*authorization)][..],
        &[("authorization", &*authorization), ("dpop", &*proof)],
    ] {
        let answer = api.site.get(headers).await;
        assert_eq!(answer.told(), (401, "oauth.token-bound", &*challenge));
    }
    let none = Api::new().await;
    let answer = none.bearer(&bound(&none, &key)).await;
    let challenge = r#"Bearer error="invalid_token", error_description="the token is bound, and presented without what it is bound to""#;
    assert_eq!(answer.told(), (401, "oauth.token-bound", challenge));
}

#[tokio::test]
async fn row_54_bound_to_what_is_not_understood() {
    let api = Api::with(|resource| resource.dpop(optional())).await;
    let token = api.token(&with(access_claims(), "cnf", json!({"kid": "x"})));
    assert_eq!(api.bearer(&token).await.told().1, "oauth.token-bound");
    let token = api.token(&with(access_claims(), "cnf", json!({"jkt": "x"})));
    let answer = api.bearer(&token).await;
    assert_eq!(
        (answer.status, answer.reason),
        (401, Some("jwt.claim-invalid"))
    );
}

#[tokio::test]
async fn row_54_an_unbound_token_as_dpop() {
    let api = Api::with(|resource| resource.dpop(optional())).await;
    let key = dpop_key();
    let token = api.token(&access_claims());
    let answer = with_proof(
        &api,
        &token,
        &proof(&key, &token, "/invoices").sign(&key).unwrap(),
    )
    .await;
    let challenge = format!(
        "DPoP error=\"invalid_token\", error_description=\"the access token is not valid here\", algs=\"{ALGS}\""
    );
    assert_eq!(answer.told(), (401, "oauth.token-not-bound", &*challenge));
}

#[tokio::test]
async fn row_54_no_token_without_a_proof_where_proofs_are_required() {
    let required = DpopRules::required(API).unwrap();
    let api = Api::with(|resource| resource.dpop(required)).await;
    let answer = api.bearer(&api.token(&access_claims())).await;
    let challenge = format!(
        "DPoP error=\"invalid_token\", error_description=\"the token is needed with a DPoP proof\", algs=\"{ALGS}\""
    );
    assert_eq!(answer.told(), (401, "oauth.dpop-missing", &*challenge));
    let key = dpop_key();
    let token = bound(&api, &key);
    let good = proof(&key, &token, "/invoices").sign(&key).unwrap();
    assert_eq!(with_proof(&api, &token, &good).await.status, 200);
}

#[tokio::test]
async fn row_54_a_missing_scope_of_a_bound_token() {
    let api = Api::with(|resource| resource.dpop(optional())).await;
    let key = dpop_key();
    let token = bound(&api, &key);
    let authorization = format!("DPoP {token}");
    let proof = proof(&key, &token, "/reconcile").sign(&key).unwrap();
    let headers = [("authorization", &*authorization), ("dpop", &*proof)];
    let answer = api.site.send("GET", "/reconcile", &headers).await;
    let challenge = format!(
        "DPoP error=\"insufficient_scope\", scope=\"invoices:read invoices:write\", algs=\"{ALGS}\""
    );
    assert_eq!(
        answer.told(),
        (403, "oauth.scope-insufficient", &*challenge)
    );
}

fn nonces(at: u64) -> Nonces {
    let clock = std::time::UNIX_EPOCH + std::time::Duration::from_secs(at);
    Nonces::new(&backend(), &SecretBytes::from(vec![3; 32]))
        .unwrap()
        .clock(Arc::new(clock))
}

#[tokio::test]
async fn the_nonce_of_the_resource() {
    let at = crate::token::NOW;
    let api = Api::with(|resource| resource.dpop(optional().nonces(nonces(at)))).await;
    let key = dpop_key();
    let token = bound(&api, &key);
    let without = proof(&key, &token, "/invoices");
    let old = without.clone().nonce(nonces(at - 600).issue().unwrap());
    let foreign = without.clone().nonce("of somebody else");
    let challenge = format!("DPoP error=\"use_dpop_nonce\", algs=\"{ALGS}\"");
    for proof in [&without, &old, &foreign] {
        let answer = with_proof(&api, &token, &proof.sign(&key).unwrap()).await;
        assert_eq!(answer.told(), (401, "oauth.dpop-nonce-needed", &*challenge));
        assert_eq!(answer.nonce, nonces(at).issue());
    }
    let fresh = without.clone().nonce(nonces(at).issue().unwrap());
    let answer = with_proof(&api, &token, &fresh.sign(&key).unwrap()).await;
    assert_eq!((answer.status, answer.nonce), (200, None));
    assert_eq!(answer.cache_control, None);
    // Before it is needed, the answer has the next one.
    let ageing = without.nonce(nonces(at - 90).issue().unwrap());
    let answer = with_proof(&api, &token, &ageing.sign(&key).unwrap()).await;
    assert_eq!((answer.status, answer.nonce), (200, nonces(at).issue()));
    // RFC 9449 §8.2: who keeps the answer would hand out an old nonce.
    assert_eq!(answer.cache_control.as_deref(), Some("no-store"));
}

#[derive(Debug)]
struct Down;

impl ReplayStore for Down {
    fn use_once<'a>(&'a self, _: &'a SingleUse) -> BoxFuture<'a, Recorded> {
        Box::pin(std::future::ready(Recorded::Unavailable))
    }
}

#[tokio::test]
async fn without_a_store_of_used_proofs_nothing_is_admitted() {
    let full = optional().replay(MemoryReplay::at_most(0));
    for rules in [optional().replay(Down), full] {
        let api = Api::with(|resource| resource.dpop(rules)).await;
        let key = dpop_key();
        let token = bound(&api, &key);
        let good = proof(&key, &token, "/invoices").sign(&key).unwrap();
        let answer = with_proof(&api, &token, &good).await;
        assert_eq!(answer.told(), (503, "oauth.replay-unknown", ""));
        assert_eq!(answer.retry_after.as_deref(), Some("5"));
    }
}

#[tokio::test]
async fn of_many_requests_with_one_proof_one_is_admitted() {
    let api = Api::with(|resource| resource.dpop(optional())).await;
    let key = dpop_key();
    let token = bound(&api, &key);
    let one = proof(&key, &token, "/invoices").sign(&key).unwrap();
    let api = Arc::new(api);
    let requests: Vec<_> = (0..50)
        .map(|_| {
            let (api, token, one) = (Arc::clone(&api), token.clone(), one.clone());
            tokio::spawn(async move { with_proof(&api, &token, &one).await.status })
        })
        .collect();
    let mut admitted = 0;
    for request in requests {
        let status = request.await.unwrap();
        assert!(status == 200 || status == 401, "{status}");
        admitted += usize::from(status == 200);
    }
    assert_eq!(admitted, 1);
}

/// As whatever terminates TLS does.
async fn with_certificate(der: &'static [u8]) -> (Site, bulla_core::jwk::PrivateJwk) {
    let issuer = key("as-1");
    let verifier = bulla_core::key::Verifier::bind(&backend(), &issuer.public()).unwrap();
    let builder = ProtectedResource::new(&Issuer::parse(ISSUER).unwrap(), API)
        .keys(verifier)
        .clock(Arc::new(now()));
    let (builder, audit) = audited(builder);
    let resource = builder.build().unwrap();
    let router = Router::new()
        .route("/invoices", get(|_: Authorized| async { "ok" }))
        .layer(resource.layer())
        .layer(axum::middleware::map_request(
            move |mut request: Request<_>| async move {
                request
                    .extensions_mut()
                    .insert(ClientCertificate::from_der(der));
                request
            },
        ));
    (Site::serving(router, audit).await, issuer)
}

#[tokio::test]
async fn row_54_mutual_tls() {
    let digest = ClientCertificate::from_der(b"the client's");
    let cnf = json!({"x5t#S256": base64url::encode(digest.sha256())});
    let sign = |issuer: &bulla_core::jwk::PrivateJwk| {
        let headers = bulla_core::jws::Headers::new().typ("at+jwt");
        let claims = with(access_claims(), "cnf", cnf.clone());
        format!(
            "Bearer {}",
            crate::token::sign(&crate::token::signer(issuer), headers, &claims)
        )
    };
    let (site, issuer) = with_certificate(b"the client's").await;
    assert_eq!(
        site.get(&[("authorization", &sign(&issuer))]).await.status,
        200
    );
    let (site, issuer) = with_certificate(b"of another").await;
    let answer = site.get(&[("authorization", &sign(&issuer))]).await;
    let challenge =
        r#"Bearer error="invalid_token", error_description="the access token is not valid here""#;
    assert_eq!(
        answer.told(),
        (401, "oauth.token-bound-otherwise", challenge)
    );
    // A proof would not help, and none is asked for.
    let challenge = r#"Bearer error="invalid_token", error_description="the token is bound, and presented without what it is bound to""#;
    for api in [
        Api::new().await,
        Api::with(|resource| resource.dpop(optional())).await,
    ] {
        let token = sign(&api.issuer);
        let answer = api.site.get(&[("authorization", &token)]).await;
        assert_eq!(answer.told(), (401, "oauth.token-bound", challenge));
    }
}
