//! Rows 49 to 53, 55 and 56.

use bulla_core::jwa::MacAlg;
use bulla_core::jwk::SecretJwk;
use bulla_core::jws::Headers;
use bulla_core::key::Signer;
use serde_json::json;

use crate::site::{Api, access_claims};
use crate::token::{NOW, backend, forged, key, resigned, sign, signer, with, without};

const INVALID: &str =
    r#"Bearer error="invalid_token", error_description="the access token is not valid here""#;

/// 401 `invalid_token`, and the reason in the log alone.
async fn refused(api: &Api, token: &str, reason: &str) {
    let answer = api.bearer(token).await;
    assert_eq!(answer.told(), (401, reason, INVALID));
    let body =
        r#"{"error":"invalid_token","error_description":"the access token is not valid here"}"#;
    assert_eq!(answer.body, body);
    assert_eq!(answer.content_type.as_deref(), Some("application/json"));
    assert_eq!(answer.cache_control.as_deref(), Some("no-store"));
}

#[tokio::test]
async fn a_good_token_is_admitted() {
    let api = Api::new().await;
    let answer = api.bearer(&api.token(&access_claims())).await;
    assert_eq!(
        (answer.status, &*answer.body),
        (200, "invoices for billing")
    );
    assert_eq!((answer.reason, answer.nonce), (None, None));
}

#[tokio::test]
async fn row_49_no_authorization() {
    let api = Api::new().await;
    let answer = api.site.get(&[]).await;
    assert_eq!(answer.told(), (401, "oauth.token-missing", "Bearer"));
    assert_eq!(answer.body, "");
    let basic = api.site.get(&[("authorization", "Basic Yjpz")]).await;
    assert_eq!(basic.told(), (401, "oauth.token-missing", "Bearer"));
    // To a resource without DPoP that is another scheme, too.
    let token = format!("DPoP {}", api.token(&access_claims()));
    let dpop = api
        .site
        .get(&[("authorization", &token), ("dpop", "e30.e30.e30")])
        .await;
    assert_eq!(dpop.told(), (401, "oauth.token-missing", "Bearer"));
}

