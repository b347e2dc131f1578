//! The modules of the FAPI 2.0 conformance suite for the client credentials grant (`fapi2spfinal`, with
//! `private_key_jwt` and DPoP), each by its name there: what the suite sends, and what it accepts.

use bulla::jwa::{HashAlg, SignatureAlg};
use bulla::jws::Headers;
use bulla::oauth::assertion::{Profile, RegisteredClient};
use bulla::oauth::message::CLIENT_ASSERTION_TYPE;
use bulla_server::server::DpopUse;
use http::{HeaderValue, Request};
use serde_json::{Value, json};

use crate::support::*;

const CLIENT: &str = "invalid_client";

/// A server as the profile wants it: every token is bound to a key.
async fn fapi() -> Case {
    Case::dpop(Profile::Fapi2, DpopUse::Required, false).await
}

fn proof(claims: &Value) -> String {
    let key = key("d-1");
    let headers = Headers::new()
        .typ("dpop+jwt")
        .without_kid()
        .protected("jwk", key.public().to_value());
    sign(&signer(&key), headers, claims)
}

fn proof_claims() -> Value {
    json!({"jti": unique(), "htm": "POST", "htu": ENDPOINT, "iat": NOW})
}

/// With a good proof.
fn proved(mut request: Request<Vec<u8>>) -> Request<Vec<u8>> {
    let proof = HeaderValue::from_str(&proof(&proof_claims())).unwrap();
    request.headers_mut().insert("dpop", proof);
    request
}

/// With an assertion of these claims and a good proof.
async fn answer(case: &Case, claims: &Value) -> Answer {
    let request = proved(with_assertion(&case.token(claims)));
    case.send(&request).await
}

async fn refused(claims: &Value) {
    let case = fapi().await;
    let answer = answer(&case, claims).await;
    assert_eq!(error(&answer), (401, CLIENT.into()), "{claims}");
}

#[tokio::test]
async fn fapi2sp_final_discovery_endpoint_verification() {
    let case = fapi().await;
    let path = "/.well-known/oauth-authorization-server";
    let metadata = get(case.address, path).await;
    let metadata: Value = serde_json::from_slice(metadata.body()).unwrap();
    assert_eq!(metadata["issuer"], ISSUER);
    let has = |name: &str, value: &str| {
        let values = metadata[name].as_array().unwrap();
        assert!(values.contains(&json!(value)), "{name}");
    };
    has("token_endpoint_auth_methods_supported", "private_key_jwt");
    has("grant_types_supported", "client_credentials");
    has("dpop_signing_alg_values_supported", "ES256");
    assert!(metadata["jwks_uri"].is_string());
    let allowed = ["PS256", "ES256", "EdDSA", "Ed25519"];
    for name in [
        "token_endpoint_auth_signing_alg_values_supported",
        "dpop_signing_alg_values_supported",
    ] {
        let values = metadata[name].as_array().unwrap();
        assert!(!values.is_empty());
        let all = values
            .iter()
            .all(|alg| allowed.contains(&alg.as_str().unwrap()));
        assert!(all, "{name}: {values:?}");
    }
}

#[tokio::test]
async fn fapi2sp_final_happy_flow_with_two_clients() {
    let second = key("k-9");
    let public = second.public();
    let case = Case::with(
        Profile::Fapi2,
        key("k-1"),
        RegisteredClient::new("billing"),
        |mut setup| {
            setup.nonces = false;
            setup.register(RegisteredClient::new("other"), [public])
        },
    )
    .await;
    let first = case.token(&claims());
    let theirs = with(with(claims(), "iss", "other"), "sub", "other");
    let theirs = sign(&signer(&second), Headers::new(), &theirs);
    for (assertion, client) in [(first, "billing"), (theirs, "other")] {
        let answer = case.send(&proved(with_assertion(&assertion))).await;
        assert_eq!(error(&answer), (200, String::new()));
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(body["token_type"], "DPoP");
        let token = claims_of(body["access_token"].as_str().unwrap());
        assert_eq!(token["client_id"], client);
        assert!(token["cnf"]["jkt"].is_string());
    }
}

#[tokio::test]
async fn fapi2sp_final_ensure_client_assertion_in_token_endpoint() {
    let case = fapi().await;
    let alone = form(&[
        ("grant_type", "client_credentials"),
        ("client_id", "billing"),
    ]);
    let answer = case.send(&proved(alone)).await;
    assert_eq!(error(&answer), (401, CLIENT.into()));
}

#[tokio::test]
async fn fapi2sp_final_ensure_client_assertion_with_exp_is_5_minutes_in_past_fails() {
    let made = with(claims(), "iat", NOW - 360);
    refused(&with(made, "exp", NOW - 300)).await;
}

#[tokio::test]
async fn fapi2sp_final_ensure_client_assertion_with_wrong_aud_fails() {
    refused(&with(claims(), "aud", "https://other.example.com")).await;
}

#[tokio::test]
async fn fapi2sp_final_ensure_client_assertion_with_no_sub_fails() {
    refused(&without(claims(), "sub")).await;
}

#[tokio::test]
async fn fapi2sp_final_ensure_signed_client_assertion_with_rs256_fails() {
    let rsa = rsa("k-1");
    let case = Case::with_key(Profile::Fapi2, rsa.clone()).await;
    let token = sign(
        &signer_for(&rsa, SignatureAlg::Rs256),
        Headers::new(),
        &claims(),
    );
    case.refused(&token, "algorithm").await;
    let token = sign(
        &signer_for(&rsa, SignatureAlg::Ps256),
        Headers::new(),
        &claims(),
    );
    assert_eq!(case.status(&token).await, 200);
}

