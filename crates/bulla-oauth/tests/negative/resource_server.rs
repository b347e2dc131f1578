//! Rows 49 to 56: access tokens. (57, of Entra's tokens, is `bulla-jwks`'s, which judges them.)

use std::sync::Arc;
use std::time::Duration;

use bulla_core::SecretBytes;
use bulla_core::jwa::{HashAlg, MacAlg};
use bulla_core::jwk::{JwkSet, PrivateJwk, SecretJwk};
use bulla_core::jws::Headers;
use bulla_core::jwt::Expectations;
use bulla_core::key::{KeySet, KeySetPolicy, Signer};
use bulla_oauth::access_token::{AccessTokenPolicy, Presented, TokenClaims, UnboundAccess};
use bulla_oauth::dpop::{DpopKey, DpopProof, Nonces, TargetUri};
use bulla_oauth::message::Challenges;
use bulla_oauth::{Issuer, Scopes};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use serde_json::{Value, json};

use crate::resource::{API, Resource};
use crate::token::*;

struct Case {
    resource: Resource,
    issuer: PrivateJwk,
}

fn access_claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "billing", "client_id": "billing", "aud": "https://api.example.com",
        "iat": NOW, "exp": NOW + 600, "jti": "a-1", "scope": "invoices:read",
    })
}

impl Case {
    fn new() -> Self {
        let issuer = key("as-1");
        Self {
            resource: Resource::new(&issuer),
            issuer,
        }
    }

    fn token(&self, claims: &Value) -> String {
        sign(&signer(&self.issuer), Headers::new().typ("at+jwt"), claims)
    }

    fn get(&self, authorization: &str, proofs: &[&str]) -> (u16, Option<String>) {
        let mut request = Request::get(API)
            .header(AUTHORIZATION, authorization)
            .body(())
            .unwrap();
        for proof in proofs {
            request
                .headers_mut()
                .append("dpop", HeaderValue::from_str(proof).unwrap());
        }
        self.send(&request)
    }

    /// Status, and the `error` of the challenge.
    fn send(&self, request: &Request<()>) -> (u16, Option<String>) {
        let answer = self.resource.answer(request);
        let challenges = Challenges::of_headers(answer.headers());
        let challenge = challenges.iter().next();
        assert_eq!(challenge.is_none(), answer.status() == 200);
        let error = challenge.and_then(|challenge| challenge.parameter("error"));
        (answer.status().as_u16(), error.map(str::to_owned))
    }

    #[track_caller]
    fn refused(&self, token: &str) {
        assert_eq!(self.get(&format!("Bearer {token}"), &[]), invalid_token());
    }

    fn bound(&self, key: &DpopKey) -> String {
        self.token(&with(
            access_claims(),
            "cnf",
            json!({"jkt": key.thumbprint().to_string()}),
        ))
    }
}

fn invalid_token() -> (u16, Option<String>) {
    (401, Some("invalid_token".into()))
}

fn invalid_proof() -> (u16, Option<String>) {
    (401, Some("invalid_dpop_proof".into()))
}

fn dpop_key() -> DpopKey {
    DpopKey::generate(&backend(), bulla_core::jwa::SignatureAlg::Es256).unwrap()
}

fn proof(key: &DpopKey, token: &str) -> String {
    let url = TargetUri::parse(API).unwrap();
    DpopProof::new("GET", &url)
        .access_token(token)
        .clock(Arc::new(now()))
        .sign(key)
        .unwrap()
}

#[test]
fn row_49_no_credentials() {
    let case = Case::new();
    assert_eq!(case.send(&Request::get(API).body(()).unwrap()), (401, None));
    assert_eq!(case.get("Basic Yjpz", &[]), (401, None));
}

#[test]
fn row_50_malformed_or_two_tokens() {
    let case = Case::new();
    let token = case.token(&access_claims());
    let invalid_request = (400, Some("invalid_request".to_owned()));
    assert_eq!(case.get("Bearer", &[]), invalid_request);
    assert_eq!(
        case.get(&format!("Bearer {token} {token}"), &[]),
        invalid_request
    );
    let uri = format!("{API}?access_token={token}");
    let in_query = Request::get(&uri).body(()).unwrap();
    assert_eq!(case.send(&in_query), invalid_request);
    let both = Request::get(&uri)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .body(())
        .unwrap();
    assert_eq!(case.send(&both), invalid_request);
    let twice = Request::get(API)
        .header(AUTHORIZATION, "Bearer a")
        .header(AUTHORIZATION, "Bearer b")
        .body(())
        .unwrap();
    assert_eq!(case.send(&twice), invalid_request);
}

