//! The endpoints that anybody may read: metadata, keys, health.

use bulla::jwk::JwkSet;
use bulla::oauth::assertion::{Profile, RegisteredClient};
use bulla::oauth::metadata::ServerMetadata;
use bulla::oauth::{Issuer, Scopes};
use bulla_server::server::DpopUse;
use http::{HeaderValue, Method, Request};
use serde_json::{Value, json};

use crate::support::*;

const METADATA: &str = "/.well-known/oauth-authorization-server";

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(answer.body()).unwrap()
}

#[tokio::test]
async fn rfc8414_2_the_metadata_is_complete() {
    let case = Case::new(Profile::Bis).await;
    let answer = get(case.address, METADATA).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["cache-control"], "public, max-age=3600");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let algs = json!([
        "PS256", "ES256", "EdDSA", "Ed25519", "PS384", "PS512", "ES384", "ES512"
    ]);
    let dpop = json!([
        "ES256", "EdDSA", "Ed25519", "PS256", "ES384", "ES512", "PS384", "PS512"
    ]);
    let expected = json!({
        "issuer": ISSUER,
        "token_endpoint": ENDPOINT,
        "jwks_uri": "https://auth.example.com/jwks",
        "scopes_supported": ["invoices:read", "invoices:write"],
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": algs,
        "dpop_signing_alg_values_supported": dpop,
    });
    assert_eq!(json_of(&answer), expected);
    // As a client reads it.
    let issuer = Issuer::parse(ISSUER).unwrap();
    ServerMetadata::read(answer.body(), &issuer).unwrap();
}

#[tokio::test]
async fn what_no_client_may_have_is_not_in_the_metadata() {
    let mut setup =
        Setup::new(Profile::Bis).register(RegisteredClient::new("billing"), [key("k-1").public()]);
    let client = setup.clients.remove(0);
    let client = client.with_dpop(DpopUse::Never).with_scopes(Scopes::none());
    let address = setup.client(client).start().await;
    let metadata = json_of(&get(address, METADATA).await);
    assert_eq!(metadata.get("dpop_signing_alg_values_supported"), None);
    assert_eq!(metadata.get("scopes_supported"), None);
}

#[tokio::test]
async fn rfc8414_3_1_an_issuer_with_a_path() {
    for (issuer, path) in [
        ("https://auth.example.com/tenant", "/tenant"),
        ("https://auth.example.com/a/b/", "/a/b"),
        ("https://auth.example.com/:a/*b/{c}", "/:a/*b/{c}"),
        ("https://auth.example.com/", ""),
    ] {
        let mut setup = Setup::new(Profile::Bis);
        setup.issuer = issuer;
        let address = setup.start().await;
        let metadata = get(address, &format!("{METADATA}{path}")).await;
        assert_eq!(metadata.status(), 200, "{issuer}");
        let metadata = json_of(&metadata);
        assert_eq!(metadata["issuer"], issuer);
        let endpoint = format!("https://auth.example.com{path}/token");
        assert_eq!(metadata["token_endpoint"], endpoint);
        assert_eq!(get(address, &format!("{path}/jwks")).await.status(), 200);
        assert_eq!(get(address, &format!("{path}/token")).await.status(), 405);
        assert_eq!(get(address, "/healthz").await.status(), 200);
        if !path.is_empty() {
            assert_eq!(get(address, METADATA).await.status(), 404, "{issuer}");
        }
    }
}

#[tokio::test]
async fn there_are_no_id_tokens_and_no_page_that_says_so() {
    let case = Case::new(Profile::Bis).await;
    let answer = get(case.address, "/.well-known/openid-configuration").await;
    assert_eq!(answer.status(), 404);
}

#[tokio::test]
async fn the_keys_are_public_cacheable_and_for_everybody() {
    let case = Case::new(Profile::Bis).await;
    let answer = get(case.address, "/jwks").await;
    assert_eq!(answer.status(), 200);
    let headers = answer.headers();
    assert_eq!(headers["content-type"], "application/jwk-set+json");
    assert_eq!(headers["cache-control"], "public, max-age=600");
    assert_eq!(headers["access-control-allow-origin"], "*");
    let set = JwkSet::parse(answer.body()).unwrap();
    assert_eq!(set.keys().len(), 1);
    let keys = &json_of(&answer)["keys"];
    let members: Vec<&String> = keys[0].as_object().unwrap().keys().collect();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert_eq!(keys[0]["kid"], "s-1");

    let etag = headers["etag"].clone();
    for (known, status) in [
        (etag.clone(), 304),
        (HeaderValue::from_static("\"x\""), 200),
    ] {
        let request = Request::get("/jwks").header("if-none-match", known);
        let again = send(case.address, &request.body(Vec::new()).unwrap()).await;
        assert_eq!(again.status(), status);
        assert_eq!(again.body().is_empty(), status == 304);
        assert_eq!(again.headers()["etag"], etag);
    }
    // Several fields are one list.
    let request = Request::get("/jwks").header("if-none-match", "\"x\"");
    let request = request.header("if-none-match", etag);
    let again = send(case.address, &request.body(Vec::new()).unwrap()).await;
    assert_eq!(again.status(), 304);
}

#[tokio::test]
async fn head_is_get_without_the_body_and_nothing_else_is_allowed() {
    let case = Case::new(Profile::Bis).await;
    for path in [METADATA, "/jwks"] {
        let get = get(case.address, path).await;
        let request = |method: Method| {
            let request = Request::builder().method(method).uri(path);
            request.body(Vec::new()).unwrap()
        };
        let head = send(case.address, &request(Method::HEAD)).await;
        assert_eq!((head.status().as_u16(), head.body().len()), (200, 0));
        for name in ["content-type", "content-length", "cache-control"] {
            assert_eq!(head.headers()[name], get.headers()[name], "{path} {name}");
        }
        let post = send(case.address, &request(Method::POST)).await;
        assert_eq!(post.status(), 405);
        assert_eq!(post.headers()["allow"], "GET,HEAD");
    }
}

#[tokio::test]
async fn health_is_not_cached() {
    let case = Case::new(Profile::Bis).await;
    let answer = get(case.address, "/healthz").await;
    assert_eq!(
        (answer.status().as_u16(), &answer.body()[..]),
        (200, &b"ok\n"[..])
    );
    assert_eq!(answer.headers()["cache-control"], "no-store");
}