#[tokio::test]
async fn fapi2sp_final_ensure_client_id_in_token_endpoint() {
    let second = key("k-9");
    let public = second.public();
    let case = Case::with(
        Profile::Fapi2,
        key("k-1"),
        RegisteredClient::new("billing"),
        |setup| setup.register(RegisteredClient::new("other"), [public]),
    )
    .await;
    // The second client's identifier, and an assertion that the first client's key signed.
    let theirs = with(with(claims(), "iss", "other"), "sub", "other");
    let token = case.token(&theirs);
    let request = form(&[
        ("grant_type", "client_credentials"),
        ("client_id", "other"),
        ("client_assertion_type", CLIENT_ASSERTION_TYPE),
        ("client_assertion", &token),
    ]);
    let answer = case.send(&request).await;
    assert_eq!(error(&answer), (401, CLIENT.into()));
    assert_eq!(last_decision().get("check"), Some("signature"));
}

#[tokio::test]
async fn fapi2sp_final_ensure_holder_of_key_required() {
    let case = fapi().await;
    let answer = case.answer(&case.token(&claims())).await;
    assert_eq!(error(&answer), (400, "invalid_dpop_proof".into()));
}

async fn with_proof(claims_of_proof: &Value) -> Answer {
    let case = fapi().await;
    let mut request = with_assertion(&case.token(&claims()));
    let proof = HeaderValue::from_str(&proof(claims_of_proof)).unwrap();
    request.headers_mut().insert("dpop", proof);
    case.send(&request).await
}

#[tokio::test]
async fn fapi2sp_final_ensure_dpop_proof_with_iat_10_seconds_before_succeeds() {
    let answer = with_proof(&with(proof_claims(), "iat", NOW - 10)).await;
    assert_eq!(error(&answer), (200, String::new()));
}

#[tokio::test]
async fn fapi2sp_final_ensure_dpop_proof_with_iat_10_seconds_after_succeeds() {
    let answer = with_proof(&with(proof_claims(), "iat", NOW + 10)).await;
    assert_eq!(error(&answer), (200, String::new()));
}

#[tokio::test]
async fn fapi2sp_final_check_dpop_proof_nbf_exp() {
    let claims = with(with(proof_claims(), "nbf", NOW), "exp", NOW + 60);
    let answer = with_proof(&claims).await;
    assert_eq!(error(&answer), (200, String::new()));
}

#[tokio::test]
async fn fapi2sp_final_dpop_negative_tests_at_the_token_endpoint() {
    for claims in [
        without(proof_claims(), "jti"),
        without(proof_claims(), "htm"),
        without(proof_claims(), "htu"),
        without(proof_claims(), "iat"),
        with(proof_claims(), "htm", "GET"),
        with(proof_claims(), "htu", "https://other.example.com/token"),
        with(proof_claims(), "iat", NOW - 3600),
        with(proof_claims(), "iat", NOW + 3600),
    ] {
        let answer = with_proof(&claims).await;
        let refused = (400, "invalid_dpop_proof".to_owned());
        assert_eq!(error(&answer), refused, "{claims}");
    }
    // Unknown claims are tolerated, and so are a query and another spelling of the URL.
    for claims in [
        with(proof_claims(), "x", "y"),
        with(proof_claims(), "htu", format!("{ENDPOINT}?q=1")),
        with(proof_claims(), "htu", "https://AUTH.example.com:443/token"),
    ] {
        let answer = with_proof(&claims).await;
        assert_eq!(error(&answer), (200, String::new()), "{claims}");
    }
}

#[tokio::test]
async fn fapi2sp_final_par_endpoint_as_audience_fails() {
    refused(&with(claims(), "aud", "https://auth.example.com/par")).await;
}

#[tokio::test]
async fn fapi2sp_final_par_token_endpoint_as_audience_fails() {
    refused(&with(claims(), "aud", ENDPOINT)).await;
}

#[tokio::test]
async fn fapi2sp_final_par_endpoint_as_array_audience_fails() {
    let other = "https://auth.example.com/par";
    for aud in [json!([ISSUER, other]), json!([other]), json!([ISSUER])] {
        refused(&with(claims(), "aud", aud)).await;
    }
}

#[tokio::test]
async fn fapi2sp_final_par_ensure_jwt_client_assertion_with_iat_nbf_8_seconds_in_the_future_is_accepted()
 {
    let case = fapi().await;
    let early = with(with(claims(), "iat", NOW + 8), "nbf", NOW + 8);
    let answer = answer(&case, &early).await;
    assert_eq!(error(&answer), (200, String::new()));
}

#[tokio::test]
async fn fapi2sp_final_par_ensure_jwt_client_assertion_with_iat_nbf_over_60_seconds_in_the_future_fails()
 {
    let late = with(with(claims(), "iat", NOW + 62), "nbf", NOW + 62);
    refused(&with(late, "exp", NOW + 120)).await;
}

#[tokio::test]
async fn fapi2sp_final_access_token_is_bound_to_the_key_of_the_proof() {
    let case = fapi().await;
    let key = key("d-2");
    let headers = Headers::new()
        .typ("dpop+jwt")
        .without_kid()
        .protected("jwk", key.public().to_value());
    let proof = sign(&signer(&key), headers, &proof_claims());
    let mut request = with_assertion(&case.token(&claims()));
    let proof = HeaderValue::from_str(&proof).unwrap();
    request.headers_mut().insert("dpop", proof);
    let answer = case.send(&request).await;
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    let token = claims_of(body["access_token"].as_str().unwrap());
    assert_eq!(
        token["cnf"]["jkt"],
        key.thumbprint(HashAlg::Sha256).to_string()
    );
}