#[test]
fn row_51_what_is_wrong_with_a_token() {
    let case = Case::new();
    assert_eq!(
        case.get(&format!("Bearer {}", case.token(&access_claims())), &[]),
        (200, None)
    );
    for claims in [
        with(access_claims(), "iss", "https://other.example.com"),
        with(access_claims(), "iss", "https://auth.example.com/"),
        with(access_claims(), "aud", "https://other.example.com"),
        with(access_claims(), "exp", NOW - 10),
        with(access_claims(), "nbf", NOW + 60),
        with(access_claims(), "exp", "never"),
        with(access_claims(), "scope", "a  b"),
        without(access_claims(), "iss"),
        without(access_claims(), "aud"),
        without(access_claims(), "exp"),
        without(access_claims(), "sub"),
        without(access_claims(), "client_id"),
        without(access_claims(), "iat"),
        without(access_claims(), "jti"),
    ] {
        case.refused(&case.token(&claims));
    }
    let good = case.token(&access_claims());
    case.refused(&resigned(&good, |signature| signature[9] ^= 1));
    case.refused(&resigned(&good, Vec::clear));
    case.refused(&forged(&json!({"typ": "at+jwt", "alg": "none"}), &good));
    let secret = SecretJwk::new(case.issuer.public().to_json().as_bytes());
    let mac = Signer::bind_to(&backend(), &secret, MacAlg::Hs256).unwrap();
    case.refused(&sign(&mac, Headers::new().typ("at+jwt"), &access_claims()));
    case.refused(&case.token(&with(access_claims(), "x", "y".repeat(16 * 1024))));
}

#[test]
fn row_52_other_types() {
    let case = Case::new();
    for headers in [
        Headers::new(),
        Headers::new().typ("JWT"),
        Headers::new().typ("client-authentication+jwt"),
        Headers::new().typ("dpop+jwt"),
    ] {
        case.refused(&sign(&signer(&case.issuer), headers, &access_claims()));
    }
    let full = sign(
        &signer(&case.issuer),
        Headers::new().typ("application/at+jwt"),
        &access_claims(),
    );
    assert_eq!(case.get(&format!("Bearer {full}"), &[]), (200, None));
}

#[test]
fn row_53_missing_scope() {
    let mut case = Case::new();
    let token = case.token(&access_claims());
    case.resource.needed = Scopes::parse("invoices:read invoices:write").unwrap();
    let request = Request::get(API)
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .body(())
        .unwrap();
    let answer = case.resource.answer(&request);
    assert_eq!(answer.status(), 403);
    let challenge = r#"Bearer error="insufficient_scope", scope="invoices:read invoices:write""#;
    assert_eq!(answer.headers()["www-authenticate"], challenge);
    case.resource.needed = Scopes::parse("INVOICES:READ").unwrap();
    assert_eq!(case.send(&request).0, 403);
}

#[test]
fn row_54_a_bound_token_as_bearer() {
    let case = Case::new();
    let key = dpop_key();
    let token = case.bound(&key);
    case.refused(&token);
    assert_eq!(
        case.get(&format!("Bearer {token}"), &[&proof(&key, &token)]),
        invalid_token()
    );
    // Bound to something that is not understood.
    case.refused(&case.token(&with(access_claims(), "cnf", json!({"kid": "x"}))));
    case.refused(&case.token(&with(access_claims(), "cnf", json!({"jkt": "x"}))));
}

#[test]
fn row_54_proof_missing_or_wrong() {
    let case = Case::new();
    let (key, other) = (dpop_key(), dpop_key());
    let token = case.bound(&key);
    let dpop = format!("DPoP {token}");
    assert_eq!(case.get(&dpop, &[]), invalid_proof());
    assert_eq!(case.get(&dpop, &[&proof(&key, "another")]), invalid_proof());
    let url = TargetUri::parse(API).unwrap();
    let without_ath = DpopProof::new("GET", &url)
        .clock(Arc::new(now()))
        .sign(&key)
        .unwrap();
    assert_eq!(case.get(&dpop, &[&without_ath]), invalid_proof());
    assert_eq!(case.get(&dpop, &[&proof(&other, &token)]), invalid_token());
    let good = proof(&key, &token);
    assert_eq!(case.get(&dpop, &[&good, &good]), invalid_proof());
    assert_eq!(case.get(&dpop, &[&good]), (200, None));
    assert_eq!(case.get(&dpop, &[&good]), invalid_proof(), "used twice");
    let unbound = case.token(&access_claims());
    assert_eq!(
        case.get(&format!("DPoP {unbound}"), &[&proof(&key, &unbound)]),
        invalid_token()
    );
}