#[tokio::test]
async fn row_49_the_realm_is_named() {
    let api = Api::with(|resource| resource.realm("invoices")).await;
    let answer = api.site.get(&[]).await;
    assert_eq!(
        answer.told(),
        (401, "oauth.token-missing", r#"Bearer realm="invoices""#)
    );
}

#[tokio::test]
async fn row_50_a_malformed_header() {
    let api = Api::new().await;
    let token = api.token(&access_claims());
    let challenge = r#"Bearer error="invalid_request", error_description="the Authorization header is malformed""#;
    for value in [
        "Bearer",
        "Bearer a,b",
        &format!("Bearer {token} {token}"),
        "Bearer \"a\"",
    ] {
        let answer = api.site.get(&[("authorization", value)]).await;
        assert_eq!(
            answer.told(),
            (400, "oauth.authorization-malformed", challenge),
            "{value}"
        );
    }
}

#[tokio::test]
async fn row_50_two_tokens() {
    let api = Api::new().await;
    let token = format!("Bearer {}", api.token(&access_claims()));
    let twice = [("authorization", &*token), ("authorization", &*token)];
    let answer = api.site.get(&twice).await;
    let challenge = r#"Bearer error="invalid_request", error_description="there are several Authorization headers""#;
    assert_eq!(
        answer.told(),
        (400, "oauth.authorization-malformed", challenge)
    );
}

#[tokio::test]
async fn row_50_a_token_in_the_query() {
    let api = Api::new().await;
    let token = api.token(&access_claims());
    let bearer = format!("Bearer {token}");
    let challenge = r#"Bearer error="invalid_request", error_description="an access token does not belong into the URL""#;
    for path in ["/invoices", "/v1/me"] {
        let path = format!("{path}?access_token={token}");
        for headers in [&[][..], &[("authorization", &*bearer)]] {
            let answer = api.site.send("GET", &path, headers).await;
            assert_eq!(
                answer.told(),
                (400, "oauth.authorization-malformed", challenge)
            );
        }
    }
}

#[tokio::test]
async fn row_51_issuer() {
    let api = Api::new().await;
    for issuer in ["https://other.example.com", "https://auth.example.com/"] {
        let token = api.token(&with(access_claims(), "iss", issuer));
        refused(&api, &token, "jwt.issuer-mismatch").await;
    }
}

#[tokio::test]
async fn row_51_audience() {
    let api = Api::new().await;
    for audience in [
        json!("https://other.example.com"),
        json!([]),
        json!(["https://api.example.com/"]),
    ] {
        let token = api.token(&with(access_claims(), "aud", audience));
        refused(&api, &token, "jwt.audience-mismatch").await;
    }
    let among = json!(["https://other.example.com", "https://api.example.com"]);
    let token = api.token(&with(access_claims(), "aud", among));
    assert_eq!(api.bearer(&token).await.status, 200);
}

#[tokio::test]
async fn row_51_expired() {
    let api = Api::new().await;
    refused(
        &api,
        &api.token(&with(access_claims(), "exp", NOW - 11)),
        "jwt.expired",
    )
    .await;
    refused(
        &api,
        &api.token(&with(access_claims(), "exp", "never")),
        "jwt.claim-invalid",
    )
    .await;
}

#[tokio::test]
async fn row_51_not_before_the_future() {
    let api = Api::new().await;
    refused(
        &api,
        &api.token(&with(access_claims(), "nbf", NOW + 60)),
        "jwt.not-yet-valid",
    )
    .await;
    let soon = api.token(&with(access_claims(), "nbf", NOW + 8));
    assert_eq!(api.bearer(&soon).await.status, 200);
}

#[tokio::test]
async fn row_51_required_claims() {
    let api = Api::new().await;
    for claim in ["sub", "client_id", "iat", "jti", "exp"] {
        let token = api.token(&without(access_claims(), claim));
        refused(&api, &token, "jwt.claim-missing").await;
    }
}

#[tokio::test]
async fn row_51_signature() {
    let api = Api::new().await;
    let good = api.token(&access_claims());
    let flipped = resigned(&good, |signature| signature[9] ^= 1);
    refused(&api, &flipped, "jws.signature-invalid").await;
    refused(
        &api,
        &resigned(&good, |signature| signature.fill(0)),
        "jws.signature-invalid",
    )
    .await;
    refused(&api, &resigned(&good, Vec::clear), "jws.signature-invalid").await;
    refused(&api, "x", "jws.malformed").await;
}

#[tokio::test]
async fn row_51_alg_none() {
    let api = Api::new().await;
    let good = api.token(&access_claims());
    for alg in ["none", "nOnE"] {
        let forged = forged(&json!({"typ": "at+jwt", "alg": alg}), &good);
        refused(&api, &forged, "jws.algorithm-not-allowed").await;
    }
}

#[tokio::test]
async fn row_51_alg_hs256_with_the_public_key_as_secret() {
    let api = Api::new().await;
    let secret = SecretJwk::new(api.issuer.public().to_json().as_bytes());
    let mac = Signer::bind_to(&backend(), &secret, MacAlg::Hs256).unwrap();
    let token = sign(&mac, Headers::new().typ("at+jwt"), &access_claims());
    refused(&api, &token, "jws.algorithm-not-allowed").await;
}

#[tokio::test]
async fn row_52_other_types() {
    let api = Api::new().await;
    for headers in [
        Headers::new(),
        Headers::new().typ("JWT"),
        Headers::new().typ("client-authentication+jwt"),
        Headers::new().typ("dpop+jwt"),
    ] {
        let token = sign(&signer(&api.issuer), headers, &access_claims());
        refused(&api, &token, "jwt.type-mismatch").await;
    }
    let full = Headers::new().typ("application/at+jwt");
    let token = sign(&signer(&api.issuer), full, &access_claims());
    assert_eq!(api.bearer(&token).await.status, 200);
}

#[tokio::test]
async fn row_53_missing_scope() {
    let api = Api::new().await;
    let authorization = format!("Bearer {}", api.token(&access_claims()));
    let answer = api
        .site
        .send("GET", "/reconcile", &[("authorization", &authorization)])
        .await;
    let challenge = r#"Bearer error="insufficient_scope", scope="invoices:read invoices:write""#;
    assert_eq!(answer.told(), (403, "oauth.scope-insufficient", challenge));
    let body = r#"{"error":"insufficient_scope","scope":"invoices:read invoices:write"}"#;
    assert_eq!(answer.body, body);
    let both = with(
        access_claims(),
        "scope",
        "invoices:write other invoices:read",
    );
    let authorization = format!("Bearer {}", api.token(&both));
    let answer = api
        .site
        .send("GET", "/reconcile", &[("authorization", &authorization)])
        .await;
    assert_eq!(answer.status, 200);
    for scope in [
        json!("INVOICES:READ"),
        json!(""),
        json!("invoices:readonly"),
    ] {
        let answer = api
            .bearer(&api.token(&with(access_claims(), "scope", scope)))
            .await;
        assert_eq!(answer.status, 403);
    }
    refused(
        &api,
        &api.token(&with(access_claims(), "scope", "a  b")),
        "oauth.scope-malformed",
    )
    .await;
}

#[tokio::test]
async fn row_55_a_token_of_a_retired_key_is_good_and_of_a_revoked_one_is_not() {
    let api = Api::new().await;
    let old = api.token(&access_claims());
    assert_eq!(api.bearer(&old).await.status, 200);
    let next = key("as-2");
    let new = sign(
        &signer(&next),
        Headers::new().typ("at+jwt"),
        &access_claims(),
    );
    // Retired: still published, and what it signed holds. The new key is found by itself.
    api.published.put(&[&next, &api.issuer]);
    assert_eq!(api.bearer(&new).await.status, 200);
    assert_eq!(api.bearer(&old).await.status, 200);
}

#[tokio::test]
async fn row_55_a_revoked_key_is_gone_with_the_next_look_at_the_issuer() {
    let api = Api::new().await;
    let old = api.token(&access_claims());
    assert_eq!(api.bearer(&old).await.status, 200);
    let next = key("as-2");
    api.published.put(&[&next]);
    let new = sign(
        &signer(&next),
        Headers::new().typ("at+jwt"),
        &access_claims(),
    );
    assert_eq!(api.bearer(&new).await.status, 200);
    refused(&api, &old, "jwk.not-found").await;
}

#[tokio::test]
async fn row_55_a_revoked_key_is_gone_when_the_operator_says_so() {
    let api = Api::new().await;
    let old = api.token(&access_claims());
    assert_eq!(api.bearer(&old).await.status, 200);
    api.published.put(&[&key("as-2")]);
    assert_eq!(api.bearer(&old).await.status, 200);
    api.resource.refresh_keys().await.unwrap();
    refused(&api, &old, "jwk.not-found").await;
}

#[tokio::test]
async fn row_56_the_scheme_in_any_case() {
    let api = Api::new().await;
    let token = api.token(&access_claims());
    for scheme in ["bearer", "BEARER", "Bearer", "bEARER"] {
        let authorization = format!("{scheme} {token}");
        let answer = api.site.get(&[("authorization", &authorization)]).await;
        assert_eq!(answer.status, 200, "{scheme}");
    }
}