#[test]
fn row_54_nonce_of_the_resource() {
    let mut case = Case::new();
    let nonces = Nonces::new(&backend(), &SecretBytes::from(vec![3; 32]))
        .unwrap()
        .clock(Arc::new(now()));
    case.resource.dpop = case.resource.dpop.nonces(nonces.clone());
    let key = dpop_key();
    let token = case.bound(&key);
    let request = Request::get(API)
        .header(AUTHORIZATION, format!("DPoP {token}"))
        .header("dpop", proof(&key, &token))
        .body(())
        .unwrap();
    let answer = case.resource.answer(&request);
    assert_eq!(answer.status(), 401);
    assert_eq!(
        answer.headers()["dpop-nonce"].to_str().unwrap(),
        nonces.issue().unwrap()
    );
    let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
    assert!(
        challenge.starts_with(r#"DPoP error="use_dpop_nonce", algs="ES256 "#),
        "{challenge}"
    );
}

#[test]
fn row_54_certificates() {
    let case = Case::new();
    let der = HashAlg::Sha256.digest(b"a certificate");
    let bound = case.token(&with(
        access_claims(),
        "cnf",
        json!({"x5t#S256": bulla_core::base64url::encode(der.as_ref())}),
    ));
    case.refused(&bound);
    let seen: [u8; 32] = der.as_ref().try_into().unwrap();
    let verify = || {
        case.resource
            .policy
            .verify(&bound, &case.resource.keys)
            .unwrap()
    };
    assert!(verify().presented(Presented::Certificate(&seen)).is_ok());
    let error = verify()
        .presented(Presented::Certificate(&[0; 32]))
        .unwrap_err();
    assert_eq!(error.code(), "oauth.token-bound-otherwise");
}

#[test]
fn row_55_retired_and_revoked_keys() {
    let mut case = Case::new();
    let next = key("as-2");
    let compile = |keys: [&PrivateJwk; 2]| {
        KeySet::compile(
            &JwkSet::new(keys.map(PrivateJwk::public)),
            &backend(),
            &KeySetPolicy::default(),
        )
    };
    let token = format!("Bearer {}", case.token(&access_claims()));
    case.resource.keys = compile([&next, &case.issuer]);
    assert_eq!(case.get(&token, &[]), (200, None));
    case.resource.keys = compile([&next, &next]);
    assert_eq!(case.get(&token, &[]), invalid_token());
}

#[test]
fn row_56_the_scheme_in_any_case() {
    let case = Case::new();
    let token = case.token(&access_claims());
    for scheme in ["bearer", "BEARER", "Bearer"] {
        assert_eq!(case.get(&format!("{scheme} {token}"), &[]), (200, None));
    }
    let key = dpop_key();
    let token = case.bound(&key);
    for scheme in ["dpop", "DPOP", "DPoP"] {
        assert_eq!(
            case.get(&format!("{scheme} {token}"), &[&proof(&key, &token)]),
            (200, None)
        );
    }
}

#[test]
fn plain_tokens_have_another_type_and_fewer_claims() {
    let case = Case::new();
    let issuer = Issuer::parse(ISSUER).unwrap();
    let plain = AccessTokenPolicy::plain(&issuer, "https://api.example.com").clock(Arc::new(now()));
    let claims = ["client_id", "iat", "jti"]
        .iter()
        .fold(access_claims(), |claims, name| without(claims, name));
    let token = |typ: &str| {
        sign(
            &signer(&case.issuer),
            Headers::new().typ(typ),
            &with(claims.clone(), "azp", "portal"),
        )
    };
    let access = plain
        .verify(&token("JWT"), &case.resource.keys)
        .unwrap()
        .presented(Presented::Bearer)
        .unwrap();
    assert_eq!(access.client_id(), Some("portal"));
    for typ in ["dpop+jwt", "client-authentication+jwt", "logout+jwt"] {
        assert_eq!(
            plain
                .verify(&token(typ), &case.resource.keys)
                .unwrap_err()
                .code(),
            "jwt.type-mismatch"
        );
    }
}

#[test]
fn a_token_that_something_else_found_valid() {
    let case = Case::new();
    let claims = with(
        with(without(access_claims(), "scope"), "scp", "invoices:read"),
        "roles",
        json!(["Invoices.Read"]),
    );
    let expect = Expectations::new(ISSUER, "https://api.example.com")
        .at(now())
        .leeway(Duration::ZERO);
    let valid = expect
        .verify::<TokenClaims>(&case.token(&claims), &case.resource.keys)
        .unwrap();
    let access = UnboundAccess::from(valid)
        .presented(Presented::Bearer)
        .unwrap();
    assert!(
        access
            .require(&Scopes::parse("invoices:read").unwrap())
            .is_ok()
    );
    assert_eq!(access.roles().collect::<Vec<_>>(), ["Invoices.Read"]);
}
